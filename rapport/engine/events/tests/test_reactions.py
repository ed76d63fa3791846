"""Reactions: in order, once, past what fails, from where they should begin."""

import threading
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.ids import uuid7
from rapport.engine.events.journal.era import raise_era
from rapport.engine.events.models import JournalEntry, ReactionCursor
from rapport.engine.events.reactions import (
    REACTIONS,
    Reaction,
    blocker,
    follow_journal,
    lag,
    run_once,
    run_reactions,
    start_reactions,
    when,
)
from rapport.engine.events.tests.sample_models import Book, Shelf
from rapport.engine.events.tests.sample_reactions import COUNTING, BookLent, counted, lend, register
from rapport.engine.events.tests.support import as_owner, at_once, somebody_waits, wait_until

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def counting():
    register(COUNTING)
    start_reactions()
    return COUNTING


def test_a_reaction_is_handed_what_it_wants_in_order_and_once(counting):
    lend(1, 2)
    with open_act(SYSTEM) as act:
        act.create(Book(title="no lending"))
    lend(3)
    assert run_reactions() == 3
    assert run_reactions() == 0
    assert counted() == [1, 2, 3]
    entry = JournalEntry.objects.filter(kind="created").order_by("-id")[0]
    assert (entry.actor_kind, entry.actor_name, entry.reason) == ("system", COUNTING.name, COUNTING.name)


def test_listeners_are_registered_by_fact_or_by_kind_and_table():
    seen = []

    @when(BookLent, "created", about=["events_tests.shelf", "events_tests.book"])
    def watch(act, entries):
        seen.extend(entry.data.get("number") or entry.after.get("name") for entry in entries)

    @when("changed", "deleted", about=["events_tests.shelf"])
    def watch_shelves(act, entries):
        seen.extend((entry.kind, entry.about_type) for entry in entries)

    assert [name.rpartition(".")[2] for name in REACTIONS] == ["watch", "watch_shelves"]
    start_reactions()
    lend(5)
    with open_act(SYSTEM) as act:
        shelf, book = act.create([Shelf(name="A"), Book(title="Emma")])
        act.change([shelf], name="B")
        act.change([book], title="Persuasion")
    run_reactions()
    assert seen == [5, "A", None, ("changed", "events_tests.shelf")]


def test_facts_come_back_typed():
    facts = []
    register(Reaction("tests.typed", lambda act, entries: facts.extend(map(BookLent.of, entries)), ("book.lent",)))
    start_reactions()
    fact = BookLent(uuid7(), 1, to=uuid7(), until=timezone.now(), deposit=Decimal("1.50"), readers=("Ann",))
    with open_act(SYSTEM) as act:
        act.happened(fact)
    run_reactions()
    assert facts == [fact]


def test_what_an_open_transaction_may_still_precede_waits(counting):
    def lend_later():
        lend(2)
        assert run_reactions() == 0
        assert counted() == []

    with transaction.atomic():
        lend(1)
        at_once(lend_later)
        assert blocker() is None
        (blocking,) = at_once(blocker)
        assert (blocking.pid, blocking.application) == (connection.connection.info.backend_pid, "rapport")
        assert blocking.since <= timezone.now()
        (lines,) = at_once(lag)
        assert [(line.reaction, line.behind, line.parked) for line in lines] == [(COUNTING.name, 1, 0)]
    with transaction.atomic(using="owner"):
        as_owner("SELECT pg_current_xact_id()")
        seen = blocker()
        assert seen is not None
        assert (seen.pid, seen.state) == (as_owner("SELECT pg_backend_pid()")[0][0], "idle in transaction")
        assert seen.since <= timezone.now()
    assert run_reactions() == 2
    assert counted() == [1, 2]
    assert [(line.behind, line.since) for line in lag()] == [(0, None)]


def test_the_loop_looks_again_at_once_while_something_is_held_back(counting):
    assert not follow_journal()
    with transaction.atomic():
        lend(1)
        at_once(lambda: lend(2))
        (more,) = at_once(follow_journal)
        assert more
    while follow_journal():
        pass
    assert counted() == [1, 2]


def test_effects_and_cursor_commit_together(counting):
    lend(1, 2, 3)
    with transaction.atomic():
        assert run_once(counting, limit=2) == 2
        transaction.set_rollback(True)
    assert counted() == []
    assert run_once(counting, limit=2) == 2
    assert run_once(counting, limit=2) == 1
    assert counted() == [1, 2, 3]


def test_two_workers_do_not_take_the_same_events(counting):
    lend(*range(1200))
    taken = at_once(run_reactions, run_reactions, run_reactions)
    taken.append(run_reactions())
    assert sum(taken) == 1200
    assert counted() == list(range(1200))


def test_a_new_reaction_begins_now_or_replays_from_the_beginning():
    lend(1, 2)
    register(COUNTING)
    replaying = []
    register(
        Reaction(
            "tests.replaying",
            lambda act, entries: replaying.extend(entry.data["number"] for entry in entries),
            ("book.lent",),
            replay=True,
        )
    )
    start_reactions()
    lend(3)
    run_reactions()
    assert counted() == [3]
    assert replaying == [1, 2, 3]
    start_reactions()
    assert run_reactions() == 0


def test_a_reaction_that_was_never_started_begins_by_itself():
    lend(1)
    register(COUNTING)
    run_reactions()
    lend(2)
    run_reactions()
    assert counted() == [2]


def test_rare_events_are_found_without_reading_everything_at_once(counting, monkeypatch):
    for name in ("STRETCH", "TAIL"):
        monkeypatch.setattr(f"rapport.engine.events.reactions.cursors.{name}", 10)
    for number in range(3):
        with open_act(SYSTEM) as act:
            act.create(Book(title="noise") for _number in range(35))
        lend(number)
    assert run_reactions() == 3
    assert counted() == [0, 1, 2]
    assert lag()[0].behind == 0


def test_cursors_pass_over_what_nobody_wants(counting, monkeypatch):
    """Otherwise each look would begin where the last thing wanted was, perhaps a million entries ago."""
    monkeypatch.setattr("rapport.engine.events.reactions.cursors.TAIL", 10)
    register(replace(counting, name="tests.other", kinds=("nothing.known",)))
    start_reactions()
    with open_act(SYSTEM) as act:
        act.create(Book(title="noise") for _number in range(7))
    assert run_reactions() == 0
    last = JournalEntry.objects.order_by("-id")[0].id
    assert set(ReactionCursor.objects.filter(name__startswith="tests.").values_list("entry_id", flat=True)) == {last}
    lend(1)
    assert run_reactions() == 1


def test_after_a_restore_a_new_fact_reaches_its_reaction_and_nothing_is_replayed(counting):
    """A restored cluster counts transactions anew, so what is written there has smaller numbers."""
    lend(1, 2)
    run_reactions()
    lend(3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        far = cursor.fetchone()[0] + 1_000_000
    as_owner("UPDATE journal SET xid = xid + %s", far)
    as_owner("UPDATE reaction_cursor SET xid = xid + %s", far)
    era = raise_era()
    lend(4)
    assert JournalEntry.objects.get(kind="book.lent", era=era).xid < far
    assert run_reactions() == 2
    assert counted() == [1, 2, 3, 4]
    lend(5)
    assert run_reactions() == 1
    assert counted() == [1, 2, 3, 4, 5]


def test_raising_the_era_waits_for_those_who_write(counting):
    """An entry of the old era that came late would lie behind what was read already."""
    writing = threading.Event()

    def write():
        with transaction.atomic():
            lend(1)
            writing.set()
            wait_until(somebody_waits, "the era waits for this transaction")

    def restore():
        writing.wait(20)
        return raise_era()

    _nothing, era = at_once(write, restore)
    lend(2)
    assert list(JournalEntry.objects.filter(kind="book.lent").order_by("id").values_list("era", flat=True)) == [
        era - 1,
        era,
    ]
    run_reactions()
    assert counted() == [1, 2]


def test_a_reaction_of_a_renamed_function_is_a_new_one(counting):
    lend(1)
    run_reactions()
    REACTIONS.clear()
    register(replace(counting, name="tests.renamed"))
    run_reactions()
    lend(2)
    run_reactions()
    assert counted() == [1, 2]
    assert ReactionCursor.objects.filter(name__startswith="tests.").count() == 2


def test_an_idle_look_costs_three_statements(counting, django_assert_num_queries):
    lend(1)
    run_reactions()
    run_reactions()
    with django_assert_num_queries(3):
        run_reactions()
