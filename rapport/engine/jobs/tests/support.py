"""Helpers for tests that need jobs to run: in a real worker process, or at once within the test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from procrastinate import sql
from procrastinate.contrib.django.models import ProcrastinateJob

from rapport.engine.jobs.arguments import restore
from rapport.engine.jobs.job import JOBS, queue_manager
from rapport.engine.jobs.progress import Reporter

PATIENCE = 20.0


def run_waiting_jobs() -> int:
    """Run all jobs that are due, here and now, in the order they were queued. What they raise is raised."""
    total = 0
    while job := ProcrastinateJob.objects.filter(status="todo", scheduled_at=None).order_by("id").first():
        wanted = JOBS[job.task_name]
        wanted.function(Reporter(), **restore(wanted.function, job.args))
        queue_manager.connector.get_sync_connector().execute_query(
            query=sql.queries["finish_job"], job_id=job.id, status="succeeded", delete_job=False
        )
        total += 1
    return total


class WorkerProcess:
    """A real worker, on the test's database."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / f"worker-{time.monotonic_ns()}.log"
        self.ticks = folder / "ticks"
        environment = {**os.environ, "SAMPLE_TICKS": str(self.ticks)}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "rapport.engine.jobs.tests.sample_worker"],
                env=environment,
                stdout=output,
                stderr=output,
            )

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end. Returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def said(self) -> str:
        return self.log.read_text(errors="replace")


@contextmanager
def child(*arguments: str, **environment: str) -> "Iterator[subprocess.Popen[bytes]]":
    """Python in a process of its own, on the test's database; killed at the end if it still runs."""
    process = subprocess.Popen([sys.executable, *arguments], env={**os.environ, **environment})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def worker(folder: Path) -> Iterator[WorkerProcess]:
    process = WorkerProcess(folder)
    try:
        yield process
    except AssertionError as fault:
        fault.add_note(f"The worker said:\n{process.said()[-3000:]}")
        raise
    finally:
        if process.process.poll() is None:
            process.kill()


def wait_until(holds: Callable[[], object], *, what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"After {seconds:.0f} s still not: {what}")
        time.sleep(0.05)


def let_workers_fall_silent() -> None:
    """As if a minute had passed since the last heartbeat of every worker."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")
