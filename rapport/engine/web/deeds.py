"""What can be done with a record beyond the engine's own: lines of the menu in its head. Filled by the rooms above."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rapport.engine.events.actor import Actor
from rapport.engine.records.models import SavedView
from rapport.engine.records.registry import RecordType


@dataclass(frozen=True)
class Deed:
    """A line of the menu: a link, or a form without questions where it `posts`."""

    label: str
    icon: str
    url: str
    posts: bool = False


# (actor, record type, record) → the line, or None where there is nothing to do.
DEEDS: list[Callable[[Actor, RecordType, Any], Deed | None]] = []
# Lines of the menu of a saved view.
VIEW_DEEDS: list[Callable[[SavedView], Deed]] = []


def deeds(actor: Actor, rtype: RecordType, row: Any) -> list[Deed]:
    """What rooms offer for a live record, in order."""
    return [] if row.is_deleted else [one for offer in DEEDS if (one := offer(actor, rtype, row)) is not None]
