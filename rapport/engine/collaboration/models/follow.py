"""What somebody wants to hear of a record."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.models import Journaled


class Follow(Journaled):
    """One user's word about one record; without it they hear what concerns them."""

    class Level(models.TextChoices):
        """How much one hears, from the least to the most."""

        MENTIONS = "mentions", _("Only when I am mentioned")
        IMPORTANT = "important", _("Comments, and what is important")
        ALL = "all", _("Everything")

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
                fields=["user", "record_type", "record_id"], condition=models.Q(deleted_at=None), name="follow_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["record_id"], condition=models.Q(deleted_at=None), name="follow_of_record")
        ]

    def __str__(self) -> str:
        return self.get_level_display()
