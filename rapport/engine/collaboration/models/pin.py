"""A record or a saved view that stands in a workspace."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.collaboration.models.workspace import Workspace
from rapport.engine.records.models import Record


class Pin(Record):
    """`record_type` is the slug of a record type, or `views` for a saved view; `place` its place in the row."""

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="+", db_index=False)
    record_type = models.CharField(max_length=60)
    record_id = models.UUIDField()
    place = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "pin"
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        indexes = [
            models.Index(fields=["workspace", "place", "id"], name="pin_in_workspace"),
            models.Index(fields=["record_id"], name="pin_of_record"),
            models.Index(fields=["created_at", "id"], name="pin_by_creation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "record_type", "record_id"],
                condition=models.Q(deleted_at=None),
                name="pin_once_in_workspace",
            )
        ]
