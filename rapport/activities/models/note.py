"""A note on any record."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from rapport.engine.collaboration.mentions import holders_in
from rapport.engine.records.models import Record


class Note(Record):
    """Rich text, stored as it was sent and sanitised whenever it is shown. Mentions hold the ids of users and teams."""

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"mentions"})

    about_type = models.CharField(max_length=60)
    about_id = models.UUIDField()
    text = models.TextField()
    mentions = ArrayField(models.UUIDField(), default=list, blank=True)

    def derive(self) -> None:
        """Mentions follow from the text."""
        self.mentions = holders_in(self.text)

    class Meta:
        db_table = "note"
        indexes = [
            models.Index(fields=["about_id", "-id"], name="note_about"),
            models.Index(fields=["created_at", "id"], name="note_by_creation"),
        ]
