"""The seal covers whom else an entry is about. Blocks that were sealed before stay as they are and say so."""

from django.db import migrations, models

# Blocks of form 1 hash entries alone, those of form 2 each entry with its subjects. Stable as in the first migration.
FORMS = """
ALTER TABLE journal_seal ADD COLUMN form smallint NOT NULL DEFAULT 1;

CREATE FUNCTION journal_seal_head(previous bytea, root bytea, count integer, form smallint) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(previous || root || int4send(count) || CASE WHEN form = 1 THEN '' ELSE int2send(form) END)
$$;

CREATE FUNCTION journal_about_digest(entry journal, subjects text, form smallint) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN form = 1 THEN journal_entry_digest(entry)
                ELSE sha256(journal_entry_digest(entry) || convert_to(coalesce(subjects, ''), 'UTF8')) END
$$;
"""
DROP = """
DROP FUNCTION journal_about_digest, journal_seal_head;
ALTER TABLE journal_seal DROP COLUMN form;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0002_reading")]
    operations = [
        migrations.RunSQL(FORMS, DROP),
        migrations.AddField("journalseal", "form", models.SmallIntegerField(default=1)),
    ]
