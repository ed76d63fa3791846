"""Having an import in hand while somebody waits for it: a lock that goes when its process does, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

from rapport.engine.records.models import ImportRun


@contextmanager
def in_hand(run: ImportRun) -> Iterator[None]:
    """Hold a run while this process works at it itself; within a transaction until that ends."""
    if connection.in_atomic_block:
        _ask("pg_advisory_xact_lock", run)
        yield
        return
    _ask("pg_advisory_lock", run)
    try:
        yield
    finally:
        # Where the database is gone, so is the lock.
        with suppress(OperationalError, InterfaceError):
            _ask("pg_advisory_unlock", run)


def is_in_hand(run: ImportRun) -> bool:
    """Whether a process holds a run. To be asked in a transaction, which holds it from here on if nobody does."""
    return not _ask("pg_try_advisory_xact_lock", run)


def _ask(function: str, run: ImportRun) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [f"import {run.pk}"])
        return bool(cursor.fetchone()[0])
