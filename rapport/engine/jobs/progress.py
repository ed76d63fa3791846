"""Saying how far a piece of work has come, and hearing that it should end."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from rapport.engine.jobs.models import Progress
from rapport.engine.jobs.stopping import Cancelled, GivenBack, Superseded, is_stopping

EVERY = 0.5  # seconds between two writes
MOST_PROBLEMS = 100


class Reporter:
    """Takes reports and tells nobody. A job's reporter tells the jobs page; a command may bring its own."""

    def report(self, done: int, *, total: int | None = None, message: str | None = None) -> None:
        """Say how far the work is, between two slices and outside of transactions. Cheap: call it often.

        Ends the work by raising GivenBack or Cancelled when it is asked to end.
        """
        self.checkpoint()

    def problem(self, text: str) -> None:
        """Note something that went wrong without ending the work."""

    def checkpoint(self) -> None:
        """End here if the worker stops or a person cancelled; a resumed job starts again from its last slice."""
        if is_stopping():
            raise GivenBack


@dataclass
class JobReporter(Reporter):
    """The reporter of one run of one job; `attempts` and `worker_id` tell this run from every other one."""

    job_id: int
    attempts: int
    worker_id: int | None
    should_cancel: Callable[[], bool] = lambda: False
    _row: Progress | None = None
    _written: float = 0.0
    _unsaid: list[str] = field(default_factory=list)

    def report(self, done: int, *, total: int | None = None, message: str | None = None) -> None:
        row = self._begun()
        is_news = message is not None and message != row.message
        row.done = done
        row.total = row.total if total is None else total
        row.message = row.message if message is None else message
        if is_news or done == row.total or time.monotonic() - self._written >= EVERY:
            self._write(row)
        self.checkpoint()

    def problem(self, text: str) -> None:
        row = self._begun()
        if len(row.problems) < MOST_PROBLEMS:
            row.problems.append(text)

    def checkpoint(self) -> None:
        if self.should_cancel():
            self.flush()
            raise Cancelled
        if is_stopping():
            self.flush()
            raise GivenBack

    def flush(self) -> None:
        """Write what was held back."""
        if self._row is not None:
            self._write(self._row)

    def is_ours(self) -> bool:
        """Whether this run still holds the job."""
        mine = ProcrastinateJob.objects.filter(id=self.job_id, status="doing", attempts=self.attempts)
        return mine.filter(worker_id=self.worker_id).exists()

    def _begun(self) -> Progress:
        if self._row is None:
            now = timezone.now()
            self._row = Progress.objects.filter(job_id=self.job_id).first() or Progress(
                job_id=self.job_id, begun_at=now, reported_at=now
            )
            self._row.begun_at = now
            self._row.begun_with = self._row.done
            self._row.problems = []
        return self._row

    def _write(self, row: Progress) -> None:
        if not self.is_ours():
            raise Superseded
        row.reported_at = timezone.now()
        row.save()
        self._written = time.monotonic()
