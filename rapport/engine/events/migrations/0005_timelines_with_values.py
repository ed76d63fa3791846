"""The entries of a timeline with their values in one call. `journal_around` goes once no running version asks it."""

from django.db import migrations

STORY = """
CREATE FUNCTION journal_story(record uuid, before_id bigint, most integer)
RETURNS TABLE (entry journal, says boolean, was jsonb, became jsonb, told jsonb)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY SELECT j, p.entry_id IS NOT NULL, p.before, p.after, p.data FROM (
        (SELECT id, at FROM journal WHERE about_id = record AND id < before_id ORDER BY id DESC LIMIT most)
        UNION
        (SELECT entry_id, at FROM journal_subject WHERE subject_id = record AND entry_id < before_id
         ORDER BY entry_id DESC LIMIT most)
        ORDER BY id DESC LIMIT most
    ) AS found JOIN journal j ON j.id = found.id AND j.at = found.at
    LEFT JOIN journal_payload p ON p.entry_id = found.id AND p.at = found.at ORDER BY j.id DESC;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0004_woken_after_commit")]
    operations = [migrations.RunSQL(STORY, "DROP FUNCTION journal_story")]
