"""kill -9 during a bulk edit: it goes on where it was, every record is done once, and undo takes all of it back."""

import random

import pytest
from django.db.models import Count

from rapport.customers.models import Person
from rapport.engine.events.act import open_act
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.undo import undo_in_slices
from rapport.engine.jobs.tests.support import child, wait_until
from rapport.engine.records.actions import insert_records
from rapport.engine.records.bulk import doors
from rapport.engine.records.bulk.running import go_on
from rapport.engine.records.models import BulkRun, BulkSlice
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.bulk.conftest import asked

pytestmark = pytest.mark.django_db(transaction=True)
People = record_type("people")
WORK = """
import django
django.setup()
from rapport.engine.records.bulk import running
from rapport.engine.records.models import BulkRun
running.SLICE = 100
running.LOOK = 5
running.go_on(BulkRun.objects.get(pk="{run}"))
"""
ROWS = 3_000


def test_killed_again_and_again(alice, monkeypatch):
    with open_act(alice.actor) as act:
        insert_records(act, People, [{"name": f"Person {n}", "stage": "lead", "tags": []} for n in range(ROWS)])
    ask = asked(alice, where="stage = lead", stage=("set", "customer"), tags=("add", "ice"))
    run = doors.start(alice.actor, People, ask)
    chance, places = random.Random(7), []
    for killing in range(4):
        before = place_of(run.pk)
        with child("-c", WORK.format(run=run.pk)) as process:
            wanted = before + chance.randint(1, ROWS // 3)
            wait_until(
                lambda wanted=wanted, process=process: place_of(run.pk) >= wanted or process.poll() is not None,
                what=f"slice before killing {killing}",
                seconds=40,
            )
        places.append(place_of(run.pk))
    assert 0 < places[0] < 2 * ROWS, "killed while it was at work"
    run.refresh_from_db()
    go_on(run)
    run.refresh_from_db()
    assert (run.state, run.total, run.counts) == ("done", ROWS, {"changed": ROWS})
    assert Person.objects.filter(stage="customer", tags=["ice"], version=2).count() == ROWS
    entries = JournalEntry.objects.filter(batch=run.batch, kind="changed")
    often = entries.values("about_id").annotate(times=Count("id")).filter(times__gt=1)
    assert (entries.count(), often.count()) == (ROWS, 0)
    assert not BulkSlice.objects.exists()
    undo_in_slices(alice.actor, run.batch)
    assert Person.objects.filter(stage="lead", tags=[]).count() == ROWS


def place_of(key):
    """How far a run is: records found and records done."""
    run = BulkRun.objects.get(pk=key)
    return run.total + run.done
