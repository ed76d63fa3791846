"""What can be written on a record's page: comments, notes; mails and calls when their rooms stand. Filled by them."""

from collections.abc import Callable
from typing import Any

from rapport.engine.events.actor import Actor
from rapport.engine.records.registry import RecordType

# (actor, record type, record) → what the template of a composer is given, or None where it has no place.
Composer = Callable[[Actor, RecordType, Any], dict[str, Any] | None]
COMPOSERS: list[Composer] = []


def composers(actor: Actor, rtype: RecordType, row: Any) -> list[dict[str, Any]]:
    """The composers of a record, in order; each names its `label`, `icon`, `template` and what that needs."""
    return [one for composer in COMPOSERS if (one := composer(actor, rtype, row)) is not None]
