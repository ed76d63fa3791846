"""The table of record types that are only data."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from rapport.engine.records.folding import fold_key
from rapport.engine.records.models.record import Record


class Thing(Record):
    """A record of a type without a table of its own: `kind` is the type's slug, its other fields are custom ones."""

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"name_fold"})
    journal_by_entry: ClassVar[frozenset[str]] = frozenset({"tags"})
    kind_column: ClassVar[str] = "kind"

    kind = models.CharField(max_length=60, editable=False)
    name = models.CharField(max_length=1000, blank=True)
    name_fold = models.TextField(db_collation="C", editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    tags = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        db_table = "thing"
        indexes = [
            models.Index(fields=["kind", "name_fold", "id"], name="thing_by_name"),
            models.Index(fields=["kind", "created_at", "id"], name="thing_by_creation"),
            models.Index(fields=["kind", "changed_at", "id"], name="thing_by_change"),
            models.Index(fields=["kind", "owner", "id"], name="thing_by_owner"),
            models.Index(
                fields=["kind", "deleted_at"], name="thing_deleted", condition=models.Q(deleted_at__isnull=False)
            ),
            GinIndex(OpClass("name_fold", "gin_trgm_ops"), name="thing_name_parts"),
            GinIndex(fields=["tags"], name="thing_tags"),
        ]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        """The fold key follows the name."""
        self.name_fold = fold_key(self.name)
