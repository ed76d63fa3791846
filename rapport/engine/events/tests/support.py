"""Helpers for tests in which several act at once: threads with connections of their own, and real processes."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, connections

PATIENCE = 60.0


def at_once(*deeds):
    """Run deeds in threads of their own. Returns their results; what they raise is raised."""

    def run(deed):
        try:
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(PATIENCE) for future in [pool.submit(run, deed) for deed in deeds]]


def wait_until(condition, what):
    end = time.monotonic() + PATIENCE
    while not (answer := condition()):
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.02)
    return answer


def somebody_waits():
    """Whether a session waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def command_of(module, *arguments):
    """How another process runs a module of these tests; it inherits the settings and the home of this one."""
    return [sys.executable, "-m", f"rapport.engine.events.tests.{module}", *map(str, arguments)]


@contextmanager
def process(module, *arguments):
    """Another process on the test's database. Killed at the end if it still runs."""
    started = subprocess.Popen(command_of(module, *arguments))
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
        started.wait()


def as_owner(statement, *values):
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else cursor.rowcount
