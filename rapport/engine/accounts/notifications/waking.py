"""Having open pages look again, once the transaction commits."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

CHANNEL, RECORDS = "bell", "record"
WAKE = "SELECT pg_notify(%s, woken::text) FROM unnest(%s::uuid[]) AS woken"


def wake_pages(*user_ids: UUID) -> None:
    """Have the open pages of users look again at what the bell has to tell."""
    _notify(CHANNEL, user_ids)


def wake_record(*record_ids: UUID) -> None:
    """Have the open pages that show a record, or one of several, look at it again."""
    _notify(RECORDS, record_ids)


def _notify(channel: str, keys: Collection[UUID]) -> None:
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(WAKE, [channel, sorted(set(keys))])
