"""What rooms above put into the head of a record: whether its reader follows it, and who else is there."""

from collections.abc import Callable
from typing import Any

from rapport.engine.events.actor import Actor
from rapport.engine.records.registry import RecordType

# (actor, record type, record) → what the template of a part is given, or None where it has no place.
Head = Callable[[Actor, RecordType, Any], dict[str, Any] | None]
HEADS: list[Head] = []


def heads(actor: Actor, rtype: RecordType, row: Any) -> list[dict[str, Any]]:
    """The parts of the head of a record, in order; each names its `template` and what that needs."""
    return [one for head in HEADS if (one := head(actor, rtype, row)) is not None]
