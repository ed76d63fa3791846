"""Views are written through the act: journaled, undone, and by two at once without a name given twice."""

from typing import Any

import pytest

from rapport.customers.record_types import PersonType
from rapport.engine.accounts.models import Role, User
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.tests.support import at_once
from rapport.engine.events.undo import undo_batch
from rapport.engine.records.definitions import forget
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.models import DefaultView, SavedView
from rapport.engine.records.saved import actions
from rapport.engine.records.saved.queries import find_view
from rapport.engine.web.views.listed import FLEETING, PARTS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_remembered():
    forget()


@pytest.fixture
def alice(transactional_db):
    return User.objects.create_user("alice@x.example", name="Alice", role=Role.MEMBER)


@pytest.fixture
def bob(transactional_db):
    return User.objects.create_user("bob@x.example", name="Bob", role=Role.MEMBER)


def save(user: User, name: str, *, shared: bool = False, **parts: str) -> SavedView:
    with open_act(user.actor) as act:
        return actions.create_view(act, PersonType, {"name": name, "is_shared": shared, "parts": parts})


def done(user: User, deed: Any, *given: Any, **more: Any) -> Any:
    """The batch of one deed."""
    with open_act(user.actor) as act:
        deed(act, *given, **more)
    return act.batch


def undo(user: User, batch: Any) -> Any:
    with open_act(user.actor) as act:
        return undo_batch(act, batch)


def live() -> list[str]:
    return list(SavedView._default_manager.filter(deleted_at=None).order_by("position").values_list("name", flat=True))


def test_every_deed_is_in_the_journal_and_can_be_undone(alice):
    row = save(alice, "Leads", where="stage = lead", order="name")
    deeds = [
        (actions.change_view, (row, {"name": "Prospects", "is_shared": True})),
        (actions.change_view, (row, {"parts": {"where": "stage = customer"}})),
        (actions.open_with, (PersonType, row)),
        (actions.delete_view, (row,)),
    ]
    batches = [done(alice, deed, *given) for deed, given in deeds]
    row.refresh_from_db()
    assert (row.name, row.is_shared, row.parts, row.is_deleted) == (
        "Prospects", True, {"where": "stage = customer"}, True,
    )  # fmt: skip
    kinds = JournalEntry.objects.filter(about_id=row.pk).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["created", "changed", "changed", "deleted"]
    for batch in reversed(batches):
        assert undo(alice, batch).kept == 0
    row.refresh_from_db()
    assert (row.name, row.is_shared, row.parts, row.is_deleted) == (
        "Leads", False, {"where": "stage = lead", "order": "name"}, False,
    )  # fmt: skip
    assert not DefaultView._default_manager.filter(deleted_at=None).exists()


def test_undo_takes_back_one_part_and_keeps_what_others_changed(alice, bob):
    row = save(alice, "Leads", shared=True, where="stage = lead")
    batch = done(alice, actions.change_view, row, {"parts": {"where": "stage = customer"}})
    done(alice, actions.change_view, row, {"parts": {"where": "stage = customer", "columns": "name,stage"}})
    undo(alice, batch)
    row.refresh_from_db()
    assert row.parts == {"where": "stage = lead", "columns": "name,stage"}


def test_undo_never_gives_a_name_twice(alice):
    row = save(alice, "Leads")
    batch = done(alice, actions.delete_view, row)
    save(alice, "Leads")
    assert undo(alice, batch).kept == 1
    with pytest.raises(ValidationFailed, match="You have a view “Leads” already"):
        done(alice, actions.restore_view, row)
    assert live() == ["Leads"]


def test_undo_leaves_a_view_that_others_have_come_to_ask_for(alice, bob):
    with open_act(alice.actor) as act:
        row = actions.create_view(act, PersonType, {"name": "Leads", "is_shared": True})
    save(bob, "Of leads", where='in view("Leads")')
    assert undo(alice, act.batch).kept == 1
    row.refresh_from_db()
    assert not row.is_deleted


def test_who_was_an_administrator_no_longer_takes_back_what_they_did_to_others(alice, bob):
    row = save(alice, "Leads", shared=True)
    bob.role = Role.ADMIN
    batch = done(bob, actions.change_view, row, {"name": "Renamed"})
    bob.role = Role.MEMBER
    assert undo(bob, batch).out_of_reach == 1
    row.refresh_from_db()
    assert row.name == "Renamed"


def test_a_restored_view_is_back_with_its_parts(alice):
    row = save(alice, "Leads", where="stage = lead")
    done(alice, actions.delete_view, row)
    assert find_view(alice.actor, row.pk) is None
    done(alice, actions.restore_view, row)
    found = find_view(alice.actor, row.pk)
    assert found is not None
    assert found.row.parts == {"where": "stage = lead"}
    done(alice, actions.delete_view, row)
    with pytest.raises(ValidationFailed, match="deleted"):
        done(alice, actions.change_view, row, {"name": "X"})


def test_two_who_save_one_name_at_once(alice, bob):
    """One of them is told; the other has it."""
    refused: list[str] = []

    def work(user: User) -> None:
        try:
            save(user, "Leads", shared=True)
        except ValidationFailed as error:
            refused.extend(error.errors.values())

    at_once(lambda: work(alice), lambda: work(bob))
    assert refused == ["There is a shared view “Leads” already."]
    assert live() == ["Leads"]


def test_two_who_lead_their_views_to_each_other_at_once(alice, bob):
    rows = {user: save(user, user.name, shared=True) for user in (alice, bob)}
    refused: list[str] = []

    def work(user: User, other: User) -> None:
        try:
            done(user, actions.change_view, rows[user], {"parts": {"where": f'in view("{other.name}")'}})
        except ValidationFailed as error:
            refused.extend(error.errors.values())

    at_once(lambda: work(alice, bob), lambda: work(bob, alice))
    assert len(refused) == 1
    assert "circles" in refused[0]


def test_two_who_open_a_list_with_something_at_once(alice):
    rows = [save(alice, name) for name in ("A", "B")]
    at_once(*[lambda row=row: done(alice, actions.open_with, PersonType, row) for row in rows])
    assert DefaultView._default_manager.filter(deleted_at=None).count() == 1


def test_what_is_no_part_of_a_list_is_refused(alice):
    for parts, told in (({"wehre": "x"}, "“wehre”"), ({"where": 1}, "texts by name"), ("x", "texts by name")):
        with pytest.raises(ValidationFailed, match=told):
            done(alice, actions.create_view, PersonType, {"name": "X", "parts": parts})
    with pytest.raises(ValidationFailed, match="At most 4000"):
        save(alice, "X", columns="x" * 4001)
    every = dict.fromkeys(PARTS, "1") | {"where": "stage = lead", "order": PersonType.order}
    row = save(alice, "X", **{name: value for name, value in every.items() if name not in {"view", *FLEETING}})
    assert row.parts.keys() == set(PARTS) - {"view", "order", *FLEETING}


def test_names_in_a_filter_become_ids(alice):
    row = save(alice, "Mine", where='owner = "alice@x.example"')
    assert row.parts["where"] == f"owner = {alice.pk}"
    with pytest.raises(ValidationFailed, match="Nothing here is called Nobody"):
        save(alice, "X", where='company = "Nobody"')


def test_the_house_has_no_views_of_its_own():
    with pytest.raises(NotAllowed), open_act(SYSTEM) as act:
        actions.create_view(act, PersonType, {"name": "X"})


def test_there_is_an_end_to_it(alice, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 2)
    save(alice, "A")
    save(alice, "B")
    save(alice, "C", shared=True)
    with pytest.raises(ValidationFailed, match="At most 2 views"):
        save(alice, "D")
