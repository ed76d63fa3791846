"""A place in which some colleagues work on something together."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.records.folding import fold_key
from rapport.engine.records.models import Record


class Workspace(Record):
    """`members` are the ids of users and teams; nobody else sees it or what is in it, whatever their role."""

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"name_fold"})
    journal_by_entry: ClassVar[frozenset[str]] = frozenset({"members"})

    name = models.CharField(max_length=200)
    name_fold = models.TextField(db_collation="C", editable=False)
    purpose = models.TextField(blank=True)
    members = ArrayField(models.UUIDField())

    class Meta:
        db_table = "workspace"
        verbose_name = _("workspace")
        verbose_name_plural = _("workspaces")
        indexes = [
            GinIndex(fields=["members"], name="workspace_members"),
            models.Index(fields=["name_fold", "id"], name="workspace_by_name"),
            models.Index(fields=["created_at", "id"], name="workspace_by_creation"),
        ]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        """The fold key follows the name."""
        self.name_fold = fold_key(self.name)
