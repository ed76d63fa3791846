"""One run of one job in its thread: what becomes of it when it ends, fails, is stopped or cancelled."""

import traceback
from collections.abc import Callable, Mapping
from typing import Any, cast

from django.utils import timezone
from procrastinate import exceptions, retry
from procrastinate.job_context import AbortReason, JobContext
from procrastinate.jobs import Job

from rapport.engine.jobs.arguments import restore
from rapport.engine.jobs.database import is_lost_connection
from rapport.engine.jobs.models import Failure
from rapport.engine.jobs.progress import JobReporter
from rapport.engine.jobs.stopping import Cancelled, GivenBack, Superseded

PAUSES = (10, 60, 600, 3600)  # seconds before each further try, the last one again and again
DATABASE_PAUSE = 5


class TryAgain(Exception):
    """The job returns to the queue for a while."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class Verdict(retry.BaseRetryStrategy):
    """The run itself decides whether it is tried again; Procrastinate only carries it out."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> retry.RetryDecision | None:
        if isinstance(exception, TryAgain):
            return retry.RetryDecision(retry_in={"seconds": exception.seconds})
        return None


def run(function: Callable[..., None], context: JobContext, *, arguments: Mapping[str, Any], retry: int) -> None:
    """Run a job's function once. Raises what tells Procrastinate how it ended."""
    reporter = JobReporter(
        cast(int, context.job.id),
        context.job.attempts,
        context.job.worker_id,
        should_cancel=lambda: context.abort_reason() is AbortReason.USER_REQUEST,
    )
    try:
        function(reporter, **restore(function, arguments))
        reporter.flush()
    except (GivenBack, Superseded) as end:
        raise TryAgain(0) from end
    except Cancelled as end:
        raise exceptions.JobAborted from end
    except Exception as error:
        if is_lost_connection(error):
            raise TryAgain(DATABASE_PAUSE) from error
        seconds = _note_failure(context.job, error, retry)
        if seconds is None:
            raise
        raise TryAgain(seconds) from error


def _note_failure(job: Job, error: Exception, retry: int) -> int | None:
    """Keep the error where people see it. Returns the pause before the next try, None after the last."""
    job_id = cast(int, job.id)
    earlier = Failure.objects.filter(job_id=job_id, was_killed=False).count()
    words = str(error).strip() or type(error).__name__
    Failure.objects.create(
        job_id=job_id,
        attempt=job.attempts + 1,
        at=timezone.now(),
        error=words[:2000],
        details=traceback.format_exc(limit=-12),
    )
    return PAUSES[min(earlier, len(PAUSES) - 1)] if earlier < retry else None
