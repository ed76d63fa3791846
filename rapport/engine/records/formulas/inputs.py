"""What a formula is made of: fields, its own and those of records that it reaches, and the way there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import N_, FilterError
from rapport.engine.records.filters.scope import FieldRef, Scope, ref_of
from rapport.engine.records.filters.tree import EVERYTHING, Ask, Function, Leaf, Node, Op, leaves, where_of
from rapport.engine.records.filters.values import Id, Me, Period, Relative, Unit
from rapport.engine.records.formulas.bind import Bound
from rapport.engine.records.formulas.functions import FUNCTIONS
from rapport.engine.records.formulas.tree import Asks, Call, Literal, Made
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.related import Related

Step: TypeAlias = Field | Related


@dataclass(frozen=True)
class Input:
    """A field of a type, and the steps that lead there from the formula's type; without a slug that type's records.

    A step is a relation that is followed, or records that point here.
    """

    record_type: str
    slug: str
    way: tuple[Step, ...] = ()

    def __hash__(self) -> int:
        return hash((self.record_type, self.slug, len(self.way)))


@dataclass(frozen=True)
class Inputs:
    """All inputs of a formula; `is_of_today`: its values change from day to day."""

    of: tuple[Input, ...]
    is_of_today: bool = False


def inputs_of(bound: Bound, scope: Scope) -> Inputs:
    """Everything that the values of a formula depend on. Raises FilterError for what cannot be followed."""
    found = list(dict.fromkeys(_all(bound, scope)))
    return Inputs(tuple(one for one in found if one is not None), is_of_today=None in found)


def _all(bound: Bound, scope: Scope) -> Iterator[Input | None]:
    """Each input; None for today."""
    node, ref = bound.node, bound.ref
    if isinstance(node, Literal) and isinstance(node.value, Relative):
        yield None
    if isinstance(node, Call) and node.name in FUNCTIONS:
        known = FUNCTIONS[node.name]
        if known.is_of_today and len(node.args) < len(known.takes):
            yield None
    if isinstance(node, Asks):
        yield from _of_ask(node.leaf, scope, ())
    if ref is not None:
        yield from _of_ref(ref, scope.record_type, ())
        if isinstance(node, Made) and ref.related:
            yield from _of_filter(node.where, scope.inside(ref), (*ref.hops, ref.related))
    for part in bound.parts:
        yield from _all(part, scope)


def _of_filter(node: Node, scope: Scope, way: tuple[Step, ...]) -> Iterator[Input | None]:
    if node != EVERYTHING:
        for leaf in leaves(node):
            yield from _of_ask(leaf, scope, way)


def _of_ask(leaf: Ask, scope: Scope, way: tuple[Step, ...]) -> Iterator[Input | None]:
    if not isinstance(leaf, Leaf):
        raise FilterError(N_("A formula cannot ask what happened when; a filter can."), leaf.marks.segment(0))
    if leaf.op is Op.UNDER:
        raise FilterError(N_("A formula cannot ask what lies under a record."), leaf.marks.op)
    ref = ref_of(leaf, scope)
    yield from _of_ref(ref, scope.record_type, way)
    yield from _of_values(leaf, ref, way)
    if ref.related:
        yield from _of_filter(where_of(leaf), scope.inside(ref), (*way, *ref.hops, ref.related))


def _of_values(leaf: Leaf, ref: FieldRef, way: tuple[Step, ...]) -> Iterator[Input | None]:
    for index, value in enumerate(leaf.values):
        if isinstance(value, Me):
            raise FilterError(N_("A formula is the same for everybody: name a user."), leaf.marks.value(index))
        if isinstance(value, Relative | Period):
            if value.unit is Unit.HOUR:
                raise FilterError(N_("A formula goes by the day."), leaf.marks.value(index))
            yield None
        elif ref.type_name == "relation" and not isinstance(value, Id):
            target = record_type(ref.field.target)
            steps: list[Step] = [*way, *ref.hops, *([ref.related] if ref.related else []), ref.field]
            yield Input(target.slug, target.title, tuple(steps))


def _of_ref(ref: FieldRef, here: RecordType, way: tuple[Step, ...]) -> Iterator[Input]:
    """The field itself, each relation on the way to it, and that the records on the way are there."""
    for hop in ref.hops:
        yield Input(here.slug, hop.slug, way)
        way, here = (*way, hop), record_type(hop.target)
        yield Input(here.slug, "", way)
    if ref.related:
        way, here = (*way, ref.related), ref.related.record_type
        yield Input(here.slug, ref.related.field.slug if ref.related.field else "", way)
        yield Input(here.slug, "", way)
        if ref.function is Function.COUNT:
            return
    yield Input(here.slug, ref.field.slug, way)
    if ref.field.type.name == "relation":
        yield Input(ref.field.target, "", (*way, ref.field))
