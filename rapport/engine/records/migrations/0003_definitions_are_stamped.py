"""Whoever changes a definition, in whatever way, raises the stamp that tells every process to read them anew."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION stamp_definitions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE definition_stamp SET stamp = stamp + 1, at = now();
    RETURN NULL;
END $$;
"""
TABLES = ("organisation", "choice", "custom_field")


def trigger(table):
    return (
        f"CREATE TRIGGER {table}_stamps AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION stamp_definitions();"
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0002_the_organisation")]
    operations = [
        migrations.RunSQL(
            FUNCTION + "".join(trigger(table) for table in TABLES), "DROP FUNCTION stamp_definitions CASCADE"
        )
    ]
