"""A file that belongs to a record, whatever its type."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.files.models import StoredFile
from rapport.engine.records.folding import fold_key
from rapport.engine.records.models import Record


class Attachment(Record):
    """It is seen, and changed, by whoever may see or change the record; its name need not be that of the file."""

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"name_fold"})

    about_type = models.CharField(max_length=60)
    about_id = models.UUIDField()
    name = models.CharField(max_length=200)
    name_fold = models.TextField(db_collation="C", editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        db_table = "attachment"
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [
            models.Index(fields=["about_id", "-id"], name="attachment_about"),
            models.Index(fields=["name_fold", "id"], name="attachment_by_name"),
            models.Index(fields=["created_at", "id"], name="attachment_by_creation"),
        ]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        """The fold key follows the name."""
        self.name_fold = fold_key(self.name)
