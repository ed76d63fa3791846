"""Telling the user that a bulk edit has ended. Who tells, and how, is filled from above."""

from collections.abc import Callable

from rapport.engine.records.models import BulkRun

TELLERS: list[Callable[[BulkRun], None]] = []


def tell(run: BulkRun) -> None:
    """Say that a run is over, or has stopped."""
    for teller in TELLERS:
        teller(run)
