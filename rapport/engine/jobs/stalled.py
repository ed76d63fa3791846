"""Jobs whose worker died: found by its silent heart, and given to the next one."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import sql
from procrastinate.contrib.django.models import ProcrastinateJob

from rapport.engine.jobs.job import put_back, queue_manager
from rapport.engine.jobs.models import Failure

SILENCE = 30.0  # seconds without a heartbeat after which a worker counts as dead
HEARTBEAT = 5.0
MOST_DEATHS = 5  # a job over which so many workers died is not given to another one


def retry_stalled() -> int:
    """Return the jobs of dead workers to the queue. Returns how many."""
    silent_since = timezone.now() - timedelta(seconds=SILENCE)
    with transaction.atomic():
        stalled = (
            ProcrastinateJob.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(Q(worker=None) | Q(worker__last_heartbeat__lt=silent_since), status="doing")
            .order_by("id")
        )
        found = list(stalled)
        for job in found:
            _take_over(job)
    return len(found)


def _take_over(job: ProcrastinateJob) -> None:
    words = _("The worker ended while it ran this job.")
    Failure.objects.create(job_id=job.id, attempt=job.attempts + 1, at=timezone.now(), error=words, was_killed=True)
    deaths = Failure.objects.filter(job_id=job.id, was_killed=True).count()
    if deaths < MOST_DEATHS:
        put_back(job.id)
        return
    queue_manager.connector.get_sync_connector().execute_query(
        query=sql.queries["finish_job"], job_id=job.id, status="failed", delete_job=False
    )
