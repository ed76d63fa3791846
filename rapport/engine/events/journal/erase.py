"""Erasing: the one way in which values leave the journal. The entries stay and verify."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection


def erase(record: UUID, *, request: str) -> int:
    """Destroy the values of all entries about a record and about its parts, for a request. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_erase(%s, %s)", [record, request])
        count: int = cursor.fetchone()[0]
    return count


def erased_among(records: Collection[UUID]) -> set[UUID]:
    """Those of the records of which values were erased."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT record FROM journal_erased WHERE record = ANY(%s)", [list(records)])
        return {record for (record,) in cursor.fetchall()}
