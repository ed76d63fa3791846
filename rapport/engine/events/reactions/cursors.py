"""How far each reaction has read, and what comes next.

Position is (era, transaction id, id). A transaction is closed when its id lies below the oldest one still open:
from then on nothing can appear before it, so reading up to there and no further skips nothing.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connections

from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry, ReactionCursor
from rapport.engine.events.reactions.registry import REACTIONS, Reaction

STRETCH = 20_000  # entries that are looked through at a time for the few that a reaction wants
TAIL = 1_000  # of the newest entries, to tell in one look which reactions want any of them

TAIL_AFTER = "SELECT * FROM journal_tail(%s, %s, %s, %s)"
END_OF_STRETCH = "SELECT * FROM journal_stretch(%s, %s, %s, %s)"
WANTED = "SELECT * FROM journal_wanted(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
BARE = WANTED.replace("*", "id, era, xid, kind, about_type, about_id")
# Whoever is at work on a cursor is left alone, and none goes back.
MOVE_IDLE = """
UPDATE reaction_cursor SET era = %(era)s, xid = %(xid)s, entry_id = %(id)s, moved_at = now()
WHERE name IN (
    SELECT name FROM reaction_cursor
    WHERE name = ANY(%(names)s) AND (era, xid, entry_id) < (%(era)s, %(xid)s, %(id)s)
    FOR UPDATE SKIP LOCKED)
"""


class Position(NamedTuple):
    """A place in the order of the journal."""

    era: int = 0
    xid: int = 0
    id: int = 0


class News(NamedTuple):
    """What an entry is, and where."""

    at: Position
    kind: str
    about_type: str


def start_reactions(using: str = "default") -> None:
    """Let reactions that are new begin: from now on, or at the very beginning. Called after each migration."""
    new = REACTIONS.keys() - set(ReactionCursor.objects.using(using).values_list("name", flat=True))
    if not new:
        return
    now = next((news.at for news in _tail(Position(), 1, using)), Position())
    begins = {name: Position() if REACTIONS[name].replay else now for name in new}
    ReactionCursor.objects.using(using).bulk_create(
        [ReactionCursor(name=name, era=at.era, xid=at.xid, entry_id=at.id) for name, at in begins.items()],
        ignore_conflicts=True,
    )


def reactions_with_news() -> list[Reaction]:
    """Those that want something of what is closed, or are so far behind that one has to look."""
    positions = _positions()
    if REACTIONS.keys() - positions.keys():
        start_reactions()
        positions = _positions()
    if not REACTIONS:
        return []
    tail = list(_tail(min(positions[name] for name in REACTIONS), TAIL))
    wanting = [reaction for name, reaction in REACTIONS.items() if _has_news(reaction, positions[name], tail)]
    if len(tail) > TAIL // 2:
        _pass_over(REACTIONS.keys() - {reaction.name for reaction in wanting}, tail[0].at)
    return wanting


def anything_waits() -> bool:
    """Whether entries are waiting for an older transaction to end."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT journal_waits()")
        return bool(cursor.fetchone()[0])


def locked_cursor(reaction: Reaction) -> ReactionCursor | None:
    """The reaction's cursor, held until the transaction ends; None while another worker holds it."""
    return ReactionCursor.objects.select_for_update(skip_locked=True).filter(name=reaction.name).first()


def position_of(cursor: ReactionCursor) -> Position:
    return Position(cursor.era, cursor.xid, cursor.entry_id)


def next_entries(reaction: Reaction, after: Position, limit: int) -> tuple[list[JournalEntry], Position]:
    """The next entries that a reaction wants, as it wants them, and the position up to which that is all."""
    with connections["default"].cursor() as cursor:
        cursor.execute(END_OF_STRETCH, [*after, STRETCH])
        row = cursor.fetchone()
    if row is None:
        return [], after
    end = Position(*row)
    wanted = [list(reaction.kinds), list(reaction.about_types)]
    entries = list(JournalEntry.objects.raw(WANTED if reaction.values else BARE, [*after, *end, *wanted, limit]))
    if reaction.values:
        with_payloads(entries)
    if len(entries) == limit:
        last = entries[-1]
        end = Position(last.era, last.xid, last.id)
    return entries, end


def _positions() -> dict[str, Position]:
    return {cursor.name: position_of(cursor) for cursor in ReactionCursor.objects.all()}


def _tail(after: Position, most: int, using: str = "default") -> Iterator[News]:
    """The last entries that are closed, newest first."""
    with connections[using].cursor() as cursor:
        cursor.execute(TAIL_AFTER, [*after, most])
        rows: list[Any] = cursor.fetchall()
    for era, xid, entry_id, kind, about_type in rows:
        yield News(Position(era, xid, entry_id), kind, about_type)


def _has_news(reaction: Reaction, position: Position, tail: Sequence[News]) -> bool:
    if not tail or position >= tail[0].at:
        return False
    if len(tail) == TAIL and position < tail[-1].at:
        return True
    return any(news.at > position and reaction.wants(news.kind, news.about_type) for news in tail)


def _pass_over(names: Collection[str], end: Position) -> None:
    """Move cursors past what their reactions do not want."""
    with connections["default"].cursor() as cursor:
        cursor.execute(MOVE_IDLE, {"names": list(names), **end._asdict()})
