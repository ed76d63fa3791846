"""Undo ∘ do = identity, and undo ∘ undo = redo, for any sequence of acts in a batch."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.ids import uuid7
from rapport.engine.events.tests.sample_models import Book, Shelf
from rapport.engine.events.tests.sample_values import VALUES, stored
from rapport.engine.events.undo import undo_batch

pytestmark = pytest.mark.django_db

WHICH = st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True)
NAMES = st.sampled_from("ABCDEFGH")
STEPS = st.one_of(
    st.tuples(st.just("new shelf"), NAMES, st.integers(0, 5)),
    st.tuples(st.just("new books"), st.lists(VALUES, min_size=1, max_size=2), st.integers(0, 5)),
    st.tuples(st.just("rename"), st.dictionaries(st.integers(0, 5), NAMES, min_size=1, max_size=3)),
    st.tuples(st.just("change"), WHICH, VALUES),
    st.tuples(st.just("move"), WHICH, st.none() | st.integers(0, 5)),
    st.tuples(st.sampled_from(["delete books", "delete shelves", "restore books", "restore shelves"]), WHICH),
)


def step(act, kind, *given_values):
    """Do one step on the rows there are; names that clash make it fail as a whole, which is fine too."""
    books, shelves = list(Book.objects.order_by("id")), list(Shelf.objects.order_by("id"))

    def some(rows, numbers):
        return [rows[number] for number in numbers if number < len(rows)]

    match kind, *given_values:
        case "new shelf", name, number:
            act.create(Shelf(name=name, inside=next(iter(some(shelves, [number])), None)))
        case "new books", values, number:
            act.create([Book(**each, shelf=next(iter(some(shelves, [number])), None)) for each in values])
        case "rename", names:
            chosen = [(shelves[number], {"name": name}) for number, name in names.items() if number < len(shelves)]
            act.change_each(chosen)
        case "change", which, values:
            act.change(some(books, which), **values)
        case "move", which, number:
            target = None if number is None else next(iter(some(shelves, [number])), None)
            act.change(Book.objects.filter(pk__in=[book.pk for book in some(books, which)]), shelf=target)
        case deed, which:
            verb, noun = deed.split()
            getattr(act, verb)(some(books if noun == "books" else shelves, which))


def play(steps, batch):
    """Each step is an act of its own in the batch."""
    for each in steps:
        try:
            with open_act(SYSTEM, batch=batch) as act:
                step(act, *each)
        except IntegrityError:
            continue


def world():
    """What is live, with all its values, and the values of what was deleted."""
    shelves = {row.pk: (row.name, row.inside_id, row.is_deleted) for row in Shelf.objects.all()}
    books = {row.pk: stored(row) | {"shelf": row.shelf_id, "gone": row.is_deleted} for row in Book.objects.all()}
    return shelves | books


def undone(batch):
    with open_act(SYSTEM) as act:
        outcome = undo_batch(act, batch)
    assert outcome.conflicts == []
    return act.batch


def only(known, state):
    return {key: value for key, value in state.items() if key in known}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(STEPS, max_size=6), steps=st.lists(STEPS, min_size=1, max_size=8))
def test_undo_gives_back_the_world_and_undo_of_undo_the_batch(before, steps):
    with transaction.atomic():
        play(before, uuid7())
        batch, first = uuid7(), world()
        play(steps, batch)
        second = world()
        if second != first:
            undoing = undone(batch)
            now = world()
            assert only(first, now) == first
            assert all(
                state[-1] if isinstance(state, tuple) else state["gone"]
                for key, state in now.items()
                if key not in first
            )
            redoing = undone(undoing)
            assert world() == second
            undone(redoing)
            assert world() == now
        transaction.set_rollback(True)
