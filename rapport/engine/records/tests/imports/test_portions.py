"""A large file is checked by several processes: each row once, whoever comes, dies or comes too late."""

import threading

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from rapport.engine.events.tests.support import somebody_waits, wait_until
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.tests.support import child
from rapport.engine.records.imports import checking, doors, helping, portions
from rapport.engine.records.imports.doing import import_actor, type_of
from rapport.engine.records.imports.portions import lay_out
from rapport.engine.records.models import ImportPlan, ImportPortion, ImportProblem, ImportRun

pytestmark = pytest.mark.django_db(transaction=True)

HOLD = """
import django, time, uuid
django.setup()
from rapport.engine.records.imports import portions
portions.check_some(uuid.UUID("{round}"), lambda _first, _last: time.sleep(60), lambda _done: None)
"""
ROWS = "\n".join(
    ["Name,E-Mail,Stage", *(f"Person {n},{'bad' if n % 7 == 0 else f'p{n}@x.no'},lead" for n in range(45))]
)


@pytest.fixture(autouse=True)
def small_portions(monkeypatch):
    for module in (portions, checking):
        monkeypatch.setattr(module, "PORTION", 10)


@pytest.fixture
def run(dana, staged):
    return staged(dana, "people", ROWS)


@pytest.fixture
def elsewhere(monkeypatch):
    """As if this were another process."""
    return lambda: monkeypatch.setattr(helping, "THIS_PROCESS", "another")


def begun(run):
    """A round of checking, and what checks its rows."""
    ImportRun.objects.filter(pk=run.pk).update(state="check")
    run.refresh_from_db()
    return lay_out(run), checking.Checker(run, import_actor(run), type_of(run))


def told(run):
    plans = ImportPlan.objects.filter(run_id=run.pk).order_by("n").values_list("n", "state", "key")
    return list(plans), sorted(ImportProblem.objects.filter(run_id=run.pk).values_list("n", "code"))


def alone(run):
    """What a check tells that nobody helped with."""
    doors.start_check(run)
    return told(run)


def in_thread(work):
    def done():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=done)
    thread.start()
    return thread


def test_two_check_as_one_would(run, elsewhere):
    expected = alone(run)
    ImportPlan.objects.all().delete()
    ImportProblem.objects.all().delete()
    round_, checker = begun(run)
    elsewhere()
    taken, may_go_on = threading.Event(), threading.Event()

    def slowly(first, last):
        taken.set()
        assert may_go_on.wait(20)
        return checker.check_rows(first, last)

    other = in_thread(lambda: portions.check_some(round_, slowly, lambda _done: None))
    assert taken.wait(20)
    helping.help_check.function(Reporter(), run_id=run.pk, round_=round_, asked_by="the first")
    assert ImportPortion.objects.filter(is_checked=False).count() == 1
    may_go_on.set()
    assert portions.check_rest(round_, checker.check_rows) is not None
    other.join()
    assert told(run) == expected
    assert not ImportPortion.objects.exists()


def test_a_portion_whose_process_was_killed_is_checked_by_who_waits_for_it(run):
    expected = alone(run)
    ImportPlan.objects.all().delete()
    ImportProblem.objects.all().delete()
    round_, checker = begun(run)

    def is_held():
        with transaction.atomic():
            return len(ImportPortion.objects.select_for_update(skip_locked=True)) < 5

    with child("-c", HOLD.format(round=round_)):
        wait_until(is_held, "a portion is held")
        portions.check_some(round_, checker.check_rows, lambda _done: None)
        assert ImportPortion.objects.filter(is_checked=False).count() == 1
        waiting = in_thread(lambda: portions.check_rest(round_, checker.check_rows))
        wait_until(somebody_waits, "the rest is waited for")
    waiting.join()
    assert told(run) == expected


def test_who_comes_for_an_earlier_round_finds_nothing_to_do(run, elsewhere):
    earlier, _checker = begun(run)
    _round, _checker = begun(run)
    elsewhere()
    helping.help_check.function(Reporter(), run_id=run.pk, round_=earlier, asked_by="the first")
    assert not ImportPlan.objects.exists()
    assert not ImportPortion.objects.filter(is_checked=True).exists()


def test_help_is_called_for_large_files_and_declined_by_the_process_that_called(run):
    doors.start_check(run)
    job = ProcrastinateJob.objects.get(task_name=helping.help_check.name)
    assert job.args["asked_by"] == helping.THIS_PROCESS
    round_, _checker = begun(run)
    helping.help_check.function(Reporter(), run_id=run.pk, round_=round_, asked_by=helping.THIS_PROCESS)
    assert not ImportPortion.objects.filter(is_checked=True).exists()


def test_new_choices_are_named_by_one_process(dana, staged):
    run = staged(dana, "people", ROWS.replace("Stage", "Boot type"))
    assert [column["new"]["type"] for column in run.columns if column["to"] == "new"] == ["choice"]
    doors.start_check(run)
    assert not ProcrastinateJob.objects.filter(task_name=helping.help_check.name).exists()
