"""Rows that an actor may no longer change: an undo leaves them as they are. Which these are, rooms above say."""

from collections.abc import Callable, Collection
from uuid import UUID

from rapport.engine.events.actor import Actor

# Those of the rows that are out of the actor's reach, by the name of their type in the journal and their ids.
Limits = Callable[[Actor, str, Collection[UUID]], set[UUID]]
limits: list[Limits] = []


def out_of_reach(actor: Actor, about_type: str, keys: Collection[UUID]) -> set[UUID]:
    """Those of the rows of a type that the actor may not change."""
    return set[UUID]().union(*(limit(actor, about_type, keys) for limit in limits))
