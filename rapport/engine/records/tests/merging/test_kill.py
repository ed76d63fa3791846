"""kill -9 in the middle of a merge leaves nothing of it; two who merge at once get one merge and one clear answer."""

import threading

import pytest
from django.db import connection

from rapport.customers.models import Company
from rapport.engine.events.act import open_act
from rapport.engine.events.models import JournalEntry
from rapport.engine.jobs.tests.support import child, wait_until
from rapport.engine.records import merging
from rapport.engine.records.actions import insert_records
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.models import Merge
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.merging.support import merge, part, world

pytestmark = pytest.mark.django_db(transaction=True)
Companies = record_type("companies")
CHILDREN = 1_500
WORK = """
import pathlib, time
from uuid import UUID
import django
django.setup()
from rapport.engine.accounts.models import User
from rapport.engine.events.act import open_act
from rapport.engine.records import merging
from rapport.engine.records.registry import record_type

def halfway(act, rtype, survivor, losers):
    act.flush()
    pathlib.Path("{mark}").touch()
    time.sleep(60)

merging.followers.append(halfway)
companies = record_type("companies")
with open_act(User.objects.get().actor) as act:
    rows = list(companies.rows().filter(pk__in=["{keeps}", "{goes}"]))
    merging.merge_records(act, companies, rows, survivor=UUID("{keeps}"))
"""


@pytest.fixture
def pair(alice, make):
    """Two companies, under one of which many stand."""
    keeps, goes = (make(alice, "companies", name=name) for name in ("Keeps", "Goes"))
    with open_act(alice.actor) as act:
        insert_records(act, Companies, [{"name": f"Below {n}", "parent": goes.pk} for n in range(CHILDREN)])
    return keeps, goes


def test_killed_in_the_middle_nothing_is_merged_and_then_all_of_it(alice, pair, tmp_path):
    keeps, goes = pair
    before, entries = world(), JournalEntry.objects.count()
    mark = tmp_path / "halfway"
    with child("-c", WORK.format(mark=mark, keeps=keeps.pk, goes=goes.pk)) as process:
        wait_until(lambda: mark.exists() or process.poll() is not None, what="the middle of the merge", seconds=40)
    assert mark.exists()
    assert (world(), JournalEntry.objects.count(), Merge.objects.count()) == (before, entries, 0)
    merged = merge(alice, "companies", keeps, goes)
    assert Company.objects.filter(parent=keeps, deleted_at=None).count() == CHILDREN
    part(alice, merged)
    assert world() == before


def test_of_two_who_merge_the_same_at_once_one_is_told_so(alice, make):
    rows = [make(alice, "companies", name=name) for name in "ABC"]
    answers = []
    start = threading.Barrier(2)

    def go(survivor):
        try:
            start.wait()
            with open_act(alice.actor) as act:
                merging.merge_records(
                    act, Companies, [Company.objects.get(pk=row.pk) for row in rows], survivor=survivor
                )
            answers.append("merged")
        except ValidationFailed as refused:
            answers.append(str(refused))
        finally:
            connection.close()

    both = [threading.Thread(target=go, args=(row.pk,)) for row in rows[:2]]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(answers, key=len)[0] == "merged"
    assert "was merged into another record already" in sorted(answers, key=len)[1]
    assert Merge.objects.count() == 1
