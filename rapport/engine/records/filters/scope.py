"""What the names in a filter mean: paths of slugs, resolved to the fields that an actor may know of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

from rapport.engine.events.actor import Actor
from rapport.engine.records.bookkeeping import BOOKKEEPING
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.operators import operators
from rapport.engine.records.filters.tree import UNMARKED, Marks
from rapport.engine.records.folding import fold
from rapport.engine.records.gate import Mask, mask
from rapport.engine.records.registry import RecordType, record_type

MAX_PATH = 3


@dataclass(frozen=True)
class FieldRef:
    """A field, the type it belongs to, and the relations that lead there."""

    field: Field
    record_type: RecordType
    hops: tuple[Field, ...] = ()

    @property
    def label(self) -> str:
        return " › ".join(str(one.label) for one in (*self.hops, self.field))

    @property
    def type_name(self) -> str:
        return self.field.type.name


class Scope(Protocol):
    """The fields that one filter may speak of."""

    @property
    def record_type(self) -> RecordType:
        """The type whose records are asked."""

    def resolve(self, path: tuple[str, ...], marks: Marks = UNMARKED) -> FieldRef:
        """The field at the end of a path. Raises FilterError that names the segment at fault."""

    def fields(self, path: tuple[str, ...] = ()) -> Sequence[Field]:
        """The fields that may follow a path of relations; none if the path leads nowhere."""


@dataclass(frozen=True)
class RecordScope:
    """The fields of a record type and of what it relates to. A hidden field is as unknown as one that never was."""

    record_type: RecordType
    shows: Callable[[RecordType, Field], bool]
    _seen: dict[str, dict[str, Field]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def resolve(self, path: tuple[str, ...], marks: Marks = UNMARKED) -> FieldRef:
        if len(path) > MAX_PATH:
            raise FilterError(
                N_("A path has at most %(most)d names."), marks.segment(MAX_PATH), words={"most": MAX_PATH}
            )
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

    def fields(self, path: tuple[str, ...] = ()) -> Sequence[Field]:
        here = self.record_type
        for slug in path:
            found = self._known(here).get(slug)
            if found is None or not found.target:
                return []
            here = record_type(found.target)
        return list(self._known(here).values())

    def _known(self, here: RecordType) -> dict[str, Field]:
        """The fields of one type by slug; looked up once, because a scope lives as long as one request."""
        if here.slug not in self._seen:
            declared = {one.slug: one for one in here.all_fields()}
            every = declared | {one.slug: one for one in BOOKKEEPING if one.slug not in declared}
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


def scope_for(actor: Actor, rtype: RecordType) -> RecordScope:
    """The fields of a type that this actor may ask about."""
    masks: dict[str, Mask] = {}

    def shows(here: RecordType, one: Field) -> bool:
        if here.slug not in masks:
            masks[here.slug] = mask(actor, here)
        return masks[here.slug].shows(one.slug)

    return RecordScope(rtype, shows)


def nearest_field(slug: str, fields: Sequence[Field]) -> str:
    """The slug most like this one, by slug or label; empty if none is."""
    by_word = {fold(str(one.label)): one.slug for one in fields} | {one.slug: one.slug for one in fields}
    return nearest(slug, by_word)


def nearest(text: str, by_word: dict[str, str]) -> str:
    """The entry whose key is most like the text; empty if none comes near."""
    close = get_close_matches(fold(text), by_word, n=1, cutoff=0.7)
    return by_word[close[0]] if close else ""
