"""What audits found, and how often users saw sensitive values."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.models import Journaled


class AuditReport(Journaled):
    """An audit as it was made. `month` is set for that of a month, which is made once.

    The journal keeps the digest of the content and not the content, which ends with the row. `seal` and `head` say
    how far the journal was proved, as long as nothing in it was altered.
    """

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"content"})
    undoable: ClassVar[bool] = False

    month = models.DateField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    verdict = models.CharField(max_length=10)
    is_full = models.BooleanField(default=False)
    seal = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month"], condition=models.Q(deleted_at=None), name="audit_once_a_month")
        ]
        indexes: ClassVar = [models.Index(fields=["-until"], condition=models.Q(deleted_at=None), name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d}"


class SensitiveRead(models.Model):
    """How many records with sensitive values one user was shown in a day, by type and door."""

    user_id = models.UUIDField()
    day = models.DateField()
    record_type = models.CharField(max_length=60)
    door = models.CharField(max_length=10)
    records = models.BigIntegerField()

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "user_id", "record_type", "door"], name="sensitive_read_once_a_day")
        ]
