"""Undo: take a batch back, entry by entry from the last to the first, and keep what others changed since."""

from rapport.engine.events.undo.batches import BatchUndone, count_changes, is_undone, undo_batch, undo_in_slices
from rapport.engine.events.undo.outcome import Conflict, Outcome
from rapport.engine.events.undo.references import also_used

__all__ = [
    "BatchUndone",
    "Conflict",
    "Outcome",
    "also_used",
    "count_changes",
    "is_undone",
    "undo_batch",
    "undo_in_slices",
]
