"""How far reactions lie behind, and which open transaction holds them back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from rapport.engine.events.models import ParkedEvent, ReactionCursor
from rapport.engine.events.reactions.registry import REACTIONS, Reaction

COUNTED = 10_000

BEHIND = """
SELECT count(*), min(at) FROM (
    SELECT at FROM journal
    WHERE (era, xid, id) > (%s, %s, %s) AND kind = ANY(%s) AND (%s::text[] = '{}' OR about_type = ANY(%s))
    ORDER BY era, xid, id LIMIT %s
) AS waiting
"""
OLDEST_OPEN = """
SELECT pid, application_name, xact_start, state FROM pg_stat_activity
WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
ORDER BY age(backend_xid) DESC LIMIT 1
"""


@dataclass(frozen=True)
class Lag:
    """How many entries wait for a reaction (10,000 means so many or more), since when, and how many are parked."""

    reaction: str
    behind: int
    since: datetime | None
    parked: int


@dataclass(frozen=True)
class Blocker:
    """The oldest transaction that still writes: nothing that was written after it began can be read yet.

    `since` and `state` are None for the session of another database role where ours lacks `pg_read_all_stats`.
    """

    pid: int
    application: str
    since: datetime | None
    state: str | None


def lag() -> list[Lag]:
    """One line for each reaction, in order of their names."""
    cursors = {cursor.name: cursor for cursor in ReactionCursor.objects.all()}
    return [_lag(reaction, cursors.get(name)) for name, reaction in sorted(REACTIONS.items())]


def blocker() -> Blocker | None:
    """The oldest open transaction with changes in this server; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_OPEN)
        row = cursor.fetchone()
    return Blocker(*row) if row else None


def _lag(reaction: Reaction, at: ReactionCursor | None) -> Lag:
    parked = ParkedEvent.objects.filter(reaction=reaction.name, left_out_at=None).count()
    if at is None:
        return Lag(reaction.name, 0, None, parked)
    about = list(reaction.about_types)
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, [at.era, at.xid, at.entry_id, list(reaction.kinds), about, about, COUNTED])
        behind, since = cursor.fetchone()
    return Lag(reaction.name, behind, since, parked)
