"""The queue's own upkeep: what workers do for it all the time, and its cleaning at night."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from procrastinate import sql
from procrastinate.contrib.django.models import ProcrastinateJob

from rapport.engine.jobs.job import job, queue_manager
from rapport.engine.jobs.models import Failure, Progress
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import daily, defer_due, forget_unknown
from rapport.engine.jobs.stalled import retry_stalled

KEEP_DONE_HOURS = 7 * 24
KEEP_FAILED_HOURS = 90 * 24


def keep_going() -> None:
    """Give the jobs of dead workers to others, and queue what is due."""
    retry_stalled()
    defer_due()


@daily(at="03:40")
@job(label=_("Clear old jobs"))
def clear_old_jobs(progress: Reporter) -> None:
    """Forget jobs that ended long ago, and what was noted about them."""
    _delete_ended(["succeeded", "cancelled", "aborted"], hours=KEEP_DONE_HOURS)
    _delete_ended(["failed"], hours=KEEP_FAILED_HOURS)
    exists = Exists(ProcrastinateJob.objects.filter(id=OuterRef("job_id")))
    Progress.objects.exclude(exists).delete()
    Failure.objects.exclude(exists).delete()
    forget_unknown()


def _delete_ended(statuses: list[str], *, hours: int) -> None:
    queue_manager.connector.get_sync_connector().execute_query(
        query=sql.queries["delete_old_jobs"], nb_hours=hours, queue=None, statuses=statuses
    )
