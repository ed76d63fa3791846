"""How the journal is read all the time: by functions."""

from django.db import migrations

# Planning a query over all months costs ten times as much as running it; a function keeps its plan.
READ = """
CREATE FUNCTION journal_tail(after_era integer, after_xid bigint, after_id bigint, most integer)
RETURNS TABLE (era integer, xid bigint, id bigint, kind text, about_type text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT era, xid, id, kind, about_type FROM journal
    WHERE (era, xid, id) > (after_era, after_xid, after_id)
      AND (era, xid) < ((SELECT era FROM journal_era), pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    ORDER BY era DESC, xid DESC, id DESC LIMIT most;
END $$;

CREATE FUNCTION journal_stretch(after_era integer, after_xid bigint, after_id bigint, most integer)
RETURNS TABLE (era integer, xid bigint, id bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT era, xid, id FROM journal
    WHERE (era, xid, id) > (after_era, after_xid, after_id)
      AND (era, xid) < ((SELECT era FROM journal_era), pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    ORDER BY era, xid, id OFFSET most LIMIT 1;
    IF NOT FOUND THEN
        RETURN QUERY SELECT era, xid, id FROM journal_tail(after_era, after_xid, after_id, 1);
    END IF;
END $$;

CREATE FUNCTION journal_wanted(after_era integer, after_xid bigint, after_id bigint,
                               until_era integer, until_xid bigint, until_id bigint,
                               kinds text[], about_types text[], most integer)
RETURNS SETOF journal
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY SELECT * FROM journal
    WHERE (era, xid, id) > (after_era, after_xid, after_id) AND (era, xid, id) <= (until_era, until_xid, until_id)
      AND kind = ANY (kinds) AND (about_types = '{}' OR about_type = ANY (about_types))
    ORDER BY era, xid, id LIMIT most;
END $$;

CREATE FUNCTION journal_waits() RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (
        SELECT (era, xid) >= ((SELECT era FROM journal_era), pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
        FROM journal ORDER BY era DESC, xid DESC, id DESC LIMIT 1);
END $$;

CREATE FUNCTION journal_around(record uuid, before_id bigint, most integer) RETURNS SETOF journal
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY SELECT j.* FROM (
        (SELECT id, at FROM journal WHERE about_id = record AND id < before_id ORDER BY id DESC LIMIT most)
        UNION
        (SELECT entry_id, at FROM journal_subject WHERE subject_id = record AND entry_id < before_id
         ORDER BY entry_id DESC LIMIT most)
        ORDER BY id DESC LIMIT most
    ) AS found JOIN journal j ON j.id = found.id AND j.at = found.at ORDER BY j.id DESC;
END $$;

CREATE FUNCTION journal_payloads(ids bigint[], moments timestamptz[])
RETURNS TABLE (entry_id bigint, before jsonb, after jsonb, data jsonb)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT p.entry_id, p.before, p.after, p.data
    FROM unnest(ids, moments) AS wanted(id, at) JOIN journal_payload p ON p.entry_id = wanted.id AND p.at = wanted.at;
END $$;
"""

DROP = """
DROP FUNCTION journal_tail, journal_stretch, journal_wanted, journal_waits, journal_around, journal_payloads;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_journal")]
    operations = [migrations.RunSQL(READ, DROP)]
