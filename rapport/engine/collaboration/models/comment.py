"""What colleagues say to each other, about a record or in a conversation."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.collaboration.mentions import holders_in
from rapport.engine.records.models import Record


class Comment(Record):
    """A comment about any record; what is said in a conversation is a comment about that.

    `thread` is the comment that began a thread, empty for those that begin one. `text` is plain, with mentions as
    `<@id of a user or team>` and `<#record type/id>`. `call` is the address of a video call that was started with it.
    """

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"mentions"})

    about_type = models.CharField(max_length=60)
    about_id = models.UUIDField()
    thread = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    text = models.TextField()
    mentions = ArrayField(models.UUIDField(), default=list, blank=True)
    call = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "comment"
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            models.Index(fields=["about_id", "-id"], name="comment_about"),
            models.Index(fields=["thread", "id"], name="comment_in_thread", condition=models.Q(thread__isnull=False)),
            models.Index(fields=["created_at", "id"], name="comment_by_creation"),
        ]

    def derive(self) -> None:
        """Mentions follow from the text."""
        self.mentions = holders_in(self.text)
