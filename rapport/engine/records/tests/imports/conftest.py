"""Files on their way in, through the doors that people use."""

import io
from pathlib import Path

import pytest

from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records.imports import doors
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.conftest import _nothing_remembered, alice, charlie, dana, make

__all__ = ["_nothing_remembered", "alice", "charlie", "dana", "make"]

DATA = Path(__file__).resolve().parents[6] / "shared" / "data"


@pytest.fixture
def data():
    """The folder of real files; tests on them are skipped where it is not."""
    if not DATA.is_dir():
        pytest.skip(f"The real files are not here: {DATA}")
    return DATA


@pytest.fixture
def staged():
    """Send a file: `staged(dana, "people", "Name\\nAmara", mode="create")`. Returns the run, mapped and not checked."""

    def sent(user, slug, content, *, name="people.csv", **options):
        stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
        run = doors.begin(user.actor, record_type(slug), stream, name=name, options=options)
        run_waiting_jobs()
        run.refresh_from_db()
        return run

    return sent


@pytest.fixture
def checked(staged):
    """Send a file and check it."""

    def sent(*args, **options):
        run = staged(*args, **options)
        assert run.state == "staged", run.error
        doors.start_check(run)
        run_waiting_jobs()
        run.refresh_from_db()
        return run

    return sent


@pytest.fixture
def imported(checked):
    """Send a file, check it and run it, as it is."""

    def sent(*args, **options):
        run = checked(*args, **options)
        assert run.state == "checked", run.error
        return finished(run)

    return sent


def finished(run):
    """Run what is checked to its end."""
    doors.start_run(run)
    run_waiting_jobs()
    run.refresh_from_db()
    return run


def undone(run):
    doors.start_undo(run)
    run_waiting_jobs()
    run.refresh_from_db()
    return run
