"""Telling the user that an import has ended. Who tells, and how, is filled from above."""

from collections.abc import Callable

from rapport.engine.records.models import ImportRun

TELLERS: list[Callable[[ImportRun], None]] = []


def tell(run: ImportRun) -> None:
    """Say that a run is over."""
    for teller in TELLERS:
        teller(run)
