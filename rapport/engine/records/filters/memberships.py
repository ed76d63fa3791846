"""What records can be among, `in view("My leads")`: each kind is registered by the room that keeps it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.tree import EVERYTHING, MAX_DEPTH, Node
from rapport.engine.records.filters.values import Id, Text
from rapport.engine.records.registry import RecordType, Words


@dataclass(frozen=True)
class Members:
    """Something kept, and who is among it: the records that `where` finds for whoever asks, or those of `rows`.

    `is_shared`: everybody who may read records of its type may ask for it.
    """

    key: UUID
    name: str
    where: Node = EVERYTHING
    rows: Q | None = None
    is_shared: bool = True


Find = Callable[[Actor, RecordType, Id | Text, Place], Members]
Known = Callable[[Actor, RecordType], Sequence[tuple[UUID, str]]]


@dataclass(frozen=True)
class Membership:
    """A kind of things that records can be among. `word` stands in the text: `in word("name")`.

    `find` gives the one that an actor means, or raises FilterError that says why there is none; `known` gives ids and
    names of all that the actor may name.
    """

    word: str
    noun: Words
    find: Find
    known: Known


MEMBERSHIPS: dict[str, Membership] = {}


def register_membership(one: Membership) -> None:
    """Add a kind. A word can be registered once."""
    if one.word in MEMBERSHIPS:
        raise ValueError(f"Membership {one.word!r} is registered twice.")
    MEMBERSHIPS[one.word] = one


class Tangled(FilterError):
    """What is kept asks for itself, or through too many others."""


def refuse_tangle(found: Members, within: Sequence[Members], place: Place) -> None:
    """Raises Tangled for what is named within itself, with the circle, or within too many others."""
    keys = [one.key for one in within]
    if found.key in keys:
        names = [one.name for one in (*within[keys.index(found.key) :], found)]
        raise Tangled(N_("This goes in circles: %(names)s."), place, words={"names": " → ".join(names)})
    if len(within) >= MAX_DEPTH:
        words = {"most": MAX_DEPTH}
        raise Tangled(N_("This filter is nested too deeply: at most %(most)d levels."), place, words=words)
