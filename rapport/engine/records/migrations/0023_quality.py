"""Rules of quality, which are definitions and raise the stamp, confirmations, and what follows from both."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import rapport.engine.events.ids
from django.db import migrations, models


STAMPS = (
    "CREATE TRIGGER quality_rule_stamps AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON quality_rule "
    "FOR EACH STATEMENT EXECUTE FUNCTION stamp_definitions();"
)


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0022_duplicates'),
    ]

    operations = [
        migrations.CreateModel(
            name='FieldSeen',
            fields=[
                ('pk', models.CompositePrimaryKey('record_id', 'field', blank=True, editable=False, primary_key=True, serialize=False)),
                ('record_id', models.UUIDField()),
                ('field', models.CharField(max_length=60)),
                ('changed_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'field_seen',
            },
        ),
        migrations.CreateModel(
            name='QualityDay',
            fields=[
                ('pk', models.CompositePrimaryKey('record_type', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('record_type', models.CharField(max_length=60)),
                ('day', models.DateField()),
                ('average', models.DecimalField(decimal_places=1, max_digits=4)),
                ('records', models.BigIntegerField()),
            ],
            options={
                'db_table': 'quality_day',
            },
        ),
        migrations.CreateModel(
            name='QualityFill',
            fields=[
                ('record_type', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('rules', models.CharField(blank=True, default='', max_length=64)),
                ('day', models.DateField(null=True)),
            ],
            options={
                'db_table': 'quality_fill',
            },
        ),
        migrations.CreateModel(
            name='QualityRule',
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
                ('kind', models.CharField(choices=[('complete', 'Complete'), ('valid', 'Valid'), ('fresh', 'Fresh')], max_length=10)),
                ('label', models.CharField(max_length=120)),
                ('applies', models.TextField(blank=True, default='')),
                ('good', models.TextField(blank=True, default='')),
                ('months', models.PositiveSmallIntegerField(null=True)),
                ('weight', models.PositiveSmallIntegerField(default=1)),
                ('position', models.IntegerField(default=0)),
                ('is_on', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name': 'quality rule',
                'verbose_name_plural': 'quality rules',
                'db_table': 'quality_rule',
            },
        ),
        migrations.AlterField(
            model_name='bulkrun',
            name='deed',
            field=models.CharField(choices=[('edit', 'Edit'), ('delete', 'Delete'), ('restore', 'Restore'), ('confirm', 'Confirm')], max_length=10),
        ),
        migrations.CreateModel(
            name='Confirmation',
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
                ('field', models.CharField(max_length=60)),
            ],
            options={
                'verbose_name': 'confirmation',
                'verbose_name_plural': 'confirmations',
                'db_table': 'confirmation',
                'indexes': [models.Index(fields=['record_id', 'field'], name='confirmed_of_record')],
            },
        ),
        migrations.CreateModel(
            name='RecordQuality',
            fields=[
                ('record_id', models.UUIDField(primary_key=True, serialize=False)),
                ('record_type', models.CharField(max_length=60)),
                ('quality', models.DecimalField(decimal_places=0, max_digits=3, null=True)),
                ('complete', models.DecimalField(decimal_places=0, max_digits=3, null=True)),
                ('valid', models.DecimalField(decimal_places=0, max_digits=3, null=True)),
                ('fresh', models.DecimalField(decimal_places=0, max_digits=3, null=True)),
                ('failing', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
            ],
            options={
                'db_table': 'record_quality',
                'indexes': [models.Index(fields=['quality', 'record_id'], name='quality_in_order'), django.contrib.postgres.indexes.GinIndex(fields=['failing'], gin_pending_list_limit=256, name='quality_failing')],
            },
        ),
        migrations.RunSQL(STAMPS, "DROP TRIGGER quality_rule_stamps ON quality_rule;"),
    ]
