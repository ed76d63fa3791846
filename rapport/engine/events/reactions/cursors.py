"""How far each reaction has read, and what comes next.

Position is (era, transaction id, id). A transaction is closed when its id lies below the oldest one still open:
from then on nothing can appear before it, so reading up to there and no further skips nothing.
"""

from typing import Any, NamedTuple

from django.db import connections

from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry, ReactionCursor
from rapport.engine.events.reactions.registry import REACTIONS, Reaction

STRETCH = 20_000  # entries that are looked through at a time for the few that a reaction wants

BOUND = "((SELECT era FROM journal_era), pg_snapshot_xmin(pg_current_snapshot())::text::bigint)"
CLOSED, OPEN = f"(era, xid) < {BOUND}", f"(era, xid) >= {BOUND}"
LAST_CLOSED = f"SELECT era, xid, id FROM journal WHERE {CLOSED} ORDER BY era DESC, xid DESC, id DESC LIMIT 1"  # noqa: S608 — constants

# The end of the stretch, or of what is closed if that comes first.
END_OF_STRETCH = f"""
(SELECT era, xid, id FROM journal WHERE (era, xid, id) > (%s, %s, %s) AND {CLOSED}
 ORDER BY era, xid, id LIMIT 1 OFFSET %s)
UNION ALL ({LAST_CLOSED}) LIMIT 1
"""  # noqa: S608 — constants
NEXT_ENTRIES = """
SELECT * FROM journal
WHERE (era, xid, id) > (%(era)s, %(xid)s, %(id)s) AND (era, xid, id) <= (%(to_era)s, %(to_xid)s, %(to_id)s)
  AND kind = ANY(%(kinds)s) AND (%(about)s::text[] = '{}' OR about_type = ANY(%(about)s))
ORDER BY era, xid, id LIMIT %(limit)s
"""


class Position(NamedTuple):
    """A place in the order of the journal."""

    era: int = 0
    xid: int = 0
    id: int = 0


def last_closed(using: str = "default") -> Position:
    """The last entry that nothing can appear before any more."""
    return _position(LAST_CLOSED, [], using) or Position()


def start_reactions(using: str = "default") -> None:
    """Let reactions that are new begin: from now on, or at the very beginning. Called after each migration."""
    known = set(ReactionCursor.objects.using(using).values_list("name", flat=True))
    now = last_closed(using)
    new = []
    for reaction in REACTIONS.values():
        if reaction.name not in known:
            era, xid, entry_id = Position() if reaction.replay else now
            new.append(ReactionCursor(name=reaction.name, era=era, xid=xid, entry_id=entry_id))
    if new:
        ReactionCursor.objects.using(using).bulk_create(new, ignore_conflicts=True)


def reactions_behind() -> list[Reaction]:
    """Those that have not read everything that is closed."""
    end = last_closed()
    cursors = _cursors()
    if REACTIONS.keys() - cursors.keys():
        start_reactions()
        cursors = _cursors()
    return [reaction for reaction in REACTIONS.values() if position_of(cursors[reaction.name]) < end]


def anything_open() -> bool:
    """Whether entries are waiting for an older transaction to end."""
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM journal WHERE {OPEN})")  # noqa: S608 — constants
        answer: bool = cursor.fetchone()[0]
    return answer


def locked_cursor(reaction: Reaction) -> ReactionCursor | None:
    """The reaction's cursor, held until the transaction ends; None while another worker holds it."""
    return ReactionCursor.objects.select_for_update(skip_locked=True).filter(name=reaction.name).first()


def _cursors() -> dict[str, ReactionCursor]:
    return {cursor.name: cursor for cursor in ReactionCursor.objects.all()}


def position_of(cursor: ReactionCursor) -> Position:
    return Position(cursor.era, cursor.xid, cursor.entry_id)


def next_entries(reaction: Reaction, after: Position, limit: int) -> tuple[list[JournalEntry], Position]:
    """The next entries that a reaction wants, with their payloads, and the position up to which that is all."""
    end = _position(END_OF_STRETCH, [*after, STRETCH]) or after
    if end <= after:
        return [], after
    parameters: dict[str, Any] = after._asdict() | {f"to_{name}": value for name, value in end._asdict().items()}
    parameters |= {"kinds": list(reaction.kinds), "about": list(reaction.about_types), "limit": limit}
    entries = list(JournalEntry.objects.raw(NEXT_ENTRIES, parameters))
    with_payloads(entries)
    if len(entries) == limit:
        last = entries[-1]
        end = Position(last.era, last.xid, last.id)
    return entries, end


def _position(query: str, parameters: list[int], using: str = "default") -> Position | None:
    with connections[using].cursor() as cursor:
        cursor.execute(query, parameters)
        row = cursor.fetchone()
    return Position(*row) if row else None
