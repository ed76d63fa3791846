"""What a person can do to a job on the jobs page."""

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from rapport.engine.jobs.job import put_back, queue_manager
from rapport.engine.jobs.models import Failure


class NotPossible(Exception):
    """The job is in no state for this; the message says why."""


def retry(job_id: int) -> None:
    """Queue a failed job again, with all its tries anew."""
    with transaction.atomic():
        job = ProcrastinateJob.objects.select_for_update(of=("self",)).filter(id=job_id).first()
        if job is None or job.status != "failed":
            raise NotPossible(_("Only a job that failed can be tried again."))
        Failure.objects.filter(job_id=job_id).delete()
        put_back(job_id)


def cancel(job_id: int) -> None:
    """Take a waiting job out of the queue; a running one ends after its current slice."""
    if not queue_manager.cancel_job_by_id(job_id, abort=True):
        raise NotPossible(_("This job has ended already."))
