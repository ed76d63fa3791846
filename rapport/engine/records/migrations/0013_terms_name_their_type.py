"""Each term says of which record type it is, and names are also found by their last words, and by their owners.

Documents are written anew in slices of their own, so that nobody waits; begun twice, it goes on where it ended.
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

import rapport.engine.records.models.search

SLICE = 5_000
NAME_TYPE = """
WITH slice AS (SELECT record_id FROM search_document WHERE record_id > %s ORDER BY record_id LIMIT %s),
     named AS (
    UPDATE search_document AS d SET terms = (
        SELECT array_to_tsvector(coalesce(array_agg(d.record_type || '.' || term), '{}'))
        FROM unnest(tsvector_to_array(d.terms)) AS term
    )
    FROM slice WHERE d.record_id = slice.record_id AND NOT EXISTS (
        SELECT FROM unnest(tsvector_to_array(d.terms)) AS term WHERE starts_with(term, d.record_type || '.')
    )
)
SELECT max(record_id::text) FROM slice
"""
KEEP_WORDS = """
INSERT INTO search_word (word) SELECT DISTINCT word
FROM search_document, regexp_split_to_table(names COLLATE "default", '[\\W_]+') AS word
WHERE length(word) BETWEEN 3 AND 24 AND word !~ '^[0-9]+$'
"""


def name_types(_apps: Any, schema_editor: Any) -> None:
    last = "00000000-0000-0000-0000-000000000000"
    with schema_editor.connection.cursor() as cursor:
        while last:
            cursor.execute(NAME_TYPE, [last, SLICE])
            (last,) = cursor.fetchone()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("records", "0012_words_of_names")]
    operations = [
        AddIndexConcurrently(
            model_name="searchdocument",
            index=models.Index(
                models.F("record_type"),
                rapport.engine.records.models.search.LastWordFirst(models.F("names")),
                name="search_by_last_word",
            ),
        ),
        AddIndexConcurrently(
            model_name="searchdocument",
            index=models.Index(
                condition=models.Q(("owner_id__isnull", False)),
                fields=["owner_id", "record_type", "names"],
                name="search_own_by_name",
            ),
        ),
        migrations.RunPython(name_types, migrations.RunPython.noop),
        migrations.RunSQL([("DELETE FROM search_word", None), (KEEP_WORDS, None)], migrations.RunSQL.noop),
        RemoveIndexConcurrently(model_name="searchdocument", name="search_by_owner"),
        RemoveIndexConcurrently(model_name="searchdocument", name="search_names_alike"),
    ]
