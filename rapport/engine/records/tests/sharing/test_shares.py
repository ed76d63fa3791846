"""Sharing one record: who may, for how long, what stands in the journal, and what can be taken back by whom."""

import datetime as dt

import pytest

from rapport.engine.accounts.models import Team, TeamMember, User
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.undo import undo_batch
from rapport.engine.records import gate
from rapport.engine.records.actions import change_record, delete_records, restore_records
from rapport.engine.records.definitions import check_again
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import EVERY_VERB, Policy, visible
from rapport.engine.records.gate.shares import last_day
from rapport.engine.records.models import Share
from rapport.engine.records.registry import record_type
from rapport.engine.records.sharing import change_share, end_share, held_back, share_record, shares_of
from rapport.engine.records.timeline import timeline
from tests.fixtures.cast import make_user

pytestmark = pytest.mark.django_db
People, Notes = record_type("people"), record_type("notes")
OWN = dict.fromkeys(EVERY_VERB, "own")


@pytest.fixture
def tom(monkeypatch, db):
    """Somebody whose role reaches what is his own."""
    monkeypatch.setitem(gate.POLICIES, "own", {"*": Policy(OWN)})
    return make_user("Tom", "own")


@pytest.fixture
def uma(tom):
    return make_user("Uma", "own")


@pytest.fixture
def amara(make, alice):
    return make(alice, "people", name="Amara Okafor", owner="me")


def do(user, action, *given, **named):
    """An action as somebody; its batch and what it gave."""
    with open_act(user.actor) as act:
        made = action(act, *given, **named)
    check_again()
    return act.batch, made


def undo(user, batch):
    with open_act(user.actor) as act:
        outcome = undo_batch(act, batch)
    check_again()
    return outcome


def sees(user, row, verb="read"):
    return gate.reaches(User.objects.get(pk=user.pk).actor, People, verb, row)


def with_tom(tom, **more):
    return {"holder": str(tom.pk), **more}


def test_who_may_change_a_record_shares_it_and_who_only_sees_it_does_not(alice, tom, uma, amara):
    with pytest.raises(NotAllowed):
        do(tom, share_record, People, amara, with_tom(uma))
    do(alice, share_record, People, amara, with_tom(tom))
    assert sees(tom, amara)
    with pytest.raises(NotAllowed):
        do(tom, share_record, People, amara, with_tom(uma))
    do(alice, share_record, People, amara, with_tom(tom, level="change"))
    do(tom, share_record, People, amara, with_tom(uma))
    assert sees(uma, amara)
    assert not sees(uma, amara, "change")


def test_sharing_again_changes_the_share_there_is(alice, tom, amara):
    _batch, first = do(alice, share_record, People, amara, with_tom(tom))
    _batch, second = do(alice, share_record, People, amara, with_tom(tom, level="change", until="2099-03-31"))
    assert (first.pk, Share.objects.count()) == (second.pk, 1)
    assert second.level == "change"


def test_what_has_ended_is_shared_anew(alice, tom, amara):
    _batch, first = do(alice, share_record, People, amara, with_tom(tom))
    with open_act(SYSTEM) as act:
        act.change(first, ends_at=act.now - dt.timedelta(seconds=1))
    check_again()
    assert not sees(tom, amara)
    _batch, second = do(alice, share_record, People, amara, with_tom(tom))
    assert second.pk != first.pk
    assert sees(tom, amara)
    assert [one.pk for one in shares_of(People, amara.pk)] == [second.pk]


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ({}, "holder"), ({"holder": "nobody"}, "holder"), ({"kind": "flock"}, "holder"), ({"level": "own"}, "level"),
        ({"until": "tomorrow"}, "until"), ({"until": "2020-01-01"}, "until"), ({"until": "9999-12-31"}, "until"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(alice, tom, amara, raw, named):
    given = {**({} if raw == {} else with_tom(tom)), **raw}
    with pytest.raises(ValidationFailed) as failed:
        do(alice, share_record, People, amara, given)
    assert list(failed.value.errors) == [named]
    assert not Share.objects.exists()


def test_a_user_who_is_shut_out_and_a_team_of_another_kind_are_no_holders(alice, tom, amara, dana):
    with open_act(SYSTEM) as act:
        act.change(tom, deactivated_at=act.now)
    for raw in (with_tom(tom), with_tom(dana, kind="team")):
        with pytest.raises(ValidationFailed):
            do(alice, share_record, People, amara, raw)


def test_at_most_so_many(alice, tom, uma, amara, monkeypatch):
    monkeypatch.setattr("rapport.engine.records.sharing.actions.MOST", 1)
    do(alice, share_record, People, amara, with_tom(tom))
    with pytest.raises(ValidationFailed):
        do(alice, share_record, People, amara, with_tom(uma))


def test_what_belongs_to_a_record_is_not_shared_alone(alice, tom, amara, make):
    note = make(alice, "notes", about_type="people", about_id=str(amara.pk), text="hush")
    with pytest.raises(NotAllowed):
        do(alice, share_record, Notes, note, with_tom(tom))


def test_until_when_and_how_far_change(alice, tom, amara):
    _batch, share = do(alice, share_record, People, amara, with_tom(tom))
    do(alice, change_share, People, amara, share, {"level": "change"})
    assert (share.level, share.ends_at) == ("change", None)
    do(alice, change_share, People, amara, share, {"until": "2099-03-31"})
    assert (share.level, last_day(share.ends_at)) == ("change", dt.date(2099, 3, 31))
    do(alice, change_share, People, amara, share, {"until": ""})
    assert share.ends_at is None
    with pytest.raises(NotAllowed):
        do(make_user("Zoe", "own"), change_share, People, amara, share, {"level": "read"})


def test_who_shares_and_whom_it_is_for_end_it_and_nobody_else(alice, tom, uma, amara):
    _batch, share = do(alice, share_record, People, amara, with_tom(tom))
    with pytest.raises(NotAllowed):
        do(uma, end_share, People, amara, share)
    do(tom, end_share, People, amara, share)
    assert not sees(tom, amara)


def test_shares_of_a_deleted_record_are_kept_and_come_back_with_it(alice, tom, amara):
    do(alice, share_record, People, amara, with_tom(tom))
    do(alice, delete_records, People, [amara])
    assert not visible(tom.actor, People).exists()
    with pytest.raises(NotAllowed):
        do(alice, share_record, People, amara, with_tom(tom))
    do(alice, restore_records, People, [amara])
    assert visible(tom.actor, People).get() == amara


def test_each_verb_is_taken_back(alice, tom, amara):
    made, share = do(alice, share_record, People, amara, with_tom(tom))
    changed, _share = do(alice, change_share, People, amara, share, {"level": "change"})
    ended, _none = do(alice, end_share, People, amara, share)
    assert not sees(tom, amara)
    undo(alice, ended)
    assert sees(tom, amara, "change")
    undo(alice, changed)
    assert sees(tom, amara)
    assert not sees(tom, amara, "change")
    undo(alice, made)
    assert not sees(tom, amara)


def test_who_may_no_longer_change_the_record_takes_back_no_share_of_it(make, dana, tom, uma):
    bruno = make(tom, "people", name="Bruno", owner="me")
    batch, _share = do(tom, share_record, People, bruno, with_tom(uma))
    do(dana, change_record, People, bruno, {"owner": str(dana.pk)})
    assert undo(tom, batch).rows == 0
    assert sees(uma, bruno)


def test_an_administrator_takes_back_what_others_shared(alice, dana, tom, amara):
    batch, _share = do(alice, share_record, People, amara, with_tom(tom))
    assert undo(dana, batch).rows == 1
    assert not sees(tom, amara)


def test_the_holder_cannot_give_themselves_back_what_was_ended(alice, tom, amara):
    do(alice, share_record, People, amara, with_tom(tom))
    share = Share.objects.get()
    ended, _none = do(tom, end_share, People, amara, share)
    assert undo(tom, ended).rows == 0
    assert not sees(tom, amara)


def test_the_timeline_of_the_record_tells_of_its_shares(alice, tom, amara, django_assert_num_queries):
    actor = alice.actor
    before = timeline(actor, amara.pk).items
    with django_assert_num_queries(1):
        timeline(actor, amara.pk)
    _batch, share = do(alice, share_record, People, amara, with_tom(tom))
    do(alice, change_share, People, amara, share, {"level": "change"})
    do(alice, change_share, People, amara, share, {"until": "2099-03-31"})
    do(alice, end_share, People, amara, share)
    actor = alice.actor
    timeline(actor, amara.pk)
    with django_assert_num_queries(1):
        items = timeline(actor, amara.pk).items[: -len(before)]
    assert [(one.kind, one.about_type) for one in items] == [
        ("deleted", "records.share"), ("changed", "records.share"), ("created", "records.share"),
    ]  # fmt: skip
    assert set(items[1].after) == {"level", "ends_at"}
    assert items[2].after["holder"] == str(tom.pk)


def test_entries_of_shares_belong_to_the_record(alice, tom, amara):
    do(alice, share_record, People, amara, with_tom(tom))
    entry = JournalEntry.objects.get(about_type="records.share")
    [subject] = entry.subjects.all()
    assert (subject.type, subject.subject_id, subject.role) == (People.journal_type, amara.pk, "parent")


def test_whose_role_keeps_a_share_from_them_is_told(alice, tom, amara, monkeypatch):
    with open_act(SYSTEM) as act:
        team = act.create(Team(name="North"))
        act.create(TeamMember(team=team, user=tom, joined_at=act.now))
    check_again()
    _batch, one = do(alice, share_record, People, amara, with_tom(tom, level="change"))
    _batch, both = do(alice, share_record, People, amara, {"kind": "team", "holder": str(team.pk)})
    assert held_back(People, [one, both]) == {}
    monkeypatch.setitem(gate.POLICIES, "own", {"people": Policy({"read": "own"})})
    assert held_back(People, [one, both]) == {one.pk: "change"}
    monkeypatch.setitem(gate.POLICIES, "own", {})
    assert held_back(People, [one, both]) == {one.pk: "read", both.pk: "read"}
