"""Rules for fields and layouts of the record page; both are definitions, so changing them raises the stamp."""

import rapport.engine.events.ids
from django.db import migrations, models


TABLES = ("field_rule", "page_layout")


def trigger(table):
    return (
        f"CREATE TRIGGER {table}_stamps AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION stamp_definitions();"
    )


def untrigger(table):
    return f"DROP TRIGGER {table}_stamps ON {table};"


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0016_bulk_runs'),
    ]

    operations = [
        migrations.CreateModel(
            name='FieldRule',
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
                ('field', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('visible', 'Visible'), ('required', 'Required'), ('readonly', 'Readonly')], max_length=10)),
                ('condition', models.TextField()),
            ],
            options={
                'db_table': 'field_rule',
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('record_type', 'field', 'kind'), name='field_rule_once')],
            },
        ),
        migrations.CreateModel(
            name='PageLayout',
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
                ('role', models.CharField(max_length=60)),
                ('panels', models.JSONField(default=list)),
            ],
            options={
                'db_table': 'page_layout',
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('record_type', 'role'), name='page_layout_once')],
            },
        ),
        migrations.RunSQL("".join(map(trigger, TABLES)), "".join(map(untrigger, TABLES))),
    ]
