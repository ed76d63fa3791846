"""Which computed field follows from what: from fields of its own record, of related ones, and from other formulas."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from rapport.engine.records.bookkeeping import QUALITY
from rapport.engine.records.definitions import definitions
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.scope import RecordScope
from rapport.engine.records.formulas.bind import Bound, bind_formula
from rapport.engine.records.formulas.inputs import Input, Inputs, inputs_of
from rapport.engine.records.formulas.parse import parse_formula
from rapport.engine.records.registry import RecordType, find_record_type, record_types

Key = tuple[str, str]  # a field: the slug of its type and its own


@dataclass(frozen=True)
class Formula:
    """A computed field with what its formula means and depends on."""

    record_type: RecordType
    field: Field
    bound: Bound
    scope: RecordScope
    inputs: Inputs

    @property
    def key(self) -> Key:
        return self.record_type.slug, self.field.slug


@dataclass(frozen=True)
class Graph:
    """All formulas, each after those that it uses; `broken` says why the others do not work."""

    formulas: Mapping[Key, Formula] = field(default_factory=dict)
    broken: Mapping[Key, str] = field(default_factory=dict)

    def of(self, rtype: RecordType) -> list[Formula]:
        """The formulas of a type, in their order."""
        return [one for one in self.formulas.values() if one.record_type.slug == rtype.slug]

    def following(self, rtype: RecordType, slug: str) -> list[tuple[Formula, Input]]:
        """What follows from a field of a type, or without a slug from its records being there."""
        return self._by_input.get((rtype.slug, slug), [])

    def using(self, rtype: RecordType, slug: str) -> list[Formula]:
        """The formulas that name a field of a type."""
        return list({formula.key: formula for formula, _input in self.following(rtype, slug)}.values())

    def uses(self, rtype: RecordType) -> bool:
        """Whether anything follows from records of a type."""
        return any(name == rtype.slug for name, _slug in self._by_input)

    def slugs(self, rtype: RecordType) -> list[str]:
        """The fields of a type from which something follows."""
        return [slug for name, slug in self._by_input if name == rtype.slug and slug]

    @cached_property
    def _by_input(self) -> dict[Key, list[tuple[Formula, Input]]]:
        found: dict[Key, list[tuple[Formula, Input]]] = defaultdict(list)
        for formula in self.formulas.values():
            for one in formula.inputs.of:
                found[one.record_type, one.slug].append((formula, one))
        return found


def graph() -> Graph:
    """The graph of the formulas in force, made once for each state of the definitions."""
    return definitions().once(Graph, lambda: _graph(_computed()))


def scope_of(rtype: RecordType) -> RecordScope:
    """The fields that a formula on a type may name: all, computed ones that are not ready yet included.

    How good a record is follows by rules of its own, and not from the journal: no formula can follow it.
    """
    return RecordScope(rtype, lambda _type, field: field is not QUALITY, fields_of=_with_pending)


def read_formula(rtype: RecordType, text: str) -> tuple[Bound, Inputs]:
    """A formula on a type, checked. Raises FilterError that names the place and the mend."""
    scope = scope_of(rtype)
    bound = bind_formula(parse_formula(text), scope)
    return bound, inputs_of(bound, scope)


def refuse_cycle(rtype: RecordType, slug: str, inputs: Inputs) -> None:
    """Raise Invalid, with the circle, if the formulas that this field uses come back to it."""
    used = {key: _used(one.inputs) for key, one in graph().formulas.items()} | {(rtype.slug, slug): _used(inputs)}
    if circle := _circle((rtype.slug, slug), used):
        raise Invalid(
            _("This goes round in a circle: %(circle)s.") % {"circle": " → ".join(_called(key) for key in circle)}
        )


def _computed() -> list[tuple[RecordType, Field]]:
    kept = definitions()
    found = []
    for rtype in record_types():
        pending = kept.pending_fields.get(rtype.slug, [])
        found += [(rtype, one) for one in (*rtype.all_fields(), *pending) if one.computed and one.computed.formula]
    return found


def _graph(computed: Iterable[tuple[RecordType, Field]]) -> Graph:
    formulas: dict[Key, Formula] = {}
    broken: dict[Key, str] = {}
    for rtype, one in computed:
        assert one.computed
        try:
            bound, inputs = read_formula(rtype, one.computed.formula)
        except FilterError as error:
            broken[rtype.slug, one.slug] = error.message
            continue
        if bound.kind != one.type.name:
            broken[rtype.slug, one.slug] = _("The formula does not give what the field is any more.")
            continue
        formulas[rtype.slug, one.slug] = Formula(rtype, one, bound, scope_of(rtype), inputs)
    return Graph(*_in_order(formulas, broken))


def _in_order(formulas: dict[Key, Formula], broken: dict[Key, str]) -> tuple[dict[Key, Formula], dict[Key, str]]:
    """Those that use no other first; what uses a broken one, or goes round in a circle, is broken too."""
    left, ordered = dict(formulas), dict[Key, Formula]()
    while ready := [key for key, one in left.items() if not _used(one.inputs) & (left.keys() | broken.keys())]:
        ordered |= {key: left.pop(key) for key in ready}
    why = _("It uses a formula that does not work.")
    return ordered, broken | dict.fromkeys(left, why)


def _used(inputs: Inputs) -> set[Key]:
    return {(one.record_type, one.slug) for one in inputs.of if one.slug}


def _circle(start: Key, used: Mapping[Key, set[Key]]) -> Sequence[Key]:
    """The way from a field back to itself, over the fields that each uses; nothing where there is none."""
    ways: list[tuple[Key, ...]] = [(start,)]
    seen: set[Key] = set()
    for way in ways:
        for key in sorted(used.get(way[-1], ())):
            if key == start:
                return (*way, key)
            if key in used and key not in seen:
                seen.add(key)
                ways.append((*way, key))
    return ()


def _called(key: Key) -> str:
    rtype = find_record_type(key[0])
    found = next((one for one in _with_pending(rtype) if one.slug == key[1]), None) if rtype else None
    return str(found.label) if found else key[1]


def _with_pending(rtype: RecordType) -> list[Field]:
    return [*rtype.all_fields(), *definitions().pending_fields.get(rtype.slug, [])]
