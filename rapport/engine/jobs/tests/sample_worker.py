"""A worker that knows the sample jobs and has a loop that writes down its wakings. Run as a process by the tests."""

import os

import django

django.setup()

from django.core.management import call_command  # noqa: E402 — Django first
from django.db import connection  # noqa: E402 — see above

from rapport.engine.jobs.loops import add_loop  # noqa: E402 — see above
from rapport.engine.jobs.tests.sample_jobs import note  # noqa: E402 — see above


def tick() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        note(os.environ["SAMPLE_TICKS"], cursor.fetchone()[0])


if __name__ == "__main__":
    add_loop("ticks", tick, channel="sample", seconds=3600)
    call_command("worker", concurrency=2)
