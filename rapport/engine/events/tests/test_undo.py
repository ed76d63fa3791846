"""Undo: what goes back, what is kept because others changed it, and who may undo what."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import CannotUndo, NotAllowed
from rapport.engine.events.ids import uuid7
from rapport.engine.events.images import type_name
from rapport.engine.events.journal import Subject, subjects_of
from rapport.engine.events.journal.erase import erase
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.tests.sample_models import Book, Shelf
from rapport.engine.events.tests.sample_reactions import BookLent
from rapport.engine.events.undo import also_used, count_changes, is_undone, undo_batch

pytestmark = pytest.mark.django_db


def do(actor, deed, **options):
    """Do something in an act of its own. Returns its batch."""
    with open_act(actor, **options) as act:
        deed(act)
    return act.batch


def undo(actor, batch):
    with open_act(actor) as act:
        outcome = undo_batch(act, batch)
    return act.batch, outcome


def kept(outcome):
    assert outcome.kept == len(outcome.conflicts)
    return sorted((one.column, one.ours, one.theirs, one.why) for one in outcome.conflicts)


def live(model=Book, name="title"):
    return sorted(model.objects.filter(deleted_at=None).values_list(name, flat=True))


def test_an_import_is_undone_and_redone(alice):
    shelf, emma = Shelf(name="A"), Book(title="Emma")
    do(alice, lambda act: act.create([shelf, emma]))

    def import_books(act):
        act.create(Book(title=f"new {number}") for number in range(3))
        act.change(emma, title="Persuasion", shelf=shelf)
        act.delete(shelf)

    batch = do(alice, import_books)
    after = live()
    assert count_changes(batch) == 5
    undoing, outcome = undo(alice, batch)
    assert (live(), live(Shelf, "name"), outcome.rows, kept(outcome)) == (["Emma"], ["A"], 5, [])
    assert is_undone(batch)
    assert not is_undone(undoing)
    undo(alice, undoing)
    assert (live(), live(Shelf, "name")) == (after, [])
    assert not is_undone(batch)
    undo(alice, batch)
    assert live() == ["Emma"]


def test_what_someone_changed_since_is_kept_and_listed(alice, bob):
    emma = Book(title="Emma", pages=1)
    do(alice, lambda act: act.create(emma))
    batch = do(alice, lambda act: act.change(emma, title="Persuasion", pages=2))
    do(bob, lambda act: act.change(emma, title="Sanditon"))
    _undoing, outcome = undo(alice, batch)
    emma.refresh_from_db()
    assert (emma.title, emma.pages) == ("Sanditon", 1)
    assert kept(outcome) == [("title", "Persuasion", "Sanditon", "changed")]
    told = JournalEntry.objects.get(kind="batch.undone").data
    assert told["conflicts"] == [{"type": "events_tests.book", "id": str(emma.pk), "column": "title", "why": "changed"}]


def test_values_under_keys_of_their_own_are_taken_back_one_by_one(alice, bob):
    emma = Book(custom={"x_a": 1, "x_b": 1})
    do(alice, lambda act: act.create(emma))
    batch = do(alice, lambda act: act.change(emma, custom={"x_a": 2, "x_c": 2, "x_d": 2}))
    do(bob, lambda act: act.change(emma, custom={"x_a": 3, "x_c": 2, "x_e": 3}))
    _undoing, outcome = undo(alice, batch)
    emma.refresh_from_db()
    assert emma.custom == {"x_a": 3, "x_b": 1, "x_e": 3}
    assert kept(outcome) == [("custom.x_a", 2, 3, "changed"), ("custom.x_d", 2, None, "changed")]


def test_a_value_kept_once_is_kept_through_all_of_the_batch(alice, bob):
    """The batch went 1 → 2 → 3, someone else went back to 2: that 2 is theirs now."""
    emma = Book(pages=1)
    do(alice, lambda act: act.create(emma))
    batch = do(alice, lambda act: act.change(emma, pages=2))
    do(alice, lambda act: act.change(emma, pages=3), batch=batch)
    do(bob, lambda act: act.change(emma, pages=2))
    _undoing, outcome = undo(alice, batch)
    emma.refresh_from_db()
    assert emma.pages == 2
    assert kept(outcome) == [("pages", 3, 2, "changed")]


def test_a_made_row_that_someone_changed_or_filled_stays(alice, bob):
    books = [Book(title="A"), Book(title="B"), Book(title="C")]
    batch = do(alice, lambda act: act.create(books))
    do(bob, lambda act: act.change(books[0], title="A2"))
    do(bob, lambda act: act.change(books[1], note="worth keeping"))
    _undoing, outcome = undo(alice, batch)
    assert live() == ["A2", "B"]
    assert kept(outcome) == [("note", None, "worth keeping", "changed"), ("title", "A", "A2", "changed")]


def test_a_made_row_that_others_use_stays_with_all_that_holds_it(alice, bob):
    house = Shelf(name="house")
    room = Shelf(name="room", inside=house)
    empty = Shelf(name="empty", inside=house)
    batch = do(alice, lambda act: act.create([house, room, empty]))
    do(bob, lambda act: act.create(Book(title="Bob's", shelf=room)))
    _undoing, outcome = undo(alice, batch)
    assert live(Shelf, "name") == ["house", "room"]
    assert kept(outcome) == [("", None, None, "used"), ("", None, None, "used")]


def test_a_use_that_was_deleted_or_undone_is_none(alice, bob):
    shelf = Shelf(name="A")
    batch = do(alice, lambda act: act.create(shelf))
    using = do(bob, lambda act: act.create(Book(shelf=shelf)))
    undo(bob, using)
    undo(alice, batch)
    assert live(Shelf, "name") == []


def test_uses_that_no_foreign_key_shows(alice, monkeypatch):
    shelf = Shelf(name="A")
    batch = do(alice, lambda act: act.create([shelf, Shelf(name="B")]))
    monkeypatch.setattr("rapport.engine.events.undo.references.also_used", [lambda model, keys: {shelf.pk, uuid7()}])
    assert all(not users(Shelf, [shelf.pk]) for users in also_used)
    _undoing, outcome = undo(alice, batch)
    assert live(Shelf, "name") == ["A"]
    assert kept(outcome) == [("", None, None, "used")]


def test_a_restored_row_that_clashes_stays_deleted(alice, bob):
    shelves = [Shelf(name=name) for name in "ABCD"]
    do(alice, lambda act: act.create(shelves))
    batch = do(alice, lambda act: act.delete(shelves))
    do(bob, lambda act: act.create(Shelf(name="B")))
    _undoing, outcome = undo(alice, batch)
    assert live(Shelf, "name") == ["A", "B", "C", "D"]
    assert [(one.about_id, one.why) for one in outcome.conflicts] == [(shelves[1].pk, "clash")]


def test_a_name_that_was_taken_since_is_not_put_back(alice, bob):
    shelves = [Shelf(name=name) for name in "ABC"]
    do(alice, lambda act: act.create(shelves))
    batch = do(alice, lambda act: act.change_each([(one, {"name": f"{one.name}2"}) for one in shelves]))
    do(bob, lambda act: act.create(Shelf(name="A")))
    _undoing, outcome = undo(alice, batch)
    assert live(Shelf, "name") == ["A", "A2", "B", "C"]
    assert [(one.about_id, one.why) for one in outcome.conflicts] == [(shelves[0].pk, "clash")]


def test_names_that_were_passed_on_are_passed_back(alice):
    shelves = [Shelf(name=name) for name in "ABC"]
    do(alice, lambda act: act.create(shelves))

    def pass_on(act):
        for shelf, name in zip(shelves, "DAB", strict=True):
            act.change(shelf, name=name)

    batch = do(alice, pass_on)
    _undoing, outcome = undo(alice, batch)
    assert [Shelf.objects.get(pk=one.pk).name for one in shelves] == ["A", "B", "C"]
    assert outcome.conflicts == []


def test_a_row_deleted_again_by_someone_else_stays_deleted(alice, bob):
    emma = Book(title="Emma")
    do(alice, lambda act: act.create(emma))
    batch = do(alice, lambda act: act.delete(emma))
    do(bob, lambda act: act.restore(emma))
    do(bob, lambda act: act.delete(emma))
    _undoing, outcome = undo(alice, batch)
    assert live() == []
    assert kept(outcome) == [("", None, None, "deleted")]


def test_a_row_deleted_and_restored_in_one_batch_lives_through_undo_and_redo(alice):
    emma = Book(title="Emma")
    do(alice, lambda act: act.create(emma))
    batch = do(alice, lambda act: act.delete(emma))
    do(alice, lambda act: act.restore(emma), batch=batch)
    undoing, outcome = undo(alice, batch)
    assert (live(), outcome.conflicts) == (["Emma"], [])
    _redoing, outcome = undo(alice, undoing)
    assert (live(), outcome.conflicts) == (["Emma"], [])


def test_a_restored_row_that_someone_went_on_with_stays(alice, bob):
    emma, loose = Book(title="Emma"), Book(title="loose")
    do(alice, lambda act: act.create([emma, loose]))
    do(alice, lambda act: act.delete([emma, loose]))
    batch = do(alice, lambda act: act.restore([emma, loose]))
    do(bob, lambda act: act.change(emma, pages=3))
    _undoing, outcome = undo(alice, batch)
    assert live() == ["Emma"]
    assert kept(outcome) == [("", None, None, "changed")]


def test_only_who_did_it_or_an_administrator_may_undo(alice, bob, dana):
    batch = do(alice, lambda act: act.create(Book(title="Alice's")))
    with pytest.raises(NotAllowed):
        undo(bob, batch)
    token = Actor(kind="token", name="Alice's token", id=uuid7(), on_behalf_of=alice.id)
    undoing, _outcome = undo(token, batch)
    undo(dana, undoing)
    assert live() == ["Alice's"]
    flow = do(Actor(kind="flow", name="A flow"), lambda act: act.create(Book(title="flow's")))
    with pytest.raises(NotAllowed):
        undo(alice, flow)


def test_a_batch_in_which_others_have_a_hand_is_nobodys_own(alice, bob):
    batch = do(alice, lambda act: act.create(Book()))
    do(bob, lambda act: act.create(Book()), batch=batch)
    with pytest.raises(NotAllowed):
        undo(alice, batch)


def test_after_thirty_days_it_is_too_late(alice):
    batch = do(alice, lambda act: act.create(Book()), now=timezone.now() - timedelta(days=30, minutes=1))
    with pytest.raises(CannotUndo, match="30 days"):
        undo(alice, batch)
    batch = do(alice, lambda act: act.create(Book()), now=timezone.now() - timedelta(days=29))
    undo(alice, batch)


def test_nothing_and_twice_are_refused(alice):
    with pytest.raises(CannotUndo, match="nothing to undo"):
        undo(alice, uuid7())
    only_facts = do(alice, lambda act: act.happened(BookLent(uuid7(), 1)))
    with pytest.raises(CannotUndo, match="nothing to undo"):
        undo(alice, only_facts)
    batch = do(alice, lambda act: act.create(Book()))
    undo(alice, batch)
    with pytest.raises(CannotUndo, match="already"):
        undo(alice, batch)


def test_what_was_erased_never_returns(alice, monkeypatch):
    monkeypatch.setitem(
        subjects_of,
        type_name(Book),
        lambda rows: {row.pk: [Subject("events_tests.shelf", row.shelf_id, "parent")] for row in rows if row.shelf_id},
    )
    shelf = Shelf(name="Jane Austen")
    do(alice, lambda act: act.create(shelf))
    emma, other = Book(title="Jane's Emma", shelf=shelf), Book(title="not Jane's")
    do(alice, lambda act: act.create([emma, other]))

    def forget(act):
        act.change(shelf, name="")
        act.change([emma, other], title="")
        act.delete([emma, other])

    batch = do(alice, forget)
    assert erase(shelf.pk, request="R-17") == 4
    _undoing, outcome = undo(alice, batch)
    assert (live(), live(Shelf, "name")) == (["not Jane's"], [""])
    assert [one.why for one in outcome.conflicts] == ["erased", "erased"]
    assert "Jane" not in str(outcome.conflicts)
