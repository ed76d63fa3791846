"""Something to be done about a record."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.records.folding import fold_key
from rapport.engine.records.models import Record

TO_DO = models.Q(done_at=None, deleted_at=None)


class Task(Record):
    """By whom and until when; `done_at` says that it was done. `from_comment` is the comment that it was made of."""

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"title_fold"})

    about_type = models.CharField(max_length=60)
    about_id = models.UUIDField()
    title = models.CharField(max_length=200)
    title_fold = models.TextField(db_collation="C", editable=False)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    details = models.TextField(blank=True)
    from_comment = models.UUIDField(null=True)

    class Meta:
        db_table = "task"
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(fields=["about_id", "-id"], name="task_about"),
            models.Index(
                fields=["assignee", "due_on", "id"],
                name="task_to_do",
                condition=TO_DO,
            ),
            models.Index(
                fields=["from_comment"], name="task_of_comment", condition=models.Q(from_comment__isnull=False)
            ),
            models.Index(fields=["title_fold", "id"], name="task_by_title"),
            models.Index(fields=["created_at", "id"], name="task_by_creation"),
        ]

    def __str__(self) -> str:
        return self.title

    def derive(self) -> None:
        """The fold key follows the title."""
        self.title_fold = fold_key(self.title)
