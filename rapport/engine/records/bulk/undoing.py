"""A bulk edit that still runs is not taken back: what it did would be mixed with what it does."""

from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.undo.objections import objections
from rapport.engine.records.models import BulkRun


def still_runs(batch: UUID) -> str:
    """Why a batch cannot be taken back yet; nothing where it can."""
    run = BulkRun.objects.filter(batch=batch).first()
    if run is None or not run.is_working:
        return ""
    return _("This still changes records. Cancel it first, or wait until it is done; then it can be taken back.")


objections.append(still_runs)
