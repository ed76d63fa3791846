"""The notification centre: records, states and mails of notifications, and each user's settings."""

import datetime
import django.db.models.deletion
import django.db.models.functions.datetime
import rapport.engine.events.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_audit'),
    ]

    operations = [
        migrations.CreateModel(
            name='NotificationSettings',
            fields=[
                ('id', models.UUIDField(default=rapport.engine.events.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(editable=False)),
                ('created_by', models.UUIDField(editable=False, null=True)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('changed_by', models.UUIDField(editable=False, null=True)),
                ('deleted_at', models.DateTimeField(editable=False, null=True)),
                ('deleted_batch', models.UUIDField(editable=False, null=True)),
                ('mails', models.CharField(choices=[('soon', 'Soon: what is still unread after a quarter of an hour'), ('daily', 'Once a day: what is unread then'), ('never', 'Never')], default='soon', max_length=10, verbose_name='Mails')),
                ('everything', models.BooleanField(default=False, verbose_name='Also mail what is not important')),
                ('daily_at', models.TimeField(default=datetime.time(8, 0), verbose_name='The daily mail comes at')),
                ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='Quiet from')),
                ('quiet_until', models.TimeField(blank=True, null=True, verbose_name='until')),
                ('not_on_weekends', models.BooleanField(default=False, verbose_name='No mails on Saturdays and Sundays')),
                ('user', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'notification settings',
                'verbose_name_plural': 'notification settings',
            },
        ),
        migrations.AddField(
            model_name='notification',
            name='came_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name='notification',
            name='data',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name='notification',
            name='done_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='notification',
            name='is_important',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='notification',
            name='kind',
            field=models.CharField(db_default='', default='', max_length=30),
        ),
        migrations.AddField(
            model_name='notification',
            name='mailed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='notification',
            name='record_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='notification',
            name='record_type',
            field=models.CharField(db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='notification',
            name='snoozed_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='notification',
            name='source_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='notification',
            name='who_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name='notificationsettings',
            constraint=models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('user',), name='notification_settings_once'),
        ),
        # What was told before is not mailed now.
        migrations.RunSQL(
            "UPDATE accounts_notification SET came_at = created_at, mailed_at = now()", migrations.RunSQL.noop
        ),
    ]
