"""Events that a reaction cannot digest: the rest goes on, they are tried again, then kept where people see them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.ids import uuid7
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry, ParkedEvent
from rapport.engine.events.reactions import (
    Reaction,
    lag,
    leave_out,
    parked_events,
    retry_parked,
    run_reactions,
    start_reactions,
    try_again,
)
from rapport.engine.events.tests.sample_models import Book
from rapport.engine.events.tests.sample_reactions import counted, lend, register

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def choosy():
    """A reaction that does not digest some numbers, and a deadly one: its fault shows only at the commit."""
    bad, hanging = {3, 7, 500}, {8}

    def listen(act, entries):
        for entry in entries:
            number = entry.data["number"]
            act.create(Book(title="lending", pages=number, shelf_id=uuid7() if number in hanging else None))
            if number in bad:
                raise ValueError(f"cannot digest {number}")

    reaction = register(Reaction("tests.choosy", listen, ("book.lent",)))
    start_reactions()
    return reaction, bad, hanging


def test_what_fails_is_parked_and_the_rest_goes_on(choosy):
    reaction, bad, hanging = choosy
    lend(*range(600))
    began = timezone.now()
    assert run_reactions() == 600
    assert counted() == [number for number in range(600) if number not in bad | hanging]
    parked = ParkedEvent.objects.filter(reaction=reaction.name).order_by("entry_id")
    assert [one.attempts for one in parked] == [1, 1, 1, 1]
    assert "cannot digest 3" in parked[0].error
    assert "foreign key" in parked[2].error
    assert all(began <= one.next_try_at - timedelta(seconds=10) <= timezone.now() for one in parked)
    assert lag()[0].parked == 4


def test_parked_events_are_tried_again_with_growing_pauses_then_kept(choosy):
    _reaction, bad, _hanging = choosy
    lend(3, 7)
    run_reactions()
    assert retry_parked() == 0
    bad.discard(3)
    pauses = []
    for _attempt in range(4):
        ParkedEvent.objects.update(next_try_at=timezone.now())
        run_reactions()
        last = ParkedEvent.objects.get()
        pauses.append(last.next_try_at and round((last.next_try_at - timezone.now()).total_seconds(), -1))
    assert counted() == [3]
    assert (pauses, last.attempts) == ([60, 600, 3600, None], 5)
    assert run_reactions() == 0
    bad.clear()
    try_again([last.pk])
    assert run_reactions() == 1
    assert counted() == [3, 7]
    assert not ParkedEvent.objects.exists()


def test_a_parked_event_can_be_left_out_and_taken_up_again(choosy):
    _reaction, bad, _hanging = choosy
    lend(7)
    run_reactions()
    (parked,) = parked_events(10)
    with open_act(SYSTEM) as act:
        leave_out(act, [parked.pk])
    assert (parked_events(10), parked_events(10, left_out=True)) == ([], [parked])
    assert lag()[0].parked == 0
    (told,) = with_payloads(JournalEntry.objects.filter(kind="event.left_out"))
    assert told.data == {"reaction": "tests.choosy", "entry": parked.entry_id}
    bad.clear()
    assert run_reactions() == 0
    try_again([parked.pk])
    assert run_reactions() == 1
    assert counted() == [7]
