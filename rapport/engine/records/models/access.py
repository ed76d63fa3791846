"""Who may do what: roles with their policies, and shares of single records."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.models import Journaled
from rapport.engine.records.folding import fold_key

LIVE = models.Q(deleted_at=None)


class Role(Journaled):
    """What its users may do. `slug` is permanent, `policies` are read and written by the gate.

    A row for a role that is there from the first day holds what administrators made of it.
    """

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"name_fold"})
    journal_by_key: ClassVar[frozenset[str]] = frozenset({"policies"})

    slug = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    name_fold = models.TextField(db_collation="C", editable=False)
    purpose = models.CharField(max_length=300, blank=True)
    policies = models.JSONField(default=dict)

    class Meta:
        db_table = "role"
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="role_slug_once"),
            models.UniqueConstraint(fields=["name_fold"], condition=LIVE, name="role_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        """The fold key follows the name."""
        self.name_fold = fold_key(self.name)


class Share(Journaled):
    """One record that somebody, or a team, may see or change although no role of theirs reaches it."""

    class Level(models.TextChoices):
        """What a share lets one do."""

        READ = "read", _("see")
        CHANGE = "change", _("see and change")

    class Kind(models.TextChoices):
        """What a record is shared with."""

        USER = "user", _("user")
        TEAM = "team", _("team")

    record_type = models.CharField(max_length=60)
    record_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    holder = models.UUIDField()
    level = models.CharField(max_length=10, choices=Level.choices)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "record_share"
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        indexes = [models.Index(fields=["holder", "record_type"], condition=LIVE, name="share_by_holder")]
        constraints = [
            models.UniqueConstraint(
                fields=["record_id", "record_type", "holder"], condition=LIVE, name="shared_once_with_each"
            )
        ]
