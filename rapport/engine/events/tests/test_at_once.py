"""Two acts at once on the same rows: nobody waits for ever, nothing is lost."""

import random
import threading

import pytest
from django.db import connection, transaction

from rapport.engine.events import tables
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.errors import CannotUndo
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.tests.sample_models import Book, Shelf
from rapport.engine.events.tests.support import at_once, somebody_waits, wait_until
from rapport.engine.events.undo import undo_batch

pytestmark = pytest.mark.django_db(transaction=True)


def made(*rows):
    with open_act(SYSTEM) as act:
        act.create(list(rows))
    return act.batch


def test_many_rows_in_any_order_by_many_at_once():
    """Each worker adds to each row under its lock; in the end every row has had every addition."""
    made(*[Book() for _number in range(400)])
    workers, rounds = 4, 8

    def work(seed):
        chance = random.Random(seed)
        for _round in range(rounds):
            books = list(Book.objects.all())
            chance.shuffle(books)
            with open_act(SYSTEM) as act:
                act.lock(books)
                act.change_each([(book, {"pages": book.pages + 1}) for book in books])

    at_once(*[lambda seed=seed: work(seed) for seed in range(workers)])
    assert set(Book.objects.values_list("pages", "version")) == {(workers * rounds, workers * rounds + 1)}
    for book in Book.objects.all()[:5]:
        steps = with_payloads(list(JournalEntry.objects.filter(about_id=book.pk, kind="changed").order_by("id")))
        assert [(step.before, step.after) for step in steps] == [
            ({"pages": number}, {"pages": number + 1}) for number in range(workers * rounds)
        ]


def test_different_columns_of_one_row_at_once_are_both_kept():
    book = Book(title="Emma")
    made(book)

    def change(**values):
        for number in range(20):
            stale = Book(pk=book.pk)
            with open_act(SYSTEM) as act:
                act.change(stale, **{name: f"{value} {number}" for name, value in values.items()})

    at_once(lambda: change(title="title"), lambda: change(note="note"))
    stored = Book.objects.get()
    assert (stored.title, stored.note, stored.version) == ("title 19", "note 19", 41)


def test_two_tables_in_any_order_at_once():
    shelves, books = [Shelf(name=str(number)) for number in range(20)], [Book() for _number in range(20)]
    made(*shelves, *books)

    def delete_and_restore(rows):
        for _round in range(8):
            with open_act(SYSTEM) as act:
                act.delete(rows)
            with open_act(SYSTEM) as act:
                act.restore(rows)

    at_once(
        lambda: delete_and_restore([*Book.objects.all(), *Shelf.objects.all()]),
        lambda: delete_and_restore([*Shelf.objects.order_by("-id"), *Book.objects.order_by("-id")]),
    )
    assert not Book.objects.exclude(deleted_at=None).exists()
    for row in (books[3], shelves[3]):
        kinds = list(JournalEntry.objects.filter(about_id=row.pk).order_by("id").values_list("kind", flat=True))
        assert kinds == ["created", *["deleted", "restored"] * (len(kinds) // 2)]


def test_children_are_added_while_their_parent_is_changed():
    """A change holds its row so that others may still refer to it."""
    shelf = Shelf(name="A")
    made(shelf)
    held, done = threading.Event(), threading.Event()

    def change():
        with open_act(SYSTEM) as act:
            act.change(Shelf(pk=shelf.pk), name="B")
            held.set()
            assert done.wait(20)

    def add():
        held.wait(20)
        made(Book(shelf=shelf))
        done.set()

    at_once(change, add)
    assert Book.objects.get().shelf.name == "B"


def test_a_row_that_left_the_queryset_before_it_was_locked_is_left_alone():
    books = [Book(language="en", pages=number) for number in range(5)]
    made(*books)
    changing = threading.Event()

    def translate_one():
        with open_act(SYSTEM) as act:
            act.change(Book(pk=books[2].pk), language="nb")
            changing.set()
            wait_until(somebody_waits, "the other act waits for this row")

    def count_english_pages():
        changing.wait(20)
        with open_act(SYSTEM) as act:
            return act.change(Book.objects.filter(language="en"), note="English")

    _nothing, changed = at_once(translate_one, count_english_pages)
    assert changed == 4
    assert sorted(Book.objects.filter(note="English").values_list("pages", flat=True)) == [0, 1, 3, 4]


def test_undone_by_two_at_once_it_is_undone_once():
    batch = made(*[Book() for _number in range(tables.CHUNK + 100)])

    def undo():
        try:
            with open_act(SYSTEM) as act:
                return undo_batch(act, batch).rows
        except CannotUndo:
            return 0

    assert sorted(at_once(undo, undo)) == [0, tables.CHUNK + 100]
    assert not Book.objects.filter(deleted_at=None).exists()


def test_an_act_in_an_outer_transaction_shares_its_fate():
    with transaction.atomic():
        made(Book())
        transaction.set_rollback(True)
    assert not Book.objects.exists()
    assert not JournalEntry.objects.exists()
    assert not connection.in_atomic_block
