"""Notes that the members of a workspace write together."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.collaboration.models.workspace import Workspace
from rapport.engine.records.folding import fold_key
from rapport.engine.records.models import Record


class Page(Record):
    """`text` is Markdown as it was typed, with mentions as ids; it is made safe whenever it is shown."""

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"title_fold"})

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="pages", db_index=False)
    title = models.CharField(max_length=200)
    title_fold = models.TextField(db_collation="C", editable=False)
    text = models.TextField(blank=True)

    class Meta:
        db_table = "page"
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        indexes = [
            models.Index(fields=["workspace", "title_fold", "id"], name="page_in_workspace"),
            models.Index(fields=["title_fold", "id"], name="page_by_title"),
            models.Index(fields=["created_at", "id"], name="page_by_creation"),
        ]

    def __str__(self) -> str:
        return self.title

    def derive(self) -> None:
        """The fold key follows the title."""
        self.title_fold = fold_key(self.title)
