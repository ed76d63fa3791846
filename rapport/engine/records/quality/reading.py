"""The quality rules of a record type, read once for as long as the definitions are in force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from uuid import UUID

from rapport.engine.records.definitions import definitions
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import N_, FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.tree import EVERYTHING, Leaf, Node, Op, leaves
from rapport.engine.records.filters.values import Me
from rapport.engine.records.models import QualityRule
from rapport.engine.records.quality.built_in import built_in_of
from rapport.engine.records.registry import RecordType, record_types
from rapport.engine.records.rules.scope import asked_fields, bound

Kind = QualityRule.Kind
MOST = 40  # rules of one record type


@dataclass(frozen=True)
class Rule:
    """A rule in force: what `good` says of the records to which it `applies`."""

    row: QualityRule
    field: Field
    applies: Node
    good: Node

    @property
    def id(self) -> UUID:
        return self.row.pk

    @property
    def label(self) -> str:
        return str(self.row.label)

    @property
    def is_fresh(self) -> bool:
        return self.row.kind == Kind.FRESH

    @cached_property
    def asks(self) -> frozenset[str]:
        """The fields of which it tells."""
        return asked_fields(self.applies) | asked_fields(self.good) | {self.field.slug}


@dataclass(frozen=True)
class QualityRules:
    """The rules in force of a type in their order, all rows behind them, and why some are off."""

    rtype: RecordType
    every: Sequence[Rule] = ()
    rows: Sequence[QualityRule] = ()
    off: dict[UUID, str] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[UUID, Rule]:
        return {rule.id: rule for rule in self.every}

    @cached_property
    def asks(self) -> frozenset[str]:
        return frozenset(slug for rule in self.every for slug in rule.asks)

    @cached_property
    def stamp(self) -> str:
        """The same for the same rules: what was judged by others is judged anew."""
        said = [
            (str(one.id), one.field.slug, one.row.kind, one.row.applies, one.row.good, one.row.months, one.row.weight)
            for one in self.every
        ]
        return sha256(repr(said).encode()).hexdigest()


def quality_rules(rtype: RecordType) -> QualityRules:
    """The quality rules of a type. Costs nothing but the definitions."""
    now = definitions()
    return now.once(("quality rules", rtype.slug), lambda: _read(rtype, now.quality_rules.get(rtype.slug, ())))


def judged_types() -> list[RecordType]:
    """The record types that can have quality rules: those that are seen by themselves."""
    return [one for one in record_types() if is_judged(one)]


def is_judged(rtype: RecordType) -> bool:
    """Whether a type can have quality rules."""
    return rtype.by_roles


def conditions(rtype: RecordType, row: QualityRule) -> Rule:
    """A rule with its filters bound to the fields of its type. Raises FilterError."""
    field_ = rtype.field(row.field)
    if field_ is None:
        raise FilterError(N_("%(field)s is no longer a field."), words={"field": row.field})
    return Rule(row, field_, _condition(rtype, row.applies), _good(rtype, row))


def suggested(slug: str, kind: str) -> str:
    """What records that meet a rule of a kind look like, for a start."""
    return f"{slug} is not empty" if kind == Kind.COMPLETE else ""


def _good(rtype: RecordType, row: QualityRule) -> Node:
    return EVERYTHING if row.kind == Kind.FRESH else _condition(rtype, row.good or suggested(row.field, row.kind))


def _condition(rtype: RecordType, text: str) -> Node:
    tree = parse(text)
    if tree == EVERYTHING:
        return tree
    for leaf in leaves(tree):
        values = leaf.values if isinstance(leaf, Leaf) else ()
        if any(isinstance(value, Me) for value in values):
            raise FilterError(N_("A rule is the same for everybody: name a user."), leaf.marks.segment(0))
        if isinstance(leaf, Leaf) and leaf.op is Op.UNDER:
            raise FilterError(N_("A rule asks only fields of the record itself."), leaf.marks.op)
    return bound(rtype, tree)


def _read(rtype: RecordType, kept: Iterable[QualityRule]) -> QualityRules:
    if not is_judged(rtype):
        return QualityRules(rtype)
    by_id = {row.pk: row for row in kept}
    rows = []
    for position, one in enumerate(built_in_of(rtype.slug)):
        row = one.row_of(rtype.slug, position)
        rows.append(by_id.pop(row.pk, row))
    rows += sorted(by_id.values(), key=lambda row: (row.position, row.created_at, row.pk))
    every, off = [], dict[UUID, str]()
    for row in rows:
        try:
            rule = conditions(rtype, row)
        except FilterError as error:
            off[row.pk] = error.message
            continue
        if row.is_on:
            every.append(rule)
    return QualityRules(rtype, every, rows, off)
