"""Rows that an actor may no longer change: an undo leaves them as they are. Which these are, rooms above say."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING
from uuid import UUID

from rapport.engine.events.actor import Actor

if TYPE_CHECKING:
    from rapport.engine.events.models import JournalEntry

# Those of the rows that are out of the actor's reach, by the name of their type in the journal and their ids.
Limits = Callable[[Actor, str, Collection[UUID]], set[UUID]]
limits: list[Limits] = []


# Of a batch that an actor takes back: which of its entries go back wherever their rows are, because they only followed
# from what the actor may take back. Called with the actor and the batch; None where there are none such.
Freeing = Callable[[Actor, UUID], "Callable[[JournalEntry], bool] | None"]
freeing: list[Freeing] = []


def freed(actor: Actor, batch: UUID) -> "Callable[[JournalEntry], bool]":
    """Which entries of a batch go back whatever the actor may otherwise change."""
    found = [one for free in freeing if (one := free(actor, batch)) is not None]
    return lambda entry: any(one(entry) for one in found)


def out_of_reach(actor: Actor, about_type: str, keys: Collection[UUID]) -> set[UUID]:
    """Those of the rows of a type that the actor may not change."""
    return set[UUID]().union(*(limit(actor, about_type, keys) for limit in limits))
