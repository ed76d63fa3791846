"""Notifications are found by user and state, by record, and by when they are due."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0006_notification_centre'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(fields=['user', '-came_at', '-id'], name='notification_came'),
        ),
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('done_at', None), ('read_at', None), ('snoozed_until', None)), fields=['user', '-came_at', '-id'], name='notification_is_unread'),
        ),
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('done_at', None), ('snoozed_until__isnull', False)), fields=['user', '-came_at', '-id'], name='notification_is_snoozed'),
        ),
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('done_at__isnull', False)), fields=['user', '-came_at', '-id'], name='notification_is_done'),
        ),
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('record_id__isnull', False)), fields=['user', 'record_id', '-came_at', '-id'], name='notification_of_record'),
        ),
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('done_at', None), ('read_at', None), ('snoozed_until', None), ('record_id__isnull', False)), fields=['user', 'record_type', 'record_id'], name='notification_unread_of'),
        ),
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('done_at', None), ('snoozed_until__isnull', False)), fields=['snoozed_until'], name='notification_wakes'),
        ),
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('done_at', None), ('read_at', None), ('snoozed_until', None), ('mailed_at', None)), fields=['came_at'], name='notification_to_mail'),
        ),
        RemoveIndexConcurrently(
            model_name='notification',
            name='notification_newest',
        ),
        RemoveIndexConcurrently(
            model_name='notification',
            name='notification_unread',
        ),
    ]
