"""The worker process: Procrastinate's worker and the background loops, started and stopped together."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from procrastinate import exceptions, sql
from procrastinate import jobs as procrastinate_jobs
from procrastinate.contrib.django import procrastinate_app, utils
from procrastinate.job_context import JobContext, JobResult
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.retry import RetryDecision
from procrastinate.worker import Worker

from rapport.engine.jobs.job import queue_manager
from rapport.engine.jobs.listening import start_listening
from rapport.engine.jobs.loops import start_loops, wake_loops
from rapport.engine.jobs.stalled import HEARTBEAT, SILENCE
from rapport.engine.jobs.stopping import ask_to_stop, is_stopping

logger = logging.getLogger(__name__)

PATIENCE = 1.8  # seconds that running work has to end by itself; the supervisor kills after 2.5
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
PERSIST_PAUSES = (0.5, 1, 2, 4, 8, 16)  # a restarting database should not cost a finished job its end

IS_OURS = """SELECT count(*) AS count FROM procrastinate_jobs
WHERE id = %(job_id)s AND status = 'doing' AND attempts = %(attempts)s AND worker_id = %(worker_id)s"""


class QueueWorker(Worker):
    """Procrastinate's worker, which waits for its database and never ends a job that was taken from it."""

    async def _periodic_deferrer(self) -> None:
        # Schedules are ours. One that returned at once would end the watch over the other side tasks.
        await asyncio.Event().wait()

    async def _persist_job_status(
        self,
        job: procrastinate_jobs.Job,
        status: procrastinate_jobs.Status,
        retry_decision: RetryDecision | None,
        context: JobContext,
        job_result: JobResult | None,
    ) -> None:
        for pause in (*PERSIST_PAUSES, None):
            try:
                if await self._is_ours(job):
                    await super()._persist_job_status(job, status, retry_decision, context, job_result)
                # A job that waited for this one's lock is announced by nobody else.
                self._new_job_event.set()
                return
            except exceptions.ConnectorException:
                if pause is None:
                    raise
                await asyncio.sleep(pause)

    async def _is_ours(self, job: procrastinate_jobs.Job) -> bool:
        row = await self.app.connector.execute_query_one_async(
            IS_OURS, job_id=job.id, attempts=job.attempts, worker_id=job.worker_id
        )
        return bool(row["count"])


class WorkerProcess:
    """The life of the process, from its start to a stop that takes no longer than five seconds."""

    def __init__(self, concurrency: int) -> None:
        self.concurrency = concurrency
        self.worker: QueueWorker | None = None
        self._stopped = asyncio.Event()

    async def live(self) -> None:
        """Work until a signal comes; come back whenever the database does."""
        loop = asyncio.get_running_loop()
        # Two more than jobs: looking up the database's address needs a thread even while all jobs are busy.
        loop.set_default_executor(ThreadPoolExecutor(self.concurrency + 2, thread_name_prefix="job"))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        threads = [*start_loops(), start_listening()]
        pause = FIRST_PAUSE
        while not is_stopping():
            began = time.monotonic()
            try:
                await self._work()
            except (exceptions.ConnectorException, OSError) as error:
                logger.warning("The queue cannot be reached, again in %s s: %s", pause, error)
            pause = FIRST_PAUSE if time.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            await self._rest(pause)
        await asyncio.to_thread(_join, threads)

    def stop(self) -> None:
        """Let running work end, and leave in any case before the supervisor loses patience."""
        if is_stopping():
            return
        ask_to_stop()
        wake_loops()
        self._stopped.set()
        if self.worker is not None:
            self.worker.stop()  # type: ignore[no-untyped-call]  # Procrastinate leaves it untyped
        threading.Thread(target=self._leave_at_last, name="last call", daemon=True).start()

    async def _work(self) -> None:
        connector = PsycopgConnector(kwargs=utils.connector_params(), min_size=1, max_size=2, timeout=5.0)
        app = procrastinate_app.current_app
        with app.replace_connector(connector):
            async with app.open_async():
                self.worker = QueueWorker(
                    app=app,
                    concurrency=self.concurrency,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=PATIENCE,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=SILENCE,
                )
                if is_stopping():
                    return
                await self.worker.run()  # type: ignore[no-untyped-call]  # see above

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopped.wait(), seconds)
        except TimeoutError:
            return

    def _leave_at_last(self) -> None:
        """End the process though a job would not end; its worker is struck off, so the next one takes it over."""
        time.sleep(PATIENCE)
        worker_id = self.worker.worker_id if self.worker else None
        if worker_id is not None:
            farewell = threading.Thread(target=_strike_off, args=[worker_id], daemon=True)
            farewell.start()
            farewell.join(0.5)
        os._exit(0)


def run_worker(concurrency: int) -> None:
    """Live as a worker until a signal comes."""

    async def live() -> None:
        await WorkerProcess(concurrency).live()

    asyncio.run(live())


def _strike_off(worker_id: int) -> None:
    queue_manager.connector.get_sync_connector().execute_query(
        query=sql.queries["unregister_worker"], worker_id=worker_id
    )
    connections.close_all()


def _join(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.join(PATIENCE)
