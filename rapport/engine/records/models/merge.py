"""Records that were merged into another one: what un-merge goes by."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from rapport.engine.events.models import Journaled

LIVE = models.Q(deleted_at=None)


class Merge(Journaled):
    """One merge, in force while it is not deleted. The journal holds what it did, from this row's entry to its fact."""

    record_type = models.CharField(max_length=60)
    survivor = models.UUIDField()
    losers = ArrayField(models.UUIDField())
    batch = models.UUIDField()

    class Meta:
        db_table = "record_merge"
        indexes = [
            models.Index(fields=["survivor"], condition=LIVE, name="merge_by_survivor"),
            models.Index(fields=["batch"], name="merge_by_batch"),
        ]
