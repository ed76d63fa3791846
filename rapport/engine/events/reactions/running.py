"""Running: hand each reaction its next entries in the transaction that moves its cursor."""

import time

from django.db import transaction

from rapport.engine.events.reactions import cursors
from rapport.engine.events.reactions.handing import hand
from rapport.engine.events.reactions.parking import park, retry_parked
from rapport.engine.events.reactions.registry import Reaction

CHUNK = 2_000
BLINK = 0.05  # seconds between two looks at a transaction that holds the journal back


def follow_journal() -> bool:
    """One slice for every reaction, or a blink if an open transaction holds them back. True while there is more."""
    if _slices():
        return True
    retry_parked()
    if cursors.anything_waits():
        time.sleep(BLINK)
        return True
    return False


def run_reactions() -> int:
    """Let every reaction read on to the end of what is closed, and retry what is due. Returns events handled."""
    total = 0
    while slices := _slices():
        total += sum(slices)
    return total + retry_parked()


def run_once(reaction: Reaction, limit: int = CHUNK) -> int:
    """Hand one run of entries to a reaction. Returns how many; 0 also when another worker is at it."""
    return _advance(reaction, limit) or 0


def _slices() -> list[int]:
    """One slice for each reaction that has news, in turn, so that a slow one does not starve the rest."""
    counts = [_advance(reaction, CHUNK) for reaction in cursors.reactions_with_news()]
    return [count for count in counts if count is not None]


def _advance(reaction: Reaction, limit: int) -> int | None:
    """How many entries it was handed on the way to its new position; None when it stays where it is."""
    with transaction.atomic():
        cursor = cursors.locked_cursor(reaction)
        if cursor is None:
            return None
        entries, end = cursors.next_entries(reaction, cursors.position_of(cursor), limit)
        if end == cursors.position_of(cursor):
            return None
        for entry, error in hand(reaction, entries) if entries else ():
            park(reaction, entry, error)
        cursor.era, cursor.xid, cursor.entry_id = end
        cursor.save()
    return len(entries)
