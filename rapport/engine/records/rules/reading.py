"""The rules of a record type, read once for as long as the definitions are in force."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from rapport.engine.records.definitions import definitions
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import N_, FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.tree import EVERYTHING, Node
from rapport.engine.records.models import FieldRule
from rapport.engine.records.registry import RecordType
from rapport.engine.records.rules.scope import asked_fields, bound

Kind = FieldRule.Kind


@dataclass(frozen=True)
class Rule:
    """A rule in force. Without an id it says what a required field says by itself, for one that may be hidden."""

    field: Field
    kind: str
    tree: Node
    id: UUID | None = None

    @cached_property
    def asks(self) -> frozenset[str]:
        """The fields of which it has to know the values."""
        return asked_fields(self.tree) | {self.field.slug}


@dataclass(frozen=True)
class Rules:
    """All rules in force of a type, and why others are off."""

    rtype: RecordType
    every: Sequence[Rule] = ()
    off: dict[UUID, FilterError] = field(default_factory=dict)

    def of(self, kind: str, slug: str = "") -> Iterator[Rule]:
        return (rule for rule in self.every if rule.kind == kind and slug in ("", rule.field.slug))

    @cached_property
    def may_hide(self) -> frozenset[str]:
        """The fields that are not always to be seen, so that whether they are required is asked of the whole record."""
        return frozenset(rule.field.slug for rule in self.of(Kind.VISIBLE))

    @cached_property
    def may_lock(self) -> frozenset[str]:
        """The fields that cannot be changed at times."""
        return frozenset(rule.field.slug for rule in self.of(Kind.READONLY))

    @cached_property
    def ruled(self) -> frozenset[str]:
        """The fields for which there are rules."""
        return frozenset(rule.field.slug for rule in self.every)

    @cached_property
    def asks(self) -> frozenset[str]:
        return frozenset(slug for rule in self.every for slug in rule.asks)

    @cached_property
    def decided_by(self) -> frozenset[str]:
        """The fields whose values decide, those included of which others are made."""
        known = [one for slug in self.asks if (one := self.rtype.field(slug))]
        return self.asks | {one.part_of[0] for one in known if one.part_of}


def rules_of(rtype: RecordType) -> Rules | None:
    """The rules of a type; None where there are none, which costs nothing to find out."""
    now = definitions()
    if rtype.slug not in now.field_rules:
        return None
    return now.once(("field rules", rtype.slug), lambda: _read(rtype, now.field_rules[rtype.slug]))


def may_hide(rtype: RecordType) -> frozenset[str]:
    """The fields of a type that rules hide at times."""
    rules = rules_of(rtype)
    return rules.may_hide if rules else frozenset()


def _read(rtype: RecordType, rows: Sequence[FieldRule]) -> Rules:
    every: list[Rule] = []
    off: dict[UUID, FilterError] = {}
    for row in rows:
        field_ = rtype.field(row.field)
        if field_ is None:
            off[row.pk] = FilterError(N_("%(field)s is no longer a field."), words={"field": row.field})
            continue
        try:
            every.append(Rule(field_, row.kind, bound(rtype, parse(row.condition)), row.pk))
        except FilterError as error:
            off[row.pk] = error
    hidden = {rule.field.slug: rule.field for rule in every if rule.kind == Kind.VISIBLE}
    every += [Rule(one, Kind.REQUIRED, EVERYTHING) for one in hidden.values() if one.required]
    return Rules(rtype, every, off)
