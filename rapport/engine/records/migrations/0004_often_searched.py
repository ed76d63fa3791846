"""Custom fields that are often searched: the wish, what was built for it, and the key by which text is sorted."""

from django.db import migrations, models
from django.db.models.functions import Now

# Immutable, so that an index can stand on it. Upper before lower: what is equal without regard to case has one key.
SORT_KEY = r"""
CREATE FUNCTION sort_key(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN left(regexp_replace(normalize(lower(upper(left(given, 200))), NFKD), '[\u0300-\u036f]+', '', 'g'), 200);
"""
STAMP = """
CREATE TRIGGER field_indexes_stamps AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON field_indexes
FOR EACH STATEMENT EXECUTE FUNCTION stamp_definitions();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0003_definitions_are_stamped")]
    operations = [
        migrations.AddField("customfield", "indexed", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="FieldIndexes",
            fields=[
                ("field_id", models.UUIDField(primary_key=True, serialize=False)),
                ("built", models.JSONField(default=list)),
                ("error", models.TextField(blank=True)),
                ("at", models.DateTimeField(db_default=Now())),
            ],
            options={"db_table": "field_indexes"},
        ),
        migrations.RunSQL(SORT_KEY, "DROP FUNCTION sort_key(text)"),
        migrations.RunSQL(STAMP, migrations.RunSQL.noop),
    ]
