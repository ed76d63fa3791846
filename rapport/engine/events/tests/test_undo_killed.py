"""A large undo that is killed again and again: it goes on where it was, loses nothing and does nothing twice."""

import random

import pytest
from django.db.models import Count

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.tests.sample_models import Book
from rapport.engine.events.tests.support import process, wait_until
from rapport.engine.events.undo import is_undone

BOOKS = 400


def live():
    return Book.objects.filter(deleted_at=None).count()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_at_any_point_it_is_taken_up_again():
    with open_act(SYSTEM) as act:
        books = act.create([Book(title=str(number)) for number in range(BOOKS)])
    with open_act(SYSTEM) as other:
        other.change(books[0], title="changed since")
    kills = 0
    while not is_undone(act.batch):
        enough = live() - random.randint(20, 90)
        with process("sample_undoer", act.batch) as undoer:
            wait_until(lambda: live() < enough or undoer.poll() is not None, "some went back or all is done")  # noqa: B023  asked at once
            assert undoer.poll() in (None, 0)
            if undoer.poll() is None:
                undoer.kill()
                kills += 1
    assert kills >= 2
    assert Book.objects.get(deleted_at=None).title == "changed since"
    deleted = JournalEntry.objects.filter(kind="deleted").values("about_id").annotate(times=Count("id"))
    assert {one["times"] for one in deleted} == {1}
    [done] = with_payloads(list(JournalEntry.objects.filter(kind="batch.undone", about_id=act.batch)))
    assert (done.data["rows"], done.data["kept"]) == (BOOKS - 1, 1)
    assert JournalEntry.objects.filter(kind="batch.partly_undone").values("batch").distinct().count() == 1
