"""The seal: one sealer binds closed entries into blocks, each to the one before, so that none can be altered unseen."""

from django.db import connection, transaction

BLOCK = 20_000
FORM = 2  # how blocks are hashed now; those of earlier forms verify as they were sealed
SEALER_LOCK = 7_262_001  # advisory lock: only one sealer at a time

NEXT_BLOCK = """
WITH tail AS (
    SELECT last_era, last_xid, last_id, head FROM journal_seal ORDER BY id DESC LIMIT 1
), block AS MATERIALIZED (
    SELECT j.era, j.xid, j.id, j.at, j AS entry
    FROM journal j
    WHERE (j.era, j.xid, j.id) > (coalesce((SELECT last_era FROM tail), 0), coalesce((SELECT last_xid FROM tail), 0),
                                  coalesce((SELECT last_id FROM tail), 0))
      AND (j.era, j.xid) < ((SELECT era FROM journal_era), pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    ORDER BY j.era, j.xid, j.id
    LIMIT %s
), about AS (
    SELECT s.entry_id, s.at, string_agg(jsonb_build_array(s.type, s.subject_id, s.role)::text, ''
                                        ORDER BY s.subject_id, s.role, s.type) AS subjects
    FROM journal_subject s
    WHERE s.entry_id BETWEEN (SELECT min(id) FROM block) AND (SELECT max(id) FROM block)
    GROUP BY s.entry_id, s.at
), summed AS (
    SELECT count(*)::int AS count, coalesce((SELECT head FROM tail), '') AS previous,
           sha256(string_agg(journal_about_digest(b.entry, about.subjects, %s::smallint), ''
                             ORDER BY b.era, b.xid, b.id)) AS root
    FROM block b LEFT JOIN about ON about.entry_id = b.id AND about.at = b.at
), ends AS (
    SELECT (SELECT ARRAY[era, xid, id] FROM block ORDER BY era, xid, id LIMIT 1) AS first,
           (SELECT ARRAY[era, xid, id] FROM block ORDER BY era DESC, xid DESC, id DESC LIMIT 1) AS last
)
INSERT INTO journal_seal
    (first_era, first_xid, first_id, last_era, last_xid, last_id, count, form, root, previous, head)
SELECT e.first[1], e.first[2], e.first[3], e.last[1], e.last[2], e.last[3], s.count, f.form, s.root, s.previous,
       journal_seal_head(s.previous, s.root, s.count, f.form)
FROM summed s, ends e, (SELECT %s::smallint AS form) f WHERE s.count > 0
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
        cursor.execute(NEXT_BLOCK, [BLOCK, FORM, FORM])
        row = cursor.fetchone()
    return row[0] if row else 0
