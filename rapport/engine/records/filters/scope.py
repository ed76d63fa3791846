"""What the names in a filter mean: paths of slugs, resolved to the fields that an actor may know of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Protocol
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.records.bookkeeping import bookkeeping_of
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.making import COUNTED, TAKES, made_label
from rapport.engine.records.filters.memberships import MEMBERSHIPS, Members, refuse_tangle
from rapport.engine.records.filters.operators import operators
from rapport.engine.records.filters.tree import UNMARKED, Among, Function, Leaf, Marks, Node, Op
from rapport.engine.records.folding import fold
from rapport.engine.records.gate import Mask, mask, may
from rapport.engine.records.happenings import EVENTS, Happening, happenings
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.related import Related, above, related_to

MAX_PATH = 3
Kept = Mapping[str, Sequence[tuple[UUID, str]]]


@dataclass(frozen=True)
class FieldRef:
    """A field, the type it belongs to, and the relations that lead there.

    With `related`, what `function` makes of that field of the records that point at the last of them.
    """

    field: Field
    record_type: RecordType
    hops: tuple[Field, ...] = ()
    related: Related | None = None
    function: Function | None = None

    @property
    def label(self) -> str:
        """The field with the relations that lead there, or what is made, in words."""
        last = str(self.field.label)
        if self.related and self.function:
            last = made_label(self.function, self.field, self.related)
        return " › ".join([*(str(hop.label) for hop in self.hops), last])

    @property
    def type_name(self) -> str:
        """What its values are compared as."""
        if self.function in (Function.COUNT, Function.SUM):
            return "count"
        return "number" if self.function is Function.AVG else self.field.type.name

    @property
    def operators(self) -> tuple[Op, ...]:
        """The operators that it knows; of the tree of a type only where there is one."""
        known = operators(self.type_name)
        has_tree = self.field.target and above(record_type(self.field.target))
        return known if has_tree else tuple(op for op in known if op is not Op.UNDER)


class Scope(Protocol):
    """The fields that one filter may speak of."""

    @property
    def record_type(self) -> RecordType:
        """The type whose records are asked."""

    @property
    def leads_on(self) -> bool:
        """Whether a path may follow relations to other records."""

    def resolve(self, path: tuple[str, ...], marks: Marks = UNMARKED, *, function: Function | None = None) -> FieldRef:
        """The field at the end of a path, or what a function makes there. Raises FilterError that names the segment."""

    def fields(self, path: tuple[str, ...] = ()) -> Sequence[Field]:
        """The fields that may follow a path of relations; none if the path leads nowhere."""

    def related(self, path: tuple[str, ...] = ()) -> Mapping[str, Related]:
        """The records, by name, that point at what a path of relations leads to."""

    def inside(self, ref: FieldRef) -> "Scope":
        """The fields of the records of which something is made."""

    def events(self) -> "Scope":
        """What can be asked of the events of which the journal tells."""

    def happenings(self) -> Mapping[str, Happening]:
        """What can have happened about the records, by name."""

    def reached(self, path: tuple[str, ...], marks: Marks = UNMARKED) -> "tuple[FieldRef | None, Scope]":
        """The relation at the end of a path and the fields of what it leads to; no path leads nowhere else."""

    def members(self, among: Among) -> Members:
        """What the records here are among. Raises FilterError for what is unknown, gone, or asks for itself."""

    def entering(self, members: Members) -> "Scope":
        """The same fields, within what is kept."""

    def kept(self) -> Kept:
        """What the records here can be among: ids and names, by the word of their kind."""

    @property
    def said(self) -> dict[UUID, Node]:
        """What is kept, as it was bound for this reader, by id."""


def ref_of(leaf: Leaf, scope: Scope) -> FieldRef:
    """What a condition asks. Raises FilterError as `resolve` does."""
    return scope.resolve(leaf.path, leaf.marks, function=leaf.over.function if leaf.over else None)


@dataclass(frozen=True)
class RecordScope:
    """The fields of a record type and of what it relates to. A hidden field is as unknown as one that never was."""

    record_type: RecordType
    shows: Callable[[RecordType, Field], bool]
    reads: Callable[[RecordType], bool] = lambda _rtype: True
    fields_of: Callable[[RecordType], Sequence[Field]] = RecordType.all_fields
    _seen: dict[str, dict[str, Field]] = field(default_factory=dict, repr=False, compare=False)
    actor: Actor | None = None
    within: tuple[Members, ...] = ()
    said: dict[UUID, Node] = field(default_factory=dict, repr=False, compare=False)
    _found: dict[object, Members] = field(default_factory=dict, repr=False, compare=False)
    _kept: dict[str, Kept] = field(default_factory=dict, repr=False, compare=False)

    @property
    def leads_on(self) -> bool:
        return True

    def resolve(self, path: tuple[str, ...], marks: Marks = UNMARKED, *, function: Function | None = None) -> FieldRef:
        if len(path) > MAX_PATH:
            raise FilterError(
                N_("A path has at most %(most)d names."), marks.segment(MAX_PATH), words={"most": MAX_PATH}
            )
        if function is not None:
            return self._made(path, marks, function)
        here, hops = self.record_type, list[Field]()
        for index, slug in enumerate(path[:-1]):
            hop = self._field(here, slug, marks.segment(index))
            if not hop.target:
                raise FilterError(
                    N_("Nothing can follow %(field)s: it leads to no other records."),
                    marks.segment(index + 1),
                    words={"field": slug},
                )
            hops.append(hop)
            here = record_type(hop.target)
        return FieldRef(self._field(here, path[-1], marks.segment(len(path) - 1)), here, tuple(hops))

    def inside(self, ref: FieldRef) -> "RecordScope":
        return replace(self, record_type=ref.record_type)

    def events(self) -> "RecordScope":
        return replace(self, record_type=EVENTS)

    def reached(self, path: tuple[str, ...], marks: Marks = UNMARKED) -> "tuple[FieldRef | None, RecordScope]":
        if not path:
            return None, self
        ref = self.resolve(path, marks)
        if not ref.field.target:
            raise FilterError(
                N_("Nothing can follow %(field)s: it leads to no other records."),
                marks.op,
                words={"field": ".".join(path)},
            )
        return ref, replace(self, record_type=record_type(ref.field.target))

    def members(self, among: Among) -> Members:
        place, key = among.marks.value(0), (self.record_type.slug, among.of, among.named)
        if key not in self._found:
            kind = MEMBERSHIPS.get(among.of)
            if kind is None or self.actor is None or self.record_type is EVENTS:
                words = {"what": f"in {among.of}"}
                raise FilterError(N_("%(what)s(…) is not known here."), among.marks.op, words=words)
            self._found[key] = kind.find(self.actor, self.record_type, among.named, place)
        refuse_tangle(self._found[key], self.within, place)
        return self._found[key]

    def entering(self, members: Members) -> "RecordScope":
        return replace(self, within=(*self.within, members))

    def kept(self) -> Kept:
        here, actor = self.record_type, self.actor
        if actor is None or here is EVENTS:
            return {}
        if here.slug not in self._kept:
            known = {word: kind.known(actor, here) for word, kind in MEMBERSHIPS.items()}
            self._kept[here.slug] = {word: found for word, found in known.items() if found}
        return self._kept[here.slug]

    def happenings(self) -> Mapping[str, Happening]:
        if self.record_type is EVENTS:
            return {}
        return happenings(self.record_type, self.related().values())

    def related(self, path: tuple[str, ...] = ()) -> Mapping[str, Related]:
        here = self._at_end(path)
        if here is None or here is EVENTS:
            return {}
        return {name: one for name, one in related_to(here).items() if self._may_follow(one)}

    def _made(self, path: tuple[str, ...], marks: Marks, function: Function) -> FieldRef:
        """What a function makes of records, which the path names after its relations."""
        at = next((index for index in range(len(path)) if path[index] in self.related(path[:index])), None)
        if at is None:
            raise self._no_records(path, marks)
        related, rest = self.related(path[:at])[path[at]], path[at + 1 :]
        hops = tuple(self.resolve(path[: index + 1]).field for index in range(at))
        if function is Function.COUNT:
            if rest:
                raise FilterError(N_("count(…) counts records: leave out the field."), marks.segment(at + 1))
            return FieldRef(COUNTED, related.record_type, hops, related, function)
        if len(rest) != 1:
            raise FilterError(
                N_("Name one field after the dot: %(function)s(%(records)s.…)."),
                marks.segment(at),
                words={"function": function, "records": path[at]},
            )
        field = self._field(related.record_type, rest[0], marks.segment(at + 1))
        if not takes(function, field):
            raise FilterError(
                N_("%(function)s(…) cannot be made of %(field)s."),
                marks.segment(at + 1),
                words={"function": function, "field": field.slug},
            )
        return FieldRef(field, related.record_type, hops, related, function)

    def _no_records(self, path: tuple[str, ...], marks: Marks) -> FilterError:
        """The first name that is neither a relation nor records that point here, or the last one."""
        at = next((index for index in range(len(path)) if self._at_end(path[: index + 1]) is None), len(path) - 1)
        here = self._at_end(path[:at]) or self.record_type
        names = {fold(one.label): name for name, one in self.related(path[:at]).items()}
        return FilterError(
            N_("%(what)s does not name records that point at %(type)s."),
            marks.segment(at),
            suggestion=nearest(path[at], names | {name: name for name in names.values()}),
            words={"what": path[at], "type": str(here.label_plural).lower()},
        )

    def _may_follow(self, one: Related) -> bool:
        return self.reads(one.record_type) and (one.field is None or self.shows(one.record_type, one.field))

    def _at_end(self, path: tuple[str, ...]) -> RecordType | None:
        """The type that a path of relations leads to."""
        here = self.record_type
        for slug in path:
            found = self._known(here).get(slug)
            if found is None or not found.target:
                return None
            here = record_type(found.target)
        return here

    def fields(self, path: tuple[str, ...] = ()) -> Sequence[Field]:
        here = self._at_end(path)
        return list(self._known(here).values()) if here else []

    def _known(self, here: RecordType) -> dict[str, Field]:
        """The fields of one type by slug; looked up once, because a scope lives as long as one request."""
        if here.slug not in self._seen:
            declared = {one.slug: one for one in self.fields_of(here)}
            bookkeeping = bookkeeping_of(is_judged=here.by_roles) if here is not EVENTS else ()
            every = declared | {one.slug: one for one in bookkeeping if one.slug not in declared}
            self._seen[here.slug] = {
                slug: one for slug, one in every.items() if operators(one.type.name) and self.shows(here, one)
            }
        return self._seen[here.slug]

    def _field(self, here: RecordType, slug: str, place: Place) -> Field:
        known = self._known(here)
        if slug not in known:
            raise FilterError(
                N_("%(what)s is not a field of %(type)s."),
                place,
                suggestion=nearest_field(slug, list(known.values())),
                words={"what": slug, "type": str(here.label_plural).lower()},
            )
        return known[slug]


def takes(function: Function, field: Field) -> bool:
    """Whether something can be made of the values of a field by this function."""
    return field.type.name in TAKES.get(function, {field.type.name})


def scope_for(actor: Actor, rtype: RecordType) -> RecordScope:
    """The fields of a type that this actor may ask about."""
    masks: dict[str, Mask] = {}

    def shows(here: RecordType, one: Field) -> bool:
        if here.slug not in masks:
            masks[here.slug] = mask(actor, here)
        return masks[here.slug].shows(one.slug)

    return RecordScope(rtype, shows, lambda here: may(actor, here, "read"), actor=actor)


def nearest_field(slug: str, fields: Sequence[Field]) -> str:
    """The slug most like this one, by slug or label; empty if none is."""
    by_word = {fold(str(one.label)): one.slug for one in fields} | {one.slug: one.slug for one in fields}
    return nearest(slug, by_word)


def nearest(text: str, by_word: dict[str, str]) -> str:
    """The entry whose key is most like the text; empty if none comes near."""
    close = get_close_matches(fold(text), by_word, n=1, cutoff=0.7)
    return by_word[close[0]] if close else ""
