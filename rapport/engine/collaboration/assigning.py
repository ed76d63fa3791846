"""Assigning what was said to somebody: the room that keeps tasks fills this in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from rapport.engine.collaboration.models import Comment
from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor


@dataclass(frozen=True)
class Assigned:
    """What became of a comment. `finish_url` is where it is ticked off, empty for who may not."""

    title: str
    who: str
    due: date | None
    is_done: bool
    finish_url: str


# (act, comment, user, last day): makes what is to be done of a comment. Raises ValidationFailed.
Assign = Callable[[Act, Comment, UUID, date | None], Any]
# (actor, ids of comments): what became of those of them that were assigned, as far as the actor may see it.
Told = Callable[[Actor, Sequence[UUID]], Mapping[UUID, Assigned]]


@dataclass(frozen=True)
class Assigner:
    """How a comment is assigned, and what is told of those that are."""

    assign: Assign
    told: Told


ASSIGNERS: list[Assigner] = []


def register_assigner(assign: Assign, told: Told) -> None:
    """Say how comments are assigned. There is one way."""
    if ASSIGNERS:
        raise ValueError("Comments are assigned in one way; it is registered already.")
    ASSIGNERS.append(Assigner(assign, told))


def can_assign() -> bool:
    """Whether a room is there that keeps what is to be done."""
    return bool(ASSIGNERS)


def assign_comment(act: Act, comment: Comment, user: UUID, *, due: date | None = None) -> Any:
    """Make what is to be done of a comment. Raises ValidationFailed; LookupError where no room keeps such things."""
    if not ASSIGNERS:
        raise LookupError("No room here keeps what is to be done.")
    return ASSIGNERS[0].assign(act, comment, user, due)


def assigned_of(actor: Actor, comments: Sequence[UUID]) -> Mapping[UUID, Assigned]:
    """What became of those comments that were assigned."""
    return ASSIGNERS[0].told(actor, comments) if ASSIGNERS and comments else {}
