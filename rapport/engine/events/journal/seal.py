"""The seal: one sealer binds closed entries into blocks, each to the one before, so that none can be altered unseen."""

from django.db import connection, transaction

BLOCK = 20_000
SEALER_LOCK = 7_262_001  # advisory lock: only one sealer at a time

NEXT_BLOCK = """
WITH tail AS (
    SELECT last_era, last_xid, last_id, head FROM journal_seal ORDER BY id DESC LIMIT 1
), block AS MATERIALIZED (
    SELECT j.era, j.xid, j.id, journal_entry_digest(j) AS digest
    FROM journal j
    WHERE (j.era, j.xid, j.id) > (coalesce((SELECT last_era FROM tail), 0), coalesce((SELECT last_xid FROM tail), 0),
                                  coalesce((SELECT last_id FROM tail), 0))
      AND (j.era, j.xid) < ((SELECT era FROM journal_era), pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    ORDER BY j.era, j.xid, j.id
    LIMIT %s
), summed AS (
    SELECT count(*)::int AS count, sha256(string_agg(digest, '' ORDER BY era, xid, id)) AS root,
           coalesce((SELECT head FROM tail), '') AS previous
    FROM block
), ends AS (
    SELECT (SELECT ARRAY[era, xid, id] FROM block ORDER BY era, xid, id LIMIT 1) AS first,
           (SELECT ARRAY[era, xid, id] FROM block ORDER BY era DESC, xid DESC, id DESC LIMIT 1) AS last
)
INSERT INTO journal_seal (first_era, first_xid, first_id, last_era, last_xid, last_id, count, root, previous, head)
SELECT e.first[1], e.first[2], e.first[3], e.last[1], e.last[2], e.last[3], s.count, s.root, s.previous,
       sha256(s.previous || s.root || int4send(s.count))
FROM summed s, ends e WHERE s.count > 0
RETURNING count
"""


def seal() -> int:
    """Seal all closed entries that are not sealed yet. Returns how many; 0 when another sealer is at work."""
    total = 0
    while count := _seal_block():
        total += count
    return total


def _seal_block() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(NEXT_BLOCK, [BLOCK])
        row = cursor.fetchone()
    return row[0] if row else 0
