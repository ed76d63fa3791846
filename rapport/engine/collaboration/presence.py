"""Presence: who looks at a record at this moment. Pages say so every 25 seconds, and when they are left."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from rapport.engine.accounts.notifications import wake_record
from rapport.engine.collaboration.models import Presence

WITHIN = timedelta(seconds=60)  # a page that misses two beats is taken to be closed
KEPT = timedelta(days=1)
# What is read in the statement stands as it was before it writes.
BEAT = """
WITH written AS (
    INSERT INTO presence (user_id, record_type, record_id, seen_at) VALUES (%(user)s, %(type)s, %(key)s, %(now)s)
    ON CONFLICT (record_id, record_type, user_id) DO UPDATE SET seen_at = EXCLUDED.seen_at)
SELECT user_id FROM presence WHERE record_id = %(key)s AND record_type = %(type)s AND seen_at > %(since)s
ORDER BY user_id
"""


def come(user: UUID, slug: str, key: UUID) -> list[UUID]:
    """Note that a user looks at a record. Returns who else does. Others learn of it when somebody arrives."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(BEAT, {"user": user, "type": slug, "key": key, "now": now, "since": now - WITHIN})
        here = [found for (found,) in cursor.fetchall()]
    if user not in here:
        wake_record(key)
    return [one for one in here if one != user]


def leave(user: UUID, slug: str, key: UUID) -> None:
    """Note that a user has left a record."""
    gone, _by_model = Presence.objects.filter(user_id=user, record_type=slug, record_id=key).delete()
    if gone:
        wake_record(key)


def present(record_type: str, record_id: UUID) -> set[UUID]:
    """The users who look at a record at this moment."""
    return present_at([(record_type, record_id)])[record_type, record_id]


def present_at(records: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], set[UUID]]:
    """The users who look at each of some records, by one query."""
    found: dict[tuple[str, UUID], set[UUID]] = defaultdict(set)
    rows = Presence.objects.filter(record_id__in={key for _slug, key in records}, seen_at__gt=timezone.now() - WITHIN)
    for slug, key, user in rows.values_list("record_type", "record_id", "user_id"):
        found[slug, key].add(user)
    return found


def forget_presences(*, before: datetime) -> int:
    """Drop what pages said before a moment."""
    gone, _by_model = Presence.objects.filter(seen_at__lt=before).delete()
    return gone
