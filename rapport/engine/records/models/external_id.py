"""Names that other systems give to records."""

from django.db import models

from rapport.engine.events.models import Journaled


class ExternalId(Journaled):
    """The id of a record in another system. Imports, the API and connectors find records again by it."""

    source = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    record_type = models.CharField(max_length=60)
    record_id = models.UUIDField()

    class Meta:
        db_table = "external_id"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "record_type", "value"],
                condition=models.Q(deleted_at=None),
                name="external_id_once_in_a_source",
            )
        ]
        indexes = [models.Index(fields=["record_id"], name="external_id_record")]
