"""The journal and its partitions, seal, erasure and the machinery of reactions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = """
CREATE SEQUENCE journal_id_seq;
CREATE TABLE journal_era (era integer NOT NULL);
INSERT INTO journal_era VALUES (1);

CREATE TABLE journal (
    id bigint NOT NULL,
    era integer NOT NULL,
    xid bigint NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    user_id uuid,
    kind text NOT NULL,
    about_type text NOT NULL,
    about_id uuid,
    batch uuid NOT NULL,
    reason text NOT NULL,
    digest bytea,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX journal_position ON journal (era, xid, id);
CREATE INDEX journal_about ON journal (about_id, id DESC);
CREATE INDEX journal_batch ON journal (batch, id DESC);

CREATE TABLE journal_subject (
    entry_id bigint NOT NULL,
    at timestamptz NOT NULL,
    type text NOT NULL,
    subject_id uuid NOT NULL,
    role text NOT NULL,
    PRIMARY KEY (subject_id, entry_id, role, at)
) PARTITION BY RANGE (at);
CREATE INDEX journal_subject_entry ON journal_subject (entry_id);

CREATE TABLE journal_payload (
    entry_id bigint NOT NULL,
    at timestamptz NOT NULL,
    salt bytea NOT NULL,
    before jsonb,
    after jsonb,
    data jsonb,
    PRIMARY KEY (entry_id, at)
) PARTITION BY RANGE (at);

CREATE TABLE journal_elsewhen PARTITION OF journal DEFAULT;
CREATE TABLE journal_subject_elsewhen PARTITION OF journal_subject DEFAULT;
CREATE TABLE journal_payload_elsewhen PARTITION OF journal_payload DEFAULT;

CREATE TABLE journal_erased (
    entry_id bigint PRIMARY KEY,
    record uuid,
    request text NOT NULL,
    erased_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX journal_erased_record ON journal_erased (record);

CREATE TABLE journal_seal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sealed_at timestamptz NOT NULL DEFAULT now(),
    first_era integer NOT NULL, first_xid bigint NOT NULL, first_id bigint NOT NULL,
    last_era integer NOT NULL, last_xid bigint NOT NULL, last_id bigint NOT NULL,
    count integer NOT NULL,
    root bytea NOT NULL,
    previous bytea NOT NULL,
    head bytea NOT NULL,
    UNIQUE (previous)
);
"""

# Declared stable, although they always give the same: only then does the planner put them in line.
DIGESTS = """
CREATE FUNCTION journal_payload_digest(salt bytea, before jsonb, after jsonb, data jsonb) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(salt || convert_to(jsonb_build_array(before, after, data)::text, 'UTF8'))
$$;

CREATE FUNCTION journal_entry_digest(entry journal) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        entry.id, extract(epoch FROM entry.at), entry.actor_kind, entry.actor_id, entry.actor_name, entry.user_id,
        entry.kind, entry.about_type, entry.about_id, entry.batch, entry.reason, encode(entry.digest, 'hex')
    )::text, 'UTF8'))
$$;
"""

WRITE = """
CREATE FUNCTION journal_write(entries jsonb, at timestamptz, actor_kind text, actor_id uuid, actor_name text,
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

# Attaching leaves readers and writers of other months alone, where creating in place would lock the whole journal.
PARTITIONS = """
CREATE FUNCTION journal_make_partitions(since timestamptz, until timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
    month timestamptz := date_trunc('month', since);
    following timestamptz;
    parent text;
    part text;
BEGIN
    WHILE month <= until LOOP
        following := month + interval '1 month';
        FOREACH parent IN ARRAY ARRAY['journal', 'journal_subject', 'journal_payload'] LOOP
            part := parent || '_' || to_char(month, 'YYYY_MM');
            CONTINUE WHEN to_regclass(part) IS NOT NULL;
            EXECUTE format('CREATE TABLE %I (LIKE %I)', part, parent);
            EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_elsewhen');
            EXECUTE format('WITH moved AS (DELETE FROM %I WHERE at >= %L AND at < %L RETURNING *) '
                           'INSERT INTO %I SELECT * FROM moved', parent || '_elsewhen', month, following, part);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                           parent, part, month, following);
            PERFORM journal_guard(part);
        END LOOP;
        month := following;
    END LOOP;
END $$;

CREATE FUNCTION journal_guard(part text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE role regrole;
BEGIN
    FOR role IN SELECT DISTINCT a.grantee::regrole FROM pg_class c, aclexplode(c.relacl) a
                WHERE c.oid = part::regclass AND a.grantee NOT IN (0, c.relowner) LOOP
        EXECUTE format('REVOKE ALL ON %I FROM %s', part, role);
    END LOOP;
END $$;

SELECT journal_guard(parent || '_elsewhen') FROM unnest(ARRAY['journal', 'journal_subject', 'journal_payload']) parent;
SELECT journal_make_partitions(now(), now() + interval '3 months');
"""

ERASE = """
CREATE FUNCTION journal_erase(record uuid, request text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE erased bigint;
BEGIN
    WITH entries AS (
        SELECT j.id, j.at, j.about_id FROM journal j WHERE j.about_id = journal_erase.record
        UNION SELECT j.id, j.at, j.about_id FROM journal_subject s JOIN journal j ON j.id = s.entry_id AND j.at = s.at
        WHERE s.subject_id = journal_erase.record AND s.role = 'parent'
    ), gone AS (
        DELETE FROM journal_payload p USING entries e WHERE p.entry_id = e.id AND p.at = e.at
        RETURNING p.entry_id, e.about_id
    )
    INSERT INTO journal_erased (entry_id, record, request)
    SELECT gone.entry_id, gone.about_id, journal_erase.request FROM gone;
    GET DIAGNOSTICS erased = ROW_COUNT;
    RETURN erased;
END $$;
"""

DROP = """
DROP FUNCTION journal_write, journal_make_partitions, journal_guard, journal_erase;
DROP FUNCTION journal_entry_digest, journal_payload_digest;
DROP TABLE journal_seal, journal_erased, journal_payload, journal_subject, journal, journal_era;
DROP SEQUENCE journal_id_seq;
"""


def guard_the_journal(apps, schema_editor):
    """The role that serves people may add to the journal and read it, never change or remove what it says."""
    for function in ("journal_make_partitions", "journal_guard", "journal_erase"):
        schema_editor.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    app, owner = (settings.DATABASES[alias]["USER"] for alias in ("default", "owner"))
    if app == owner:
        return
    role = schema_editor.quote_name(app)
    schema_editor.execute(f"GRANT EXECUTE ON FUNCTION journal_make_partitions, journal_erase TO {role}")
    for table in ("journal", "journal_subject", "journal_payload", "journal_seal", "journal_erased", "journal_era"):
        schema_editor.execute(f"REVOKE ALL ON {table} FROM {role}")
        schema_editor.execute(f"GRANT SELECT ON {table} TO {role}")
    for table in ("journal", "journal_subject", "journal_payload", "journal_seal"):
        schema_editor.execute(f"GRANT INSERT ON {table} TO {role}")
    schema_editor.execute(f"GRANT USAGE ON SEQUENCE journal_id_seq TO {role}")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL([TABLES, DIGESTS, WRITE, ERASE, PARTITIONS], [DROP]),
        migrations.RunPython(guard_the_journal, migrations.RunPython.noop),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('era', models.IntegerField()),
                ('xid', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('actor_kind', models.TextField()),
                ('actor_id', models.UUIDField(null=True)),
                ('actor_name', models.TextField()),
                ('user_id', models.UUIDField(null=True)),
                ('kind', models.TextField()),
                ('about_type', models.TextField()),
                ('about_id', models.UUIDField(null=True)),
                ('batch', models.UUIDField()),
                ('reason', models.TextField()),
                ('digest', models.BinaryField(null=True)),
            ],
            options={
                'db_table': 'journal',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='JournalSeal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('sealed_at', models.DateTimeField()),
                ('first_era', models.IntegerField()),
                ('first_xid', models.BigIntegerField()),
                ('first_id', models.BigIntegerField()),
                ('last_era', models.IntegerField()),
                ('last_xid', models.BigIntegerField()),
                ('last_id', models.BigIntegerField()),
                ('count', models.IntegerField()),
                ('root', models.BinaryField()),
                ('previous', models.BinaryField()),
                ('head', models.BinaryField()),
            ],
            options={
                'db_table': 'journal_seal',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='JournalSubject',
            fields=[
                ('pk', models.CompositePrimaryKey('subject_id', 'entry_id', 'role', 'at', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entry', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='subjects', to='events.journalentry')),
                ('at', models.DateTimeField()),
                ('type', models.TextField()),
                ('subject_id', models.UUIDField()),
                ('role', models.TextField()),
            ],
            options={
                'db_table': 'journal_subject',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='ReactionCursor',
            fields=[
                ('name', models.TextField(primary_key=True, serialize=False)),
                ('era', models.IntegerField()),
                ('xid', models.BigIntegerField()),
                ('entry_id', models.BigIntegerField()),
                ('moved_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'db_table': 'reaction_cursor',
            },
        ),
        migrations.CreateModel(
            name='JournalPayload',
            fields=[
                ('entry', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='payload', serialize=False, to='events.journalentry')),
                ('at', models.DateTimeField()),
                ('salt', models.BinaryField()),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('data', models.JSONField(null=True)),
            ],
            options={
                'db_table': 'journal_payload',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='ParkedEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('reaction', models.TextField()),
                ('entry_id', models.BigIntegerField()),
                ('error', models.TextField()),
                ('attempts', models.PositiveSmallIntegerField(default=1)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('parked_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'reaction_parked',
                'indexes': [models.Index(fields=['next_try_at'], name='parked_next_try')],
                'constraints': [models.UniqueConstraint(fields=('reaction', 'entry_id'), name='parked_once')],
            },
        ),
    ]
