"""kill -9 during an import: it goes on where it was, nothing is lost, nothing is doubled, and undo takes it back."""

import io
import random

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from rapport.customers.models import Company, Membership, Person
from rapport.engine.jobs.actions import cancel
from rapport.engine.jobs.tests.support import child, run_waiting_jobs, wait_until
from rapport.engine.records.imports import doors
from rapport.engine.records.imports.abandoned import resume_abandoned
from rapport.engine.records.imports.doing import go_on
from rapport.engine.records.models import ImportPlan, ImportRun
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.imports.conftest import finished, undone

pytestmark = pytest.mark.django_db(transaction=True)
CHECK = """
import django
django.setup()
from rapport.engine.records.imports import doors
from rapport.engine.records.models import ImportRun
doors.start_check(ImportRun.objects.get(pk="{run}"))
"""
WORK = """
import django
django.setup()
from rapport.engine.records.imports.doing import go_on
from rapport.engine.records.models import ImportRun
go_on(ImportRun.objects.get(pk="{run}"))
"""
ROWS = 4_000


def test_killed_again_and_again(dana):
    lines = [f"Person {n},p{n}@x.no,Company {n % 50}" for n in range(ROWS)]
    content = io.BytesIO("\n".join(["Name,E-Mail,Company", *lines]).encode())
    run = doors.begin(dana.actor, record_type("people"), content, name="many.csv", wait=True)
    doors.map_columns(run, [{**column, "create": True} for column in run.columns], {})
    ImportRun.objects.filter(pk=run.pk).update(state="check")
    run.refresh_from_db()
    go_on(run)
    doors.start_run(run)
    chance = random.Random(7)
    for killing in range(3):
        before = ImportRun.objects.get(pk=run.pk).done
        with child("-c", WORK.format(run=run.pk)) as process:
            wanted = before + chance.randint(1, 1_500)
            wait_until(
                lambda wanted=wanted, process=process: (
                    ImportRun.objects.get(pk=run.pk).done >= wanted or process.poll() is not None
                ),
                what=f"slice before killing {killing}",
                seconds=40,
            )
    run.refresh_from_db()
    go_on(run)
    run.refresh_from_db()
    assert run.state == "done"
    assert run.results["counts"]["created"] == ROWS
    assert Person.objects.count() == ROWS
    assert Person.objects.values("email").distinct().count() == ROWS
    assert Company.objects.count() == 50
    assert Membership.objects.count() == ROWS
    undone(run)
    for model in (Person, Company, Membership):
        assert not model.objects.filter(deleted_at=None).exists()


def many(dana, count):
    lines = [f"Person {n},p{n}@x.no" for n in range(count)]
    content = io.BytesIO("\n".join(["Name,E-Mail", *lines]).encode())
    return doors.begin(dana.actor, record_type("people"), content, name="many.csv", wait=True)


def jobs_of(run):
    return ProcrastinateJob.objects.filter(args__run_id=str(run.pk))


def state_of(run):
    return ImportRun.objects.values_list("state", flat=True).get(pk=run.pk)


def test_a_check_whose_sender_was_killed_is_taken_up_by_the_worker(dana):
    run = many(dana, doors.FEW_ROWS)
    with child("-c", CHECK.format(run=run.pk)):
        wait_until(lambda: state_of(run) == "check", what="the check has begun")
        resume_abandoned()
        assert not jobs_of(run).exists()

    def is_taken_up():
        resume_abandoned()
        return jobs_of(run).exists()

    wait_until(is_taken_up, what="the worker has it")
    resume_abandoned()
    assert jobs_of(run).count() == 1
    run_waiting_jobs()
    assert state_of(run) == "checked"
    assert ImportPlan.objects.filter(run_id=run.pk).count() == doors.FEW_ROWS


def test_a_run_whose_job_was_given_up_can_be_gone_on_with(dana):
    run = many(dana, 3)
    doors.start_check(run)
    doors.start_run(run)
    cancel(jobs_of(run).get().pk)
    resume_abandoned()
    assert state_of(run) == "paused"
    run.refresh_from_db()
    assert finished(run).state == "done"
    doors.start_undo(run)
    cancel(jobs_of(run).latest("pk").pk)
    resume_abandoned()
    assert state_of(run) == "failed"
    run.refresh_from_db()
    assert undone(run).state == "undone"
