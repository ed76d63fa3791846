"""The months of the journal, made before they are needed."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

AHEAD = timedelta(days=92)


def keep_partitions() -> None:
    """Make the partitions of this month and the three to come. To be called every day."""
    now = timezone.now()
    make_partitions(now, now + AHEAD)


def make_partitions(since: datetime, until: datetime) -> None:
    """Make the partitions of every month from `since` to `until` that are missing.

    Entries of these months that were written before are moved into them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_make_partitions(%s, %s)", [since, until])
