"""The ground of every noun."""

from django.db import models

from rapport.engine.events.models import Journaled


class Record(Journaled):
    """A journaled row with custom fields, that can be merged into another."""

    custom = models.JSONField(default=dict, editable=False)
    merged_into = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True
