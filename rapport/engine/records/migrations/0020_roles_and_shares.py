"""Roles that administrators make, and shares of single records: both are kept in memory, so they raise the stamp."""

import rapport.engine.events.ids
from django.db import migrations, models


TABLES = ("role", "record_share")
# What a transaction saw that was taken back may stand in the memory of its process: its stamp must not come again.
NEVER_TWICE = """
CREATE SEQUENCE definition_stamps;
SELECT setval('definition_stamps', coalesce((SELECT max(stamp) FROM definition_stamp), 0) + 1);
CREATE OR REPLACE FUNCTION stamp_definitions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE definition_stamp SET stamp = nextval('definition_stamps'), at = now();
    RETURN NULL;
END $$;
"""
COUNTED_UP = """
CREATE OR REPLACE FUNCTION stamp_definitions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE definition_stamp SET stamp = stamp + 1, at = now();
    RETURN NULL;
END $$;
DROP SEQUENCE definition_stamps;
"""


def trigger(table):
    return (
        f"CREATE TRIGGER {table}_stamps AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION stamp_definitions();"
    )


def untrigger(table):
    return f"DROP TRIGGER {table}_stamps ON {table};"


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0019_formulas'),
    ]

    operations = [
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.UUIDField(default=rapport.engine.events.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(editable=False)),
                ('created_by', models.UUIDField(editable=False, null=True)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('changed_by', models.UUIDField(editable=False, null=True)),
                ('deleted_at', models.DateTimeField(editable=False, null=True)),
                ('deleted_batch', models.UUIDField(editable=False, null=True)),
                ('slug', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=100)),
                ('name_fold', models.TextField(db_collation='C', editable=False)),
                ('purpose', models.CharField(blank=True, max_length=300)),
                ('policies', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'role',
                'verbose_name_plural': 'roles',
                'db_table': 'role',
                'constraints': [models.UniqueConstraint(fields=('slug',), name='role_slug_once'), models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('name_fold',), name='role_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.UUIDField(default=rapport.engine.events.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(editable=False)),
                ('created_by', models.UUIDField(editable=False, null=True)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('changed_by', models.UUIDField(editable=False, null=True)),
                ('deleted_at', models.DateTimeField(editable=False, null=True)),
                ('deleted_batch', models.UUIDField(editable=False, null=True)),
                ('record_type', models.CharField(max_length=60)),
                ('record_id', models.UUIDField()),
                ('kind', models.CharField(choices=[('user', 'user'), ('team', 'team')], max_length=10)),
                ('holder', models.UUIDField()),
                ('level', models.CharField(choices=[('read', 'see'), ('change', 'see and change')], max_length=10)),
                ('ends_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'share',
                'verbose_name_plural': 'shares',
                'db_table': 'record_share',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['holder', 'record_type'], name='share_by_holder')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('record_id', 'record_type', 'holder'), name='shared_once_with_each')],
            },
        ),
        migrations.RunSQL("".join(map(trigger, TABLES)), "".join(map(untrigger, TABLES))),
        migrations.RunSQL(NEVER_TWICE, COUNTED_UP),
    ]
