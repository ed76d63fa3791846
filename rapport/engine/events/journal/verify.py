"""Verifying: recompute every block of the seal and every payload, and say what does not fit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection

STRETCH = 40_000  # entries that one statement verifies
BEGINNING = datetime.min.replace(tzinfo=UTC)

# A block reaches from the end of the one before, so that nothing can hide between two of them. Values and subjects are
# asked for by entry: how many entries a block spans the planner cannot know, and would read all of both tables.
CHECK_BLOCKS = """
WITH seals AS (
    SELECT *, coalesce(lag(last_era) OVER w, 0) AS from_era, coalesce(lag(last_xid) OVER w, 0) AS from_xid,
           coalesce(lag(last_id) OVER w, 0) AS from_id, coalesce(lag(head) OVER w, '') AS before
    FROM journal_seal WHERE id BETWEEN %(after)s AND %(until)s WINDOW w AS (ORDER BY id)
)
SELECT s.id, s.count, encode(s.head, 'hex'), block.count, block.root = s.root,
       s.previous = s.before AND s.head = journal_seal_head(s.before, s.root, s.count, s.form),
       block.altered, block.bare
FROM seals s CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, sha256(string_agg(e.digest, '' ORDER BY e.era, e.xid, e.id)) AS root,
           coalesce(array_agg(e.id) FILTER (WHERE e.altered), '{}') AS altered,
           coalesce(array_agg(e.id) FILTER (WHERE e.bare), '{}') AS bare
    FROM (
        SELECT j.era, j.xid, j.id, journal_about_digest(j, about.subjects, s.form) AS digest,
               j.digest IS NOT NULL AND p.entry_id IS NULL AS bare,
               p.entry_id IS NOT NULL
                   AND j.digest IS DISTINCT FROM journal_payload_digest(p.salt, p.before, p.after, p.data) AS altered
        FROM journal j LEFT JOIN LATERAL (
            SELECT * FROM journal_payload x WHERE x.entry_id = j.id AND x.at = j.at OFFSET 0
        ) p ON true CROSS JOIN LATERAL (
            SELECT string_agg(jsonb_build_array(x.type, x.subject_id, x.role)::text, ''
                              ORDER BY x.subject_id, x.role, x.type) AS subjects
            FROM journal_subject x WHERE x.entry_id = j.id AND x.at = j.at
        ) about
        WHERE (j.era, j.xid, j.id) > (s.from_era, s.from_xid, s.from_id)
          AND (j.era, j.xid, j.id) <= (s.last_era, s.last_xid, s.last_id)
    ) e
) block
WHERE s.id > %(after)s ORDER BY s.id
"""

STRETCHES = """
SELECT max(id) FROM (
    SELECT id, (sum(count) OVER (ORDER BY id)) / %s AS stretch FROM journal_seal WHERE id > %s
) AS seals GROUP BY stretch ORDER BY 1
"""

UNSEALED = """
WITH tail AS (SELECT last_era, last_xid, last_id FROM journal_seal ORDER BY id DESC LIMIT 1)
SELECT count(*) FROM journal
WHERE (era, xid, id) > (coalesce((SELECT last_era FROM tail), 0), coalesce((SELECT last_xid FROM tail), 0),
                        coalesce((SELECT last_id FROM tail), 0))
"""

STRAY_SUBJECTS = """
SELECT count(*) FROM journal_subject s
WHERE s.at >= %s AND NOT EXISTS (SELECT FROM journal j WHERE j.id = s.entry_id AND j.at = s.at)
"""

STRAY_PAYLOADS = """
SELECT count(*) FROM journal_payload p
WHERE p.at >= %s AND NOT EXISTS (SELECT FROM journal j WHERE j.id = p.entry_id AND j.at = p.at)
"""


@dataclass
class Report:
    """What verifying found. `faults` is empty when nothing was altered; `erased` counts entries by request.

    `seal` and `head` are those of the last block.
    """

    sealed: int = 0
    unsealed: int = 0
    seal: int = 0
    head: str = ""
    erased: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class Block(NamedTuple):
    """A block as it was sealed and as it is found."""

    id: int
    sealed: int
    head: str
    found: int
    same_root: bool | None
    same_chain: bool
    altered: list[int]
    bare: list[int]


@dataclass(frozen=True)
class Start:
    """From where on to verify: the blocks after one whose head was kept, and what was written since a moment."""

    seal: int = 0
    head: str = ""
    since: datetime = BEGINNING


FROM_THE_FIRST = Start()


def verify(*, head: str = "", start: Start = FROM_THE_FIRST) -> Report:
    """Recompute every block and every payload, oldest first; with a `start`, those that came after it.

    `head` is one that was kept outside: it must be in the chain, so that a cut-off end is found too.
    """
    report = Report(seal=start.seal, head=start.head)
    if start.seal and _head_of(start.seal) != start.head:
        report.faults.append(f"Block {start.seal} is gone, or no longer the one that was verified before.")
    is_known = not head or head == start.head
    for block in _blocks(start.seal):
        _check(block, report)
        report.seal, report.head = block.id, block.head
        is_known = is_known or block.head == head
    if not is_known:
        report.faults.append(f"The head {head} is not in the chain of seals: its end was cut off or replaced.")
    report.unsealed = _count(UNSEALED)
    if stray := _count(STRAY_PAYLOADS, start.since):
        report.faults.append(f"{stray} payloads belong to no entry.")
    if stray := _count(STRAY_SUBJECTS, start.since):
        report.faults.append(f"{stray} subjects belong to no entry.")
    return report


def _head_of(seal: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(head, 'hex') FROM journal_seal WHERE id = %s", [seal])
        row = cursor.fetchone()
    return row[0] if row else ""


def _blocks(after: int) -> Iterator[Block]:
    with connection.cursor() as cursor:
        cursor.execute(STRETCHES, [STRETCH, after])
        ends = [end for (end,) in cursor.fetchall()]
    for until in ends:
        with connection.cursor() as cursor:
            cursor.execute(CHECK_BLOCKS, {"after": after, "until": until})
            yield from (Block(*row) for row in cursor.fetchall())
        after = until


def _check(block: Block, report: Report) -> None:
    if block.found != block.sealed:
        report.faults.append(f"Block {block.id}: {block.sealed} entries were sealed, {block.found} are there.")
    elif not block.same_root:
        report.faults.append(f"Block {block.id}: an entry was altered, or whom it is about.")
    if not block.same_chain:
        report.faults.append(f"Block {block.id}: the chain of seals is broken.")
    report.faults += [f"Entry {entry}: its values were altered." for entry in block.altered]
    report.sealed += block.found
    _account_for_bare(block.bare, report)


def _account_for_bare(entries: list[int], report: Report) -> None:
    """A payload may be missing only where an erasure request says so."""
    if not entries:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id, request FROM journal_erased WHERE entry_id = ANY(%s)", [entries])
        requests = dict(cursor.fetchall())
    for entry in entries:
        if entry in requests:
            report.erased[requests[entry]] = report.erased.get(requests[entry], 0) + 1
        else:
            report.faults.append(f"Entry {entry}: its values are missing and no erasure accounts for it.")


def _count(query: str, *values: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        count: int = cursor.fetchone()[0]
    return count
