"""Who listens to the journal is woken after the commit that writes it, no longer by it."""

from django.db import migrations

WRITE = """
CREATE OR REPLACE FUNCTION journal_write(entries jsonb, at timestamptz, actor_kind text, actor_id uuid, actor_name text,
                              user_id uuid, batch uuid, reason text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH input AS MATERIALIZED (
        SELECT nextval('journal_id_seq') AS entry_id, uuid_send(gen_random_uuid()) AS salt, r.*,
               before IS NOT NULL OR after IS NOT NULL OR data IS NOT NULL AS says
        FROM jsonb_to_recordset(entries) AS r(
            kind text, type text, id uuid, before jsonb, after jsonb, data jsonb, subjects jsonb)
    ), payload AS (
        INSERT INTO journal_payload (entry_id, at, salt, before, after, data)
        SELECT i.entry_id, journal_write.at, i.salt, i.before, i.after, i.data FROM input i WHERE i.says
    ), subject AS (
        INSERT INTO journal_subject (entry_id, at, type, subject_id, role)
        SELECT DISTINCT i.entry_id, journal_write.at, s.type, s.id, s.role
        FROM input i, jsonb_to_recordset(i.subjects) AS s(type text, id uuid, role text)
    )
    INSERT INTO journal (id, era, xid, at, actor_kind, actor_id, actor_name, user_id,
                         kind, about_type, about_id, batch, reason, digest)
    SELECT i.entry_id, (SELECT era FROM journal_era), pg_current_xact_id()::text::bigint, journal_write.at,
           journal_write.actor_kind, journal_write.actor_id, journal_write.actor_name, journal_write.user_id,
           i.kind, i.type, i.id, journal_write.batch, journal_write.reason,
           CASE WHEN i.says THEN journal_payload_digest(i.salt, i.before, i.after, i.data) END
    FROM input i;
END $$;
"""

# What commits nothing but a notice need not wait for the disk, and holds its lock for a moment only.
WAKE = """
CREATE FUNCTION journal_wake() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM pg_notify('journal', '');
END $$;
"""

BEFORE = """
DROP FUNCTION journal_wake;
CREATE OR REPLACE FUNCTION journal_write(entries jsonb, at timestamptz, actor_kind text, actor_id uuid, actor_name text,
                              user_id uuid, batch uuid, reason text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH input AS MATERIALIZED (
        SELECT nextval('journal_id_seq') AS entry_id, uuid_send(gen_random_uuid()) AS salt, r.*,
               before IS NOT NULL OR after IS NOT NULL OR data IS NOT NULL AS says
        FROM jsonb_to_recordset(entries) AS r(
            kind text, type text, id uuid, before jsonb, after jsonb, data jsonb, subjects jsonb)
    ), payload AS (
        INSERT INTO journal_payload (entry_id, at, salt, before, after, data)
        SELECT i.entry_id, journal_write.at, i.salt, i.before, i.after, i.data FROM input i WHERE i.says
    ), subject AS (
        INSERT INTO journal_subject (entry_id, at, type, subject_id, role)
        SELECT DISTINCT i.entry_id, journal_write.at, s.type, s.id, s.role
        FROM input i, jsonb_to_recordset(i.subjects) AS s(type text, id uuid, role text)
    )
    INSERT INTO journal (id, era, xid, at, actor_kind, actor_id, actor_name, user_id,
                         kind, about_type, about_id, batch, reason, digest)
    SELECT i.entry_id, (SELECT era FROM journal_era), pg_current_xact_id()::text::bigint, journal_write.at,
           journal_write.actor_kind, journal_write.actor_id, journal_write.actor_name, journal_write.user_id,
           i.kind, i.type, i.id, journal_write.batch, journal_write.reason,
           CASE WHEN i.says THEN journal_payload_digest(i.salt, i.before, i.after, i.data) END
    FROM input i;
    PERFORM pg_notify('journal', '');
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0003_seal_covers_subjects")]
    operations = [migrations.RunSQL([WRITE, WAKE], [BEFORE])]
