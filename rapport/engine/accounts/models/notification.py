"""What the bell tells a user, and how they want to be told by mail."""

from datetime import time
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rapport.engine.accounts.models.user import User
from rapport.engine.events.models import Journaled

IS_UNREAD = models.Q(read_at=None, done_at=None, snoozed_until=None)
IS_SNOOZED = models.Q(done_at=None, snoozed_until__isnull=False)
IS_DONE = models.Q(done_at__isnull=False)
NEWEST = ("user", "-came_at", "-id")


class Notification(models.Model):
    """One thing to know. `key` names its source, so that it is told once.

    It is unread, read, snoozed or done. What is about a record names it, and its words are made when they are read;
    `title`, `body` and `url` are for kinds that nobody tells. `came_at` is when it came, or came back from a snooze.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, default="", db_default="")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    record_type = models.CharField(max_length=60, default="", db_default="")
    record_id = models.UUIDField(null=True)
    source_id = models.UUIDField(null=True)
    who_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    is_important = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    came_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="notification_told_once")]
        indexes: ClassVar = [
            models.Index(fields=NEWEST, name="notification_came"),
            models.Index(fields=NEWEST, condition=IS_UNREAD, name="notification_is_unread"),
            models.Index(fields=NEWEST, condition=IS_SNOOZED, name="notification_is_snoozed"),
            models.Index(fields=NEWEST, condition=IS_DONE, name="notification_is_done"),
            models.Index(
                fields=["user", "record_id", "-came_at", "-id"],
                condition=models.Q(record_id__isnull=False),
                name="notification_of_record",
            ),
            models.Index(
                fields=["user", "record_type", "record_id"],
                condition=IS_UNREAD & models.Q(record_id__isnull=False),
                name="notification_unread_of",
            ),
            models.Index(fields=["snoozed_until"], condition=IS_SNOOZED, name="notification_wakes"),
            models.Index(
                fields=["came_at"], condition=IS_UNREAD & models.Q(mailed_at=None), name="notification_to_mail"
            ),
        ]

    @property
    def state(self) -> str:
        """`done`, `snoozed`, `read` or `unread`."""
        if self.done_at:
            return "done"
        if self.snoozed_until:
            return "snoozed"
        return "read" if self.read_at else "unread"


class Mails(models.TextChoices):
    SOON = "soon", _("Soon: what is still unread after a quarter of an hour")
    DAILY = "daily", _("Once a day: what is unread then")
    NEVER = "never", _("Never")


class NotificationSettings(Journaled):
    """How one user wants to be told by mail; all times are in their zone. Without a row the defaults hold."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", editable=False)
    mails = models.CharField(_("Mails"), max_length=10, choices=Mails.choices, default=Mails.SOON)
    everything = models.BooleanField(_("Also mail what is not important"), default=False)
    daily_at = models.TimeField(_("The daily mail comes at"), default=time(8))
    quiet_from = models.TimeField(_("Quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("until"), null=True, blank=True)
    not_on_weekends = models.BooleanField(_("No mails on Saturdays and Sundays"), default=False)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        verbose_name = _("notification settings")
        verbose_name_plural = _("notification settings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(deleted_at=None), name="notification_settings_once"
            )
        ]

    def __str__(self) -> str:
        return str(_("Notifications"))
