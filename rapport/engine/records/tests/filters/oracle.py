"""What a filter finds, said in plain Python over the values of rows, to compare with what the database finds."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field, Reading
from rapport.engine.records.fields.entries import Addresses
from rapport.engine.records.filters.scope import RecordScope
from rapport.engine.records.filters.times import Clock
from rapport.engine.records.filters.tree import All, AnyOf, Leaf, Node, Op
from rapport.engine.records.filters.values import Bool, Id, Ident, Me, Moment, Number, Period, Relative, Text, Unit
from rapport.engine.records.folding import fold
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType, record_type

DENIALS = {Op.NE: Op.EQ, Op.LACKS: Op.CONTAINS, Op.NOT_IN: Op.IN, Op.EMPTY: Op.FILLED}
ORDER: dict[Op, Callable[[Any, Any], bool]] = {
    Op.EQ: lambda a, b: a == b,
    Op.IN: lambda a, b: a == b,
    Op.GT: lambda a, b: a > b,
    Op.GE: lambda a, b: a >= b,
    Op.LT: lambda a, b: a < b,
    Op.LE: lambda a, b: a <= b,
}


@dataclass
class World:
    """All visible rows by type and id, the users by e-mail, and the evaluation's now, zone and actor."""

    scope: RecordScope
    rows: Mapping[str, Mapping[UUID, Any]]
    users: Mapping[str, UUID]
    now: dt.datetime
    zone: ZoneInfo
    actor: Actor
    region: str = ""
    known: dict[tuple[str, UUID], Any] = made(default_factory=dict)

    def holds(self, node: Node, row: Any) -> bool:
        if isinstance(node, Leaf):
            return self.leaf(node, row)
        found = [self.holds(child, row) for child in node.children]
        if isinstance(node, All):
            return all(found)
        return any(found) if isinstance(node, AnyOf) else not any(found)

    def leaf(self, leaf: Leaf, row: Any) -> bool:
        if leaf.op in DENIALS:
            return not self.leaf(Leaf(leaf.path, DENIALS[leaf.op], leaf.values), row)
        ref = self.scope.resolve(leaf.path)
        for hop in ref.hops:
            row = self.rows[hop.target].get(self.value(hop, row))
            if row is None:
                return False
        value = self.value(ref.field, row)
        if leaf.op is Op.FILLED:
            return value in self.rows[ref.field.target] if ref.field.target else value not in (None, "", [])
        test = getattr(self, TESTS.get(ref.type_name, ref.type_name))
        return any(test(value, leaf.op, given, ref.field) for given in leaf.values)

    def value(self, field: Field, row: Any) -> Any:
        key = (field.slug, row.pk)
        if key not in self.known:
            self.known[key] = field.get(row)
        return self.known[key]

    def text(self, value: Any, op: Op, given: Text, field: Field) -> bool:
        key = fold if field.fold_path else str.lower
        wanted = given.value if op in (Op.CONTAINS, Op.STARTS) else self.normal(given.value, field)
        if field.type.name == "phone" and op in (Op.CONTAINS, Op.STARTS):
            wanted = wanted.replace(" ", "")
        return bool(value) and compared(key(value), op, key(wanted))

    def entries(self, value: Any, op: Op, given: Text, field: Field) -> bool:
        kind: Any = field.type
        parts = kind.parts if isinstance(kind, Addresses) else (kind.key,)
        said = [entry[part] for entry in value for part in parts if entry.get(part)]
        if op in (Op.EQ, Op.IN):
            return bool({given.value, given.value.lower(), self.normal(given.value, field)} & set(said))
        wanted = given.value.replace(" ", "") if kind.name == "phones" else given.value
        return any(compared(one.lower(), op, wanted.lower()) for one in said)

    def number(self, value: Any, op: Op, given: Number, field: Field) -> bool:
        value = value.get("house") if isinstance(value, dict) else value
        return value is not None and ORDER[op](Decimal(value), given.value)

    def yes_no(self, value: Any, op: Op, given: Bool, field: Field) -> bool:
        return bool(value) == given.value

    def date(self, value: Any, op: Op, given: Any, field: Field) -> bool:
        if value is None:
            return False
        if isinstance(given, Period):
            first, after = self.clock.days(given)
            return bool(first <= value < after)
        return ORDER[op](value, self.clock.day(given))

    def datetime(self, value: Any, op: Op, given: Any, field: Field) -> bool:
        if value is None:
            return False
        in_hours = isinstance(given, Period | Relative) and given.unit is Unit.HOUR
        if isinstance(given, Period) and in_hours:
            first, after = self.clock.instants(given)
            return bool(first <= value < after)
        if isinstance(given, Moment) or in_hours:
            return ORDER[op](value, self.clock.instant(given))
        return self.date(value.astimezone(self.zone).date(), op, given, field)

    def choice(self, value: Any, op: Op, given: Text | Ident, field: Field) -> bool:
        return bool(value == given.value)

    def several(self, value: Any, op: Op, given: Text | Ident, field: Field) -> bool:
        return given.value in value

    def user(self, value: Any, op: Op, given: Any, field: Field) -> bool:
        wanted = {
            Me: lambda: self.actor.user_id,
            Id: lambda: given.value,
            Text: lambda: self.users.get(given.value.lower()),
        }
        return value is not None and value == wanted[type(given)]()

    def relation(self, value: Any, op: Op, given: Any, field: Field) -> bool:
        target = self.rows[field.target].get(value)
        if target is None:
            return False
        named = record_type(field.target).title_of(target)
        return value == given.value if isinstance(given, Id) else fold(named) == fold(given.value)

    @property
    def asking(self) -> dict[str, Any]:
        """The arguments of an evaluation in this world."""

        def seen(rtype: RecordType) -> Any:
            return visible(self.actor, rtype)

        return {"now": self.now, "zone": self.zone, "actor": self.actor, "visible": seen}

    @property
    def clock(self) -> Clock:
        return Clock(self.now, self.zone)

    def normal(self, written: str, field: Field) -> str:
        reading = Reading(actor=self.actor, zone=self.zone, region=self.region)
        kind: Any = field.type
        try:
            kept = kind.parse(written, field, reading)
        except Invalid:
            return written
        return kept[0][kind.key] if isinstance(kept, list) else kept


TESTS = {
    **dict.fromkeys(("long_text", "email", "phone", "link"), "text"),
    **dict.fromkeys(("emails", "phones", "links", "domains", "addresses"), "entries"),
    **dict.fromkeys(("choices", "tags"), "several"),
    "money": "number",
    "bool": "yes_no",
}


def compared(value: str, op: Op, wanted: str) -> bool:
    if op is Op.CONTAINS:
        return wanted in value
    return value.startswith(wanted) if op is Op.STARTS else value == wanted
