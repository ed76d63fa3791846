"""Merges, and the story of a record with those of the records that were merged into it."""

import django.contrib.postgres.fields
import rapport.engine.events.ids
from django.db import migrations, models

# Like `journal_story`, of the record and of all that were merged into it, over any number of merges still in force.
# `own` says whether an entry is about one of these themselves.
STORY = """
CREATE FUNCTION merged_story(record uuid, before_id bigint, most integer)
RETURNS TABLE (entry journal, says boolean, was jsonb, became jsonb, told jsonb, own boolean)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    records uuid[] := ARRAY[record];
    found uuid[] := ARRAY[record];
BEGIN
    LOOP
        SELECT array_agg(DISTINCT went.id) INTO found
        FROM record_merge m CROSS JOIN unnest(m.losers) AS went(id)
        WHERE m.survivor = ANY (found) AND m.deleted_at IS NULL AND went.id <> ALL (records);
        EXIT WHEN found IS NULL;
        records := records || found;
    END LOOP;
    RETURN QUERY SELECT j, p.entry_id IS NOT NULL, p.before, p.after, p.data, j.about_id = ANY (records) FROM (
        SELECT around.id, around.at FROM unnest(records) AS asked(id) CROSS JOIN LATERAL (
            (SELECT j.id, j.at FROM journal j WHERE j.about_id = asked.id AND j.id < before_id
             ORDER BY j.id DESC LIMIT most)
            UNION
            (SELECT s.entry_id, s.at FROM journal_subject s WHERE s.subject_id = asked.id AND s.entry_id < before_id
             ORDER BY s.entry_id DESC LIMIT most)
        ) AS around GROUP BY around.id, around.at ORDER BY around.id DESC LIMIT most
    ) AS told_of JOIN journal j ON j.id = told_of.id AND j.at = told_of.at
    LEFT JOIN journal_payload p ON p.entry_id = told_of.id AND p.at = told_of.at ORDER BY j.id DESC;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0020_roles_and_shares"),
        ("events", "0006_events_left_out"),
    ]

    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.UUIDField(default=rapport.engine.events.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("created_by", models.UUIDField(editable=False, null=True)),
                ("changed_at", models.DateTimeField(editable=False)),
                ("changed_by", models.UUIDField(editable=False, null=True)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
                ("deleted_batch", models.UUIDField(editable=False, null=True)),
                ("record_type", models.CharField(max_length=60)),
                ("survivor", models.UUIDField()),
                ("losers", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("batch", models.UUIDField()),
            ],
            options={
                "db_table": "record_merge",
                "indexes": [
                    models.Index(condition=models.Q(("deleted_at", None)), fields=["survivor"], name="merge_by_survivor"),
                    models.Index(fields=["batch"], name="merge_by_batch"),
                ],
            },
        ),
        migrations.RunSQL(STORY, "DROP FUNCTION merged_story"),
    ]
