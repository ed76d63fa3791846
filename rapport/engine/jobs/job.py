"""Jobs: functions that run later, in the worker. A job is queued in the transaction that asks for it.

    @job(label=_("Import people"), retry=3)
    def run_import(progress: Reporter, import_id: UUID) -> None: ...

    run_import.defer(import_id=row.id)

A job runs at least once: a worker may die between its last slice and saying so. It does its work in slices that
commit together with how far they came, and calls `progress.report` between them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, Generic, ParamSpec, cast

from django.db import connection, connections, transaction
from django.utils import timezone
from django.utils.functional import Promise
from procrastinate import exceptions
from procrastinate import jobs as procrastinate_jobs
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.job_context import JobContext
from procrastinate.manager import JobManager

from rapport.engine.jobs.arguments import bind
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.running import Verdict, run

P = ParamSpec("P")

JOBS: dict[str, "Job[Any]"] = {}
# Always the caller's own connection: within a worker the app itself uses another one, outside of the transaction.
queue_manager = JobManager(DjangoConnector())
# Procrastinate announces new jobs only, not those that come back.
WAKE = """
SELECT pg_notify('procrastinate_any_queue_v1', json_build_object('type', 'job_inserted', 'job_id', %s::bigint)::text)
"""


def put_back(job_id: int) -> None:
    """Return a job to the queue, for now, and have the workers look."""
    queue_manager.retry_job_by_id(job_id, retry_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(WAKE, [job_id])


@dataclass(frozen=True)
class Job(Generic[P]):
    """A function that can be queued. `alone` names a lock that no two running jobs hold together."""

    name: str
    label: str | Promise
    function: Callable[Concatenate[Reporter, P], None]
    queue: str = "default"
    retry: int = 0
    alone: str | None = None

    def defer(self, *args: P.args, **kwargs: P.kwargs) -> int:
        """Queue the job in the caller's transaction. Returns its id."""
        return self._put(bind(self.function, args, kwargs))

    def defer_at(self, at: datetime, *args: P.args, **kwargs: P.kwargs) -> int:
        """Queue the job for a moment, not before."""
        return self._put(bind(self.function, args, kwargs), at=at)

    def defer_once(self, key: str, *args: P.args, **kwargs: P.kwargs) -> int | None:
        """Queue the job unless one with this key waits already; then None."""
        try:
            with transaction.atomic():
                return self._put(bind(self.function, args, kwargs), key=f"{self.name}:{key}")
        except exceptions.AlreadyEnqueued:
            return None

    def _put(self, arguments: dict[str, Any], *, at: datetime | None = None, key: str | None = None) -> int:
        waiting = procrastinate_jobs.Job(
            queue=self.queue,
            task_name=self.name,
            task_kwargs=arguments,
            lock=self.alone,
            queueing_lock=key,
            scheduled_at=at,
        )
        return cast(int, queue_manager.defer_job(waiting).id)


def job(
    *, label: str | Promise, queue: str = "default", retry: int = 0, alone: str | None = None
) -> Callable[[Callable[Concatenate[Reporter, P], None]], Job[P]]:
    """Make a function a job. `retry`: how often a failed run is tried again, with growing pauses."""

    def register(function: Callable[Concatenate[Reporter, P], None]) -> Job[P]:
        name = f"{function.__module__.removeprefix('rapport.')}.{function.__name__}"
        made = Job(name, label, function, queue, retry, alone)

        def perform(context: JobContext, /, **arguments: Any) -> None:
            try:
                run(function, context, arguments=arguments, retry=retry)
            finally:
                connections.close_all()

        app.task(name=name, queue=queue, pass_context=True, retry=Verdict())(perform)
        JOBS[name] = made
        return made

    return register
