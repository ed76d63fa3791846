"""Jobs as the jobs page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from rapport.engine.jobs.job import JOBS
from rapport.engine.jobs.models import Failure, LoopTrouble, Progress

State = Literal["waiting", "running", "done", "failed", "cancelled"]
STATES: dict[State, tuple[str, ...]] = {
    "waiting": ("todo",),
    "running": ("doing",),
    "done": ("succeeded",),
    "failed": ("failed",),
    "cancelled": ("cancelled", "aborting", "aborted"),
}


class Times(NamedTuple):
    """When a job was queued, last started and ended."""

    queued: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True)
class JobRow:
    """One job. `scheduled_at` is set while it waits for a moment; `error` is that of its last failed try."""

    id: int
    name: str
    label: str
    state: State
    is_ending: bool
    attempts: int
    queued_at: datetime | None
    scheduled_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    error: str
    details: str
    progress: Progress | None
    arguments: dict[str, Any]

    @property
    def can_retry(self) -> bool:
        return self.state == "failed"

    @property
    def can_cancel(self) -> bool:
        return self.state in ("waiting", "running") and not self.is_ending


def jobs(*, state: State | None = None, before: int | None = None, limit: int = 50) -> list[JobRow]:
    """The newest jobs; `before` is the id of the last job of the page before."""
    wanted = Q(status__in=STATES[state]) if state else Q()
    if before is not None:
        wanted &= Q(id__lt=before)
    return _rows(list(ProcrastinateJob.objects.filter(wanted).order_by("-id")[:limit]))


def job(job_id: int) -> JobRow | None:
    return next(iter(_rows(list(ProcrastinateJob.objects.filter(id=job_id)))), None)


def last_job(name: str, **arguments: Any) -> JobRow | None:
    """The newest job of a name that was given these arguments, among others; identifiers count as their text."""
    given = {key: str(value) if isinstance(value, UUID) else value for key, value in arguments.items()}
    found = ProcrastinateJob.objects.filter(task_name=name, args__contains=given).order_by("-id")
    return next(iter(_rows(list(found[:1]))), None)


def counts() -> dict[State, int]:
    """How many jobs there are in each state."""
    by_status = dict(ProcrastinateJob.objects.values_list("status").annotate(Count("id")).order_by())
    return {state: sum(by_status.get(status, 0) for status in statuses) for state, statuses in STATES.items()}


def troubled_loops() -> list[LoopTrouble]:
    """Background loops that fail, the longest first."""
    return list(LoopTrouble.objects.order_by("since"))


def _rows(found: Sequence[ProcrastinateJob]) -> list[JobRow]:
    ids = [one.id for one in found]
    progress = Progress.objects.in_bulk(ids)
    failures = {failure.job_id: failure for failure in Failure.objects.filter(job_id__in=ids).order_by("id")}
    times = _times(ids)
    return [
        _row(one, times.get(one.id, Times()), failure=failures.get(one.id), progress=progress.get(one.id))
        for one in found
    ]


def _times(ids: Sequence[int]) -> dict[int, Times]:
    ends = ("succeeded", "failed", "cancelled", "aborted")
    rows = ProcrastinateEvent.objects.filter(job_id__in=ids).values_list("job_id")
    timed = rows.annotate(
        queued=Min("at", filter=Q(type="deferred")),
        started=Max("at", filter=Q(type="started")),
        ended=Max("at", filter=Q(type__in=ends)),
    )
    return {job_id: Times(*moments) for job_id, *moments in timed.order_by()}


def _row(one: ProcrastinateJob, times: Times, *, failure: Failure | None, progress: Progress | None) -> JobRow:
    state = next(state for state, statuses in STATES.items() if one.status in statuses)
    waits = state == "waiting" and one.scheduled_at is not None and one.scheduled_at > timezone.now()
    return JobRow(
        id=one.id,
        name=one.task_name,
        label=str(JOBS[one.task_name].label) if one.task_name in JOBS else one.task_name,
        state=state,
        is_ending=one.abort_requested and state == "running",
        attempts=one.attempts,
        queued_at=times.queued,
        scheduled_at=one.scheduled_at if waits else None,
        started_at=times.started,
        ended_at=times.ended if state in ("done", "failed", "cancelled") else None,
        error=failure.error if failure and state != "done" else "",
        details=failure.details if failure and state != "done" else "",
        progress=progress,
        arguments=one.args,
    )
