"""What a filter finds, said in plain Python over the values of rows, to compare with what the database finds."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field, Reading
from rapport.engine.records.fields.entries import Addresses
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.compile import compile_filter
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import FieldRef, RecordScope, ref_of
from rapport.engine.records.filters.times import Clock
from rapport.engine.records.filters.tree import All, Among, AnyOf, Changed, Did, Function, Held, Leaf, Node, Op
from rapport.engine.records.filters.values import Bool, Id, Ident, Me, Moment, Number, Period, Relative, Text, Unit
from rapport.engine.records.folding import fold
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.related import Related

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
    journal: Sequence[Any] = ()
    views: Mapping[str, str] = made(default_factory=dict)
    known: dict[tuple[str, UUID], Any] = made(default_factory=dict)

    def found(self, tree: Node) -> set[UUID]:
        """The records that the database finds."""
        query = compile_filter(tree, self.scope, **self.asking)
        return set(visible(self.actor, self.scope.record_type).filter(query).values_list("pk", flat=True))

    def expected(self, tree: Node) -> set[UUID]:
        """The records of which plain Python says that they are as asked."""
        return {key for key, row in self.rows[self.scope.record_type.slug].items() if self.holds(tree, row)}

    def holds(self, node: Node, row: Any) -> bool:
        match node:
            case Leaf():
                return self.leaf(node, row)
            case Did():
                return self.did(node, row)
            case Among():
                return self.among(node, row)
            case Changed(path, within):
                return self.at_end(path, row, lambda end, field: bool(self.changes(end, field, within)))
            case Held(path, length):
                start, _end = self.clock.instants(length)
                return self.at_end(
                    path,
                    row,
                    lambda end, field: end.created_at < start and not self.changes(end, field, length, open_end=True),
                )
        found = [self.holds(child, row) for child in node.children]
        if isinstance(node, All):
            return all(found)
        return any(found) if isinstance(node, AnyOf) else not any(found)

    def among(self, among: Among, row: Any) -> bool:
        """What the text of the view says, asked of the record or of the one it points at."""
        ref, here = self.scope.reached(among.path)
        for hop in (*ref.hops, ref.field) if ref else ():
            row = self.rows[hop.target].get(self.value(hop, row))
            if row is None:
                return False
        said = bind(parse(self.views[here.members(among).name]), here)
        return replace(self, scope=here, known=self.known).holds(said, row)

    def leaf(self, leaf: Leaf, row: Any) -> bool:
        if leaf.op in DENIALS:
            return not self.leaf(replace(leaf, op=DENIALS[leaf.op]), row)
        ref = ref_of(leaf, self.scope)
        for hop in ref.hops:
            row = self.rows[hop.target].get(self.value(hop, row))
            if row is None:
                return False
        if leaf.over:
            return self.made(leaf, ref, row)
        return self.fulfils(leaf, ref, row)

    def fulfils(self, leaf: Leaf, ref: FieldRef, row: Any) -> bool:
        value = self.value(ref.field, row)
        if leaf.op is Op.FILLED:
            return value in self.rows[ref.field.target] if ref.field.target else value not in (None, "", [])
        if leaf.op is Op.UNDER:
            return any(self.under(value, given, ref.field) for given in leaf.values)
        test = getattr(self, TESTS.get(ref.field.type.name, ref.field.type.name))
        return any(test(value, leaf.op, given, ref.field) for given in leaf.values)

    def under(self, key: Any, given: Any, field: Field) -> bool:
        """The record that is pointed at, or one above it, is the one that is named."""
        seen = set()
        while key in self.rows[field.target] and key not in seen:
            if self.relation(key, Op.EQ, given, field):
                return True
            seen.add(key)
            key = self.rows[field.target][key].parent_id
        return False

    def made(self, leaf: Leaf, ref: FieldRef, row: Any) -> bool:
        assert leaf.over
        assert ref.related
        inner = replace(self, scope=self.scope.inside(ref), known=self.known)
        rows = [one for one in self.rows[ref.related.record_type.slug].values() if self.points(ref.related, one, row)]
        kept = sorted(
            (one for one in rows if inner.holds(leaf.over.where, one)), key=lambda one: (one.created_at, one.pk)
        )
        function = leaf.over.function
        if function in (Function.FIRST, Function.LAST):
            one = kept[:1] if function is Function.FIRST else kept[-1:]
            return bool(one) and self.fulfils(leaf, ref, one[0])
        if function is Function.COUNT:
            return any(ORDER[leaf.op](Decimal(len(kept)), given.value) for given in leaf.values)
        values = [value for one in kept if (value := self.comparable(ref.field, one)) is not None]
        if function is Function.SUM:
            return any(ORDER[leaf.op](sum(values, Decimal(0)), given.value) for given in leaf.values)
        if leaf.op is Op.FILLED:
            return bool(values)
        if not values:
            return False
        if function is Function.AVG:
            return any(ORDER[leaf.op](sum(values, Decimal(0)) / len(values), given.value) for given in leaf.values)
        value = min(values) if function is Function.MIN else max(values)
        test = getattr(self, {"money": "number"}.get(ref.type_name, ref.type_name))
        return any(test(value, leaf.op, given, ref.field) for given in leaf.values)

    def points(self, related: Related, child: Any, row: Any) -> bool:
        if related.field is None:
            return bool(child.about_type == related.target.slug and child.about_id == row.pk)
        return bool(self.value(related.field, child) == row.pk)

    def comparable(self, field: Field, row: Any) -> Any:
        value = self.value(field, row)
        if isinstance(value, dict):
            return None if value["house"] is None else Decimal(value["house"])
        return value

    def at_end(self, path: tuple[str, ...], row: Any, test: Callable[[Any, Field], bool]) -> bool:
        """What holds of the record at the end of a path of relations, and its field."""
        ref = self.scope.resolve(path)
        for hop in ref.hops:
            row = self.rows[hop.target].get(self.value(hop, row))
            if row is None:
                return False
        return test(row, ref.field)

    def changes(self, row: Any, field: Field, within: Period | None, *, open_end: bool = False) -> list[Any]:
        kept = [one for one in self.journal if one.about_id == row.pk and one.kind == "changed"]
        return [one for one in kept if self.happened(one, within, open_end=open_end) and self.differs(one, field)]

    def differs(self, entry: Any, field: Field) -> bool:
        if field.custom:
            was, now = ((side.get("custom") or {}).get(field.slug) for side in (entry.before, entry.after))
            return bool(was != now)
        keys = {field.slug} if field.through else field.columns(field.type.empty).keys()
        return bool(keys & entry.after.keys())

    def happened(self, entry: Any, within: Period | None, *, open_end: bool = False) -> bool:
        if within is None:
            return True
        first, after = self.clock.instants(within)
        return bool(first <= entry.at and (open_end or entry.at < after))

    def did(self, did: Did, row: Any) -> bool:
        one = self.scope.happenings()[did.event]
        inner = replace(self, scope=self.scope.events(), known=self.known)
        here = self.scope.record_type.journal_type
        times = 0
        for entry in self.journal:
            if (entry.kind, entry.about_type) != (one.kind, one.about_type) or not self.happened(entry, did.within):
                continue
            if one.others is None:
                concerns = entry.about_id == row.pk
            else:
                told = {(subject.type, subject.subject_id) for subject in entry.told}
                concerns = (here, row.pk) in told and entry.about_id in self.rows[one.others.slug]
            times += concerns and inner.holds(did.where, entry)
        return times >= did.times

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
