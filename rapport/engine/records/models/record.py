"""The ground of every noun."""

from typing import ClassVar

from django.db import models

from rapport.engine.events.models import Journaled, LeanJSON


class Record(Journaled):
    """A journaled row with custom fields, that can be merged into another."""

    journal_by_key: ClassVar[frozenset[str]] = frozenset({"custom"})

    custom = LeanJSON(default=dict, editable=False)
    merged_into = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True
