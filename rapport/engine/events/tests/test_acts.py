"""Acts: what they write, what they refuse, and what they take back."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from rapport.engine.events import tables
from rapport.engine.events.act import open_act
from rapport.engine.events.ids import uuid7
from rapport.engine.events.images import type_name
from rapport.engine.events.journal import Subject, subjects_of, with_payloads
from rapport.engine.events.models import JournalEntry, JournalSubject
from rapport.engine.events.tests.sample_models import Book, Shelf
from rapport.engine.events.tests.sample_reactions import BookLent

pytestmark = pytest.mark.django_db


def entries(**wanted):
    return with_payloads(list(JournalEntry.objects.filter(**wanted).order_by("id")))


def made(actor, *rows):
    with open_act(actor) as act:
        act.create(list(rows))
    return rows[0] if len(rows) == 1 else rows


def test_creating_stamps_the_row_and_notes_what_it_says(alice):
    with open_act(alice, reason="found in the attic") as act:
        book = act.create(Book(title="Emma", pages=12, price=Decimal("9.5")))
    stored = Book.objects.get()
    assert (stored.title, stored.price, stored.version, stored.fold) == ("Emma", Decimal("9.50"), 1, "emma")
    assert (stored.created_by, stored.created_at, stored.changed_at) == (alice.id, act.now, act.now)
    assert book.loud == "EMMA"
    (entry,) = entries()
    assert (entry.kind, entry.about_type, entry.about_id) == ("created", "events_tests.book", book.pk)
    assert (entry.actor_name, entry.user_id, entry.batch) == ("Alice", alice.id, act.batch)
    assert (entry.reason, entry.at) == ("found in the attic", act.now)
    assert entry.before == {}
    assert entry.after == {
        "title": "Emma", "language": "en", "pages": 12, "price": "9.50", "ratio": "0E-10", "in_print": True
    }  # fmt: skip


def test_creating_takes_one_a_list_of_several_tables_or_a_generator(alice):
    with open_act(alice) as act:
        shelf = act.create(Shelf(name="A"))
        assert act.create([Shelf(name="B"), Book(shelf=shelf)])[1].shelf_id == shelf.pk
        act.create(Book(pages=number) for number in range(tables.CHUNK + 5))
        assert act.create([]) == []
    assert Shelf.objects.count() == 2
    assert Book.objects.count() == tables.CHUNK + 6
    assert len(entries(batch=act.batch)) == tables.CHUNK + 8


def test_changing_notes_only_what_differs_and_raises_the_version(alice, bob):
    book = made(alice, Book(title="Emma", pages=12))
    with open_act(bob) as act:
        assert act.change(book, title="Persuasion", pages=12) == 1
    assert (book.version, book.changed_by, book.created_by, book.fold) == (2, bob.id, alice.id, "persuasion")
    assert book.loud == "PERSUASION"
    assert Book.objects.get().fold == "persuasion"
    (entry,) = entries(kind="changed")
    assert (entry.before, entry.after) == ({"title": "Emma"}, {"title": "Persuasion"})


def test_a_change_that_changes_nothing_writes_nothing(alice):
    book = made(alice, Book(title="Emma", price=Decimal("9.5"), custom={"a": [1, None]}, tags=["x"]))
    with open_act(alice) as act:
        values = {"title": "Emma", "price": Decimal("9.50"), "custom": {"a": [1, None]}, "tags": ("x",)}
        assert act.change(book, **values) == 0
        assert act.change(Book.objects.all(), price="9.5") == 0
    assert Book.objects.get().version == 1
    assert entries(batch=act.batch) == []


def test_a_stale_object_does_not_bring_old_values_back(alice, bob):
    book = made(alice, Book(title="Emma", pages=1))
    stale = Book.objects.get()
    with open_act(bob) as act:
        act.change(book, title="Persuasion")
    with open_act(alice) as act:
        act.change(stale, pages=2)
    stored = Book.objects.get()
    assert (stored.title, stored.pages, stored.version) == ("Persuasion", 2, 3)
    assert (stale.title, stale.version) == ("Persuasion", 3)


def test_each_row_gets_its_own_values_and_objects_of_one_row_stay_alike(alice):
    first, second = made(alice, Book(title="A"), Book(title="B"))
    again = Book.objects.get(pk=first.pk)
    with open_act(alice) as act:
        changes = [(second, {"title": "B2"}), (first, {"title": "A2"}), (again, {"pages": 5})]
        assert act.change_each(changes) == 2
    assert (first.title, first.pages, again.title, second.title) == ("A2", 5, "A2", "B2")


def test_a_queryset_is_changed_in_chunks_and_counted(alice):
    with open_act(alice) as act:
        act.create(Book(pages=number % 2) for number in range(2 * tables.CHUNK + 10))
    with open_act(alice) as act:
        assert act.change(Book.objects.filter(pages=1), pages=2) == tables.CHUNK + 5
        assert act.change(Book.objects.order_by("-id")[:3], title="last") == 3
        assert act.change(Book.objects.filter(pages=7), title="none") == 0
    assert Book.objects.filter(pages=2).count() == tables.CHUNK + 5
    assert len(entries(batch=act.batch)) == tables.CHUNK + 8


def test_a_relation_is_set_by_its_row_or_its_key(alice):
    book, shelf = made(alice, Book(title="Emma"), Shelf(name="A"))
    with open_act(alice) as act:
        act.change(book, shelf=shelf)
    assert Book.objects.get().shelf == shelf
    with open_act(alice) as act:
        act.change(book, shelf_id=None)
    assert [entry.after for entry in entries(kind="changed")] == [{"shelf_id": str(shelf.pk)}, {"shelf_id": None}]


def test_secret_columns_change_without_showing_their_values(alice):
    book = made(alice, Book(title="Emma", secret="hidden before"))
    with open_act(alice) as act:
        assert act.change(book, secret="hidden after") == 1
        assert act.change(book, secret="hidden after") == 0
    assert Book.objects.get().secret == "hidden after"
    (entry,) = entries(kind="changed")
    assert (entry.before, entry.after, entry.data) == ({}, {}, {"unseen": ["secret"]})
    assert "hidden" not in "".join(str((entry.before, entry.after, entry.data)) for entry in entries())


@pytest.mark.parametrize("name", ["titel", "version", "id", "deleted_at", "loud"])
def test_a_column_that_an_act_cannot_set_is_refused(alice, name):
    book = made(alice, Book(title="Emma"))
    with pytest.raises(TypeError, match=f"no column '{name}'"), open_act(alice) as act:
        act.change(book, **{name: 1})


def test_deleted_rows_leave_unique_indexes_and_come_back(alice, bob):
    shelf = made(alice, Shelf(name="A"))
    with open_act(bob) as act:
        assert act.delete(shelf) == 1
        assert act.delete([shelf]) == 0
        act.create(Shelf(name="A"))
    assert (shelf.is_deleted, shelf.deleted_batch, shelf.version, shelf.changed_by) == (True, act.batch, 2, bob.id)
    with pytest.raises(IntegrityError), open_act(alice) as act:
        act.restore(shelf)
    with open_act(alice) as act:
        act.delete(Shelf.objects.filter(deleted_at=None))
        assert act.restore(Shelf.objects.filter(pk=shelf.pk)) == 1
    shelf.refresh_from_db()
    assert (shelf.is_deleted, shelf.deleted_batch, shelf.version) == (False, None, 3)
    assert [entry.kind for entry in entries(about_id=shelf.pk)] == ["created", "deleted", "restored"]


def test_a_row_that_is_not_there_is_an_error(alice):
    with pytest.raises(Book.DoesNotExist), open_act(alice) as act:
        act.change(Book(title="Never stored"), title="x")


def test_an_exception_takes_back_rows_and_journal(alice):
    def fail(act):
        act.create(Book(pages=number) for number in range(tables.CHUNK + 1))
        act.happened(BookLent(uuid7(), 1))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), open_act(alice) as act:
        fail(act)
    assert not Book.objects.exists()
    assert entries() == []


def test_an_attempt_fails_alone(alice):
    with open_act(alice) as act:
        act.create(Shelf(name="A"))
        with pytest.raises(IntegrityError), act.attempt():
            act.create(Shelf(name=name) for name in "BA")
        with pytest.raises(IntegrityError), act.attempt():
            act.create(Book(title="on no shelf", shelf_id=uuid7()))
        with act.attempt():
            act.create(Shelf(name="C"))
        act.create(Shelf(name="D"))
    names = ["A", "C", "D"]
    assert sorted(Shelf.objects.values_list("name", flat=True)) == names
    assert [entry.after["name"] for entry in entries()] == names
    assert not Book.objects.exists()


def test_rows_and_entries_must_share_one_fate(alice):
    with open_act(alice) as act:
        book = act.create(Book(title="Emma"))
        with pytest.raises(RuntimeError, match=r"act\.attempt"), transaction.atomic():
            act.change(book, title="lost when the savepoint is")
    with pytest.raises(RuntimeError, match="over"):
        act.create(Book())
    with pytest.raises(RuntimeError, match="over"):
        act.happened(BookLent(book.pk, 1))
    assert Book.objects.count() == 1


def test_an_act_can_join_a_batch_and_hold_another_act(alice, bob):
    batch = uuid7()
    with open_act(alice, batch=batch) as outer:
        outer.create(Book(title="outer"))
        with open_act(bob, batch=batch) as inner:
            inner.create(Book(title="inner"))
        outer.create(Book(title="outer again"))
    assert [(entry.actor_name, entry.after["title"]) for entry in entries(batch=batch)] == [
        ("Bob", "inner"), ("Alice", "outer"), ("Alice", "outer again")
    ]  # fmt: skip


def test_facts_name_what_they_are_about_and_come_back_as_they_were(alice):
    book = made(alice, Book(title="Emma"))
    with open_act(alice) as act:
        fact = BookLent(book.pk, 7, to=uuid7(), until=act.now, deposit=Decimal("2.50"), readers=("Ann", "Ben"))
        act.happened(fact, [Subject("events_tests.reader", fact.to, "reader")])
    (entry,) = entries(kind="book.lent")
    assert (entry.about_type, entry.about_id) == ("events_tests.book", book.pk)
    assert BookLent.of(entry) == fact
    assert JournalSubject.objects.get(entry_id=entry.pk).subject_id == fact.to


def test_subjects_come_from_the_registry(alice, monkeypatch):
    monkeypatch.setitem(
        subjects_of,
        type_name(Book),
        lambda rows: {row.pk: [Subject("events_tests.shelf", row.shelf_id, "parent")] for row in rows if row.shelf_id},
    )
    shelf = made(alice, Shelf(name="A"))
    book, _loose = made(alice, Book(shelf=shelf), Book())
    (subject,) = JournalSubject.objects.all()
    assert (subject.subject_id, subject.role, subject.entry.about_id) == (shelf.pk, "parent", book.pk)


def test_one_changed_row_costs_three_statements(alice):
    book = made(alice, Book(title="Emma"))
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        open_act(alice) as act,
    ):
        act.change(book, title="Persuasion")
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 3, statements


def test_what_is_locked_is_up_to_date(alice, bob):
    book = made(alice, Book(custom={"x_a": 1}))
    stale = Book.objects.get()
    with open_act(bob) as act:
        act.change(book, custom={"x_a": 1, "x_b": 2})
    with open_act(alice) as act:
        act.lock(stale)
        act.change(stale, custom={**stale.custom, "x_c": 3})
    assert Book.objects.get().custom == {"x_a": 1, "x_b": 2, "x_c": 3}
