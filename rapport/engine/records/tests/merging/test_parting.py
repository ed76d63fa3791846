"""Un-merging: everything comes back as it was, and what came later stays or goes where it is told to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.customers.models import Company, Membership, Person
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import CannotUndo
from rapport.engine.events.undo import undo_batch
from rapport.engine.records import merging
from rapport.engine.records.actions import change_record, create_record, delete_records
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.merging.support import fresh, merge, part, world

pytestmark = pytest.mark.django_db
People, Companies, Memberships = (record_type(slug) for slug in ("people", "companies", "memberships"))


@pytest.fixture
def pair(make, alice):
    return (
        make(alice, "people", name="Ann Lee", emails=["a@fjord.no"], tags=["vip"], owner="me"),
        make(alice, "people", name="Anne Lee", emails=["b@fjord.no"], tags=["north"], source="fair", owner="me"),
    )


def edit(user, row, **values):
    rtype = {Person: People, Company: Companies, Membership: Memberships}[type(row)]
    with open_act(user.actor) as act:
        change_record(act, rtype, fresh(row), values)


def undo(user, batch):
    with open_act(user.actor) as act:
        outcome = undo_batch(act, batch)
    return outcome, act.batch


def mails(row):
    return [entry["email"] for entry in fresh(row).emails]


def test_what_was_changed_since_stays_with_the_survivor(alice, pair):
    ann, anne = pair
    merged = merge(alice, "people", *pair, name=anne.pk)
    edit(alice, ann, name="Ann Berg", source="shop")
    outcome, _batch = part(alice, merged)
    now = fresh(ann)
    assert (now.name, now.source, fresh(anne).name, fresh(anne).source) == ("Ann Berg", "shop", "Anne Lee", "fair")
    assert {one.column for one in outcome.conflicts} >= {"name", "source"}


def test_lists_are_taken_back_entry_by_entry(alice, pair):
    ann, anne = pair
    merged = merge(alice, "people", *pair)
    edit(alice, ann, emails=[*fresh(ann).emails, {"email": "c@fjord.no"}], tags=["vip", "north", "gold"])
    outcome, _batch = part(alice, merged)
    assert (mails(ann), mails(anne)) == (["a@fjord.no", "c@fjord.no"], ["b@fjord.no"])
    assert (fresh(ann).tags, fresh(anne).tags) == (["vip", "gold"], ["north"])
    assert outcome.kept == 0


def test_an_entry_made_primary_since_stays_so_and_an_edited_one_stays(alice, pair):
    ann, _anne = pair
    merged = merge(alice, "people", *pair)
    a, b = fresh(ann).emails
    edit(alice, ann, emails=[{"email": "c@fjord.no", "primary": True}, a, {**b, "kind": "work", "primary": False}])
    outcome, _batch = part(alice, merged)
    assert [(one["email"], one["primary"]) for one in fresh(ann).emails] == [
        ("c@fjord.no", True), ("a@fjord.no", False), ("b@fjord.no", False),
    ]  # fmt: skip
    assert [one.column for one in outcome.conflicts] == [f"emails.{b['id']}"]


def test_what_came_later_is_told_and_may_go_to_who_comes_back(alice, make, pair):
    ann, anne = pair
    merged = merge(alice, "people", *pair, name=anne.pk)
    edit(alice, ann, name="Ann Berg", tags=["vip", "north", "gold"])
    note = make(alice, "notes", text="Later", about_type="people", about_id=str(ann.pk))
    later = merging.came_later(alice.actor, merged)
    assert {one.name: one.value for one in later.fields} == {
        "field:name": "Ann Berg", "field:tags": ["gold"], "field:first_name": "Ann", "field:last_name": "Berg",
    }  # fmt: skip
    assert [(one.name, one.by) for one in later.children] == [(f"notes:{note.pk}", "Alice")]
    with pytest.raises(ValidationFailed, match="did not come later"):
        part(alice, merged, {"field:source": anne.pk})
    with pytest.raises(ValidationFailed, match="only to a record that comes back"):
        part(alice, merged, {"field:name": ann.pk})
    goes = dict.fromkeys(("field:name", "field:first_name", "field:last_name", "field:tags"), anne.pk)
    part(alice, merged, {**goes, f"notes:{note.pk}": anne.pk})
    assert (fresh(ann).name, fresh(ann).last_name, fresh(ann).tags) == ("Ann Lee", "Lee", ["vip"])
    assert (fresh(anne).name, fresh(anne).last_name, fresh(anne).tags) == ("Ann Berg", "Berg", ["north", "gold"])
    assert fresh(note).about_id == anne.pk


def test_what_only_moved_is_not_told_as_later(alice, make, pair):
    _ann, anne = pair
    moved = make(alice, "notes", text="Before", about_type="people", about_id=str(anne.pk))
    merged = merge(alice, "people", *pair)
    with open_act(alice.actor) as act:
        act.change(fresh(moved), text="Edited")
    assert merging.came_later(alice.actor, merged) == merging.Later([], [], 0)
    part(alice, merged)
    assert (fresh(moved).about_id, fresh(moved).text) == (anne.pk, "Edited")


def test_a_child_moved_elsewhere_since_stays_there_and_is_told(alice, make):
    keeps, goes, third = (make(alice, "companies", name=name) for name in ("Keeps", "Goes", "Third"))
    below = make(alice, "companies", name="Below", parent=str(goes.pk))
    merged = merge(alice, "companies", keeps, goes)
    edit(alice, below, parent=str(third.pk))
    outcome, _batch = part(alice, merged)
    assert fresh(below).parent_id == third.pk
    assert [(one.about_id, one.column) for one in outcome.conflicts] == [(below.pk, "parent_id")]


def test_an_ended_membership_goes_back_though_the_person_works_elsewhere_now(alice, make):
    keeps, goes, third = (make(alice, "companies", name=name) for name in ("Keeps", "Goes", "Third"))
    person = make(alice, "people", name="Ann", company=str(goes.pk))
    stint = Membership.objects.get(person=person)
    merged = merge(alice, "companies", keeps, goes)
    edit(alice, person, company=str(third.pk))
    part(alice, merged)
    assert (fresh(stint).company_id, fresh(stint).primary) == (goes.pk, False)
    assert Membership.objects.get(person=person, primary=True).company_id == third.pk


def test_a_company_given_since_by_a_membership_that_goes_back_stays(alice, make, pair):
    ann, anne = pair
    fjord, dal = (make(alice, "companies", name=name) for name in ("Fjord", "Dal"))
    edit(alice, ann, company=str(fjord.pk))
    edit(alice, anne, company=str(dal.pk))
    theirs = Membership.objects.get(person=anne)
    merged = merge(alice, "people", *pair)
    own = Membership.objects.get(person=ann, company=fjord)
    with open_act(alice.actor) as act:
        act.change(own, primary=False)
        act.change(fresh(theirs), primary=True)
    part(alice, merged)
    assert fresh(theirs).person_id == anne.pk
    assert Membership.objects.get(person=ann, primary=True, deleted_at=None).company_id == dal.pk


def test_a_field_kept_elsewhere_goes_too(alice, make, pair):
    ann, anne = pair
    fjord, dal = (make(alice, "companies", name=name) for name in ("Fjord", "Dal"))
    edit(alice, ann, company=str(fjord.pk))
    merged = merge(alice, "people", *pair)
    edit(alice, ann, company=str(dal.pk))
    later = merging.came_later(alice.actor, merged)
    assert [(one.name, one.value) for one in later.fields] == [("field:company", dal.pk)]
    part(alice, merged, {"field:company": anne.pk})
    company = People.field("company")
    assert (company.get(ann), company.get(anne)) == (fjord.pk, dal.pk)


def test_one_merged_on_is_not_parted_before_that_is(alice, make):
    a, b, c = (make(alice, "companies", name=name) for name in "ABC")
    before = world()
    first = merge(alice, "companies", b, a)
    second = merge(alice, "companies", c, b)
    with pytest.raises(ValidationFailed, match="merged on into “C”"):
        part(alice, first)
    with pytest.raises(CannotUndo, match="merged on into"):
        undo(alice, first.batch)
    part(alice, second)
    part(alice, first)
    assert world() == before
    with pytest.raises(ValidationFailed, match="un-merged already"):
        part(alice, first)


def test_with_the_survivor_deleted_the_others_come_back_alone(alice, pair):
    ann, anne = pair
    merged = merge(alice, "people", *pair)
    with open_act(alice.actor) as act:
        delete_records(act, People, [fresh(ann)])
    part(alice, merged)
    assert (fresh(ann).is_deleted, fresh(anne).is_deleted, fresh(anne).merged_into) == (True, False, None)


def test_a_unique_value_that_somebody_else_has_taken_is_named(alice, make, own_fields):
    keeps, goes = make(alice, "people", name="Ann", x_code="A1"), make(alice, "people", name="Anne", x_code="B2")
    merged = merge(alice, "people", keeps, goes)
    other = make(alice, "people", name="Bo", x_code="B2")
    with pytest.raises(ValidationFailed, match="“B2” in “Code”"):
        part(alice, merged)
    with pytest.raises(CannotUndo, match="“B2” in “Code”"):
        undo(alice, merged.batch)
    edit(alice, other, x_code="C3")
    part(alice, merged)
    assert (fresh(keeps).custom["x_code"], fresh(goes).custom["x_code"]) == ("A1", "B2")


def test_undo_is_unmerge_and_its_undo_merges_again_any_number_of_times(alice, make, pair):
    ann, anne = pair
    make(alice, "notes", text="Before", about_type="people", about_id=str(anne.pk))
    before = world()
    merged = merge(alice, "people", *pair)
    after = world()
    outcome, undoing = undo(alice, merged.batch)
    assert (world(), outcome.kept, merging.merges_into(People, ann.pk)) == (before, 0, [])
    undo(alice, undoing)
    assert world() == after
    assert [one.pk for one in merging.merges_into(People, ann.pk)] == [merged.pk]
    _outcome, parting = part(alice, fresh(merged))
    assert world() == before
    undo(alice, parting)
    assert world() == after
    outcome, _batch = undo(alice, merged.batch)
    assert (world(), outcome.kept) == (before, 0)


def test_an_unmerge_is_not_taken_back_once_they_went_ways_of_their_own(alice, make, pair):
    _ann, anne = pair
    merged = merge(alice, "people", *pair)
    _outcome, batch = part(alice, merged)
    make(alice, "notes", text="Later", about_type="people", about_id=str(anne.pk))
    with pytest.raises(CannotUndo, match="Merge them again"):
        undo(alice, batch)


def test_undo_gives_the_same_as_unmerge_after_later_edits(alice, dana, make):
    worlds = []
    for way in ("part", "undo"):
        keeps = make(alice, "people", name="Ann", emails=["a@fjord.no"], owner="me")
        goes = make(alice, "people", name="Anne", emails=["b@fjord.no"], owner="me")
        merged = merge(alice, "people", keeps, goes, name=goes.pk)
        edit(alice, keeps, emails=[*fresh(keeps).emails, {"email": "c@fjord.no"}], source="later")
        if way == "part":
            part(alice, merged)
        else:
            undo(alice, merged.batch)
        worlds.append([(fresh(row).name, mails(row), fresh(row).source) for row in (keeps, goes)])
    assert worlds[0] == worlds[1]


@pytest.mark.parametrize("way", ["part", "undo"])
def test_what_followed_goes_back_beyond_the_reach_of_who_merged(alice, charlie, make, own_fields, way):
    keeps, goes = (make(charlie, "people", name=name, owner="me") for name in ("Ann", "Anne"))
    theirs = make(alice, "people", name="Bo", x_friend=str(goes.pk), owner="me")
    before = world()
    merged = merge(charlie, "people", keeps, goes)
    assert fresh(theirs).custom["x_friend"] == str(keeps.pk)
    if way == "part":
        part(charlie, merged)
    else:
        undo(charlie, merged.batch)
    assert world() == before


def test_long_after_thirty_days_it_still_parts(alice, pair):
    ann, anne = pair
    with open_act(alice.actor, now=timezone.now() - timedelta(days=400)) as act:
        merged = merging.merge_records(act, People, list(pair), survivor=ann.pk)
    with pytest.raises(CannotUndo, match="30 days"):
        undo(alice, merged.batch)
    part(alice, merged)
    assert not fresh(anne).is_deleted


def test_of_two_merges_in_one_batch_each_parts_alone(alice, make):
    rows = [make(alice, "companies", name=name) for name in "ABCD"]
    with open_act(alice.actor) as act:
        first = merging.merge_records(act, Companies, rows[:2], survivor=rows[0].pk)
        second = merging.merge_records(act, Companies, rows[2:], survivor=rows[2].pk)
        create_record(act, Companies, {"name": "New"})
    part(alice, first)
    assert [fresh(row).is_deleted for row in rows] == [False, False, False, True]
    part(alice, second)
    assert not any(fresh(row).is_deleted for row in rows)
    assert Company.objects.filter(name="New", deleted_at=None).exists()
