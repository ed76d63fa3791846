"""What the journal needs at night, and what is undone in the background."""

from django.utils.translation import gettext_lazy as _

from rapport.engine.events.journal.partitions import keep_partitions
from rapport.engine.events.undo.large import undo_large
from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import daily

__all__ = ["prepare_months", "undo_large"]


@daily(at="02:10")
@job(label=_("Prepare the journal for the coming months"), retry=3)
def prepare_months(progress: Reporter) -> None:
    """Make the partitions that are missing."""
    keep_partitions()
