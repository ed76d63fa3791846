"""kill -9 during an import: it goes on where it was, nothing is lost, nothing is doubled, and undo takes it back."""

import io
import random

import pytest

from rapport.customers.models import Company, Membership, Person
from rapport.engine.jobs.tests.support import child, wait_until
from rapport.engine.records.imports import doors
from rapport.engine.records.imports.doing import go_on
from rapport.engine.records.models import ImportRun
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.imports.conftest import undone

pytestmark = pytest.mark.django_db(transaction=True)
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
