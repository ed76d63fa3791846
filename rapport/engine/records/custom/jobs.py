"""Building what a custom field needs in the database, in the background."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.records.custom.indexes import build
from rapport.engine.records.models import CustomField


@job(label=_("Build the index of a field"), retry=1, alone="field indexes")
def build_indexes(progress: Reporter, field_id: UUID) -> None:
    """Build or drop the indexes of one field. What the data itself forbids is told at the field, not raised."""
    row = CustomField.objects.filter(pk=field_id).first()
    if row is not None:
        build(row)
