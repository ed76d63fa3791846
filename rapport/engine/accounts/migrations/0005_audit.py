"""Audits that are kept, and how often users saw sensitive values."""

import rapport.engine.events.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_sign_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditReport',
            fields=[
                ('id', models.UUIDField(default=rapport.engine.events.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(editable=False)),
                ('created_by', models.UUIDField(editable=False, null=True)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('changed_by', models.UUIDField(editable=False, null=True)),
                ('deleted_at', models.DateTimeField(editable=False, null=True)),
                ('deleted_batch', models.UUIDField(editable=False, null=True)),
                ('month', models.DateField(null=True)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('verdict', models.CharField(max_length=10)),
                ('is_full', models.BooleanField(default=False)),
                ('seal', models.BigIntegerField(default=0)),
                ('head', models.CharField(blank=True, max_length=64)),
                ('content', models.JSONField(default=dict)),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'audit',
                'verbose_name_plural': 'audits',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['-until'], name='audit_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('month',), name='audit_once_a_month')],
            },
        ),
        migrations.CreateModel(
            name='SensitiveRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user_id', models.UUIDField()),
                ('day', models.DateField()),
                ('record_type', models.CharField(max_length=60)),
                ('door', models.CharField(max_length=10)),
                ('records', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'user_id', 'record_type', 'door'), name='sensitive_read_once_a_day')],
            },
        ),
    ]
