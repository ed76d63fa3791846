"""What users want to hear of a record, and who looks at one at this moment."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.models import Journaled


class Follow(Journaled):
    """What one user wants to hear of one record. Without a row what is usual holds: `following.usual_level`."""

    class Level(models.TextChoices):
        """How much one hears, the most first."""

        ALL = "all", _("Everything")
        IMPORTANT = "important", _("What matters")
        MENTIONS = "mentions", _("Only when I am mentioned")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    record_type = models.CharField(max_length=60)
    record_id = models.UUIDField()
    level = models.CharField(max_length=10, choices=Level.choices)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        db_table = "follow"
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record_id", "record_type", "user"],
                condition=models.Q(deleted_at=None),
                name="followed_once_by_each",
            )
        ]


class Presence(models.Model):
    """Somebody looks at a record, and was seen there last at `seen_at`. Swept away after a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    record_type = models.CharField(max_length=60)
    record_id = models.UUIDField()
    seen_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        db_table = "presence"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record_id", "record_type", "user"], name="present_once_each")
        ]
        indexes: ClassVar = [models.Index(fields=["seen_at"], name="presence_by_time")]
