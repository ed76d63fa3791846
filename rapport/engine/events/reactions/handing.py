"""Handing entries to a listener, so that one it cannot digest does not spoil the others."""

import traceback
from collections.abc import Sequence

from django.db import connection

from rapport.engine.events.act import open_act
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.reactions.registry import Reaction


def hand(reaction: Reaction, entries: Sequence[JournalEntry]) -> list[tuple[JournalEntry, str]]:
    """Let a listener take the entries, halving the run until what fails stands alone. Returns that, with its error."""
    error = _refusal(reaction, entries)
    if error is None:
        return []
    if len(entries) == 1:
        return [(entries[0], error)]
    middle = len(entries) // 2
    return hand(reaction, entries[:middle]) + hand(reaction, entries[middle:])


def _refusal(reaction: Reaction, entries: Sequence[JournalEntry]) -> str | None:
    """What the listener raised, its effects taken back; None when all is well."""
    try:
        with open_act(reaction.actor, reason=reaction.name) as act:
            reaction.listener(act, entries)
            act.flush()
            # A reference that leads nowhere would otherwise be found at the commit, and fail every entry for ever.
            connection.check_constraints()
    except Exception:
        if connection.connection is None or connection.connection.closed:
            raise
        return traceback.format_exc(limit=-8)
    return None
