"""What somebody did themselves is found without reading what everybody did."""

from typing import Any

from django.db import migrations

INDEX = "(user_id, id DESC) WHERE user_id IS NOT NULL"
PARTS = """
SELECT part.inhrelid::regclass::text FROM pg_inherits part WHERE part.inhparent = 'journal'::regclass
  AND NOT EXISTS (
    SELECT FROM pg_index i JOIN pg_inherits built ON built.inhrelid = i.indexrelid
    WHERE i.indrelid = part.inhrelid AND built.inhparent = 'journal_user'::regclass)
ORDER BY 1
"""


def build(_apps: Any, schema_editor: Any) -> None:
    """Month by month while people write; those to come get theirs when they are made."""
    schema_editor.execute(f"CREATE INDEX IF NOT EXISTS journal_user ON ONLY journal {INDEX}")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(PARTS)
        parts = [part for (part,) in cursor.fetchall()]
    for part in parts:
        # A build that was broken off leaves one that is not valid.
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {part}_user")
        schema_editor.execute(f"CREATE INDEX CONCURRENTLY {part}_user ON {part} {INDEX}")
        schema_editor.execute(f"ALTER INDEX journal_user ATTACH PARTITION {part}_user")


def drop(_apps: Any, schema_editor: Any) -> None:
    """All its parts go with it."""
    schema_editor.execute("DROP INDEX IF EXISTS journal_user")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("events", "0006_events_left_out")]
    operations = [migrations.RunPython(build, drop)]
