"""A saved view: a way to look at a list that was given a name, and the one that a user's list opens with."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.models import Journaled
from rapport.engine.records.folding import fold_key

LIVE = models.Q(deleted_at=None)


class SavedView(Journaled):
    """The parts of a list's address under a name: filter, order, columns. It grants nothing: the gate decides."""

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"name_fold"})
    journal_by_key: ClassVar[frozenset[str]] = frozenset({"parts"})

    record_type = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    name_fold = models.TextField(db_collation="C", editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_shared = models.BooleanField(default=False)
    position = models.FloatField(default=0)
    parts = models.JSONField(default=dict)

    class Meta:
        db_table = "saved_view"
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "name_fold"], condition=LIVE & models.Q(is_shared=True), name="shared_view_once"
            ),
            models.UniqueConstraint(
                fields=["owner", "record_type", "name_fold"],
                condition=LIVE & models.Q(is_shared=False),
                name="personal_view_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        """The fold key follows the name."""
        self.name_fold = fold_key(self.name)


class DefaultView(Journaled):
    """The view with which the list of a record type opens for a user."""

    record_type = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    view = models.ForeignKey(SavedView, models.PROTECT, related_name="+")

    class Meta:
        db_table = "default_view"
        verbose_name = _("default view")
        verbose_name_plural = _("default views")
        constraints = [
            models.UniqueConstraint(fields=["owner", "record_type"], condition=LIVE, name="default_view_once")
        ]
