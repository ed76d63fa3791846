"""Merging: what the survivor holds, what follows, who may, and what is refused."""

import pytest

from rapport.customers.models import Company, Membership, Person
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records import merging
from rapport.engine.records.actions import change_record, restore_records
from rapport.engine.records.errors import EditConflict, ValidationFailed
from rapport.engine.records.models import ExternalId, Share
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.merging.support import fresh, merge, part, world

pytestmark = pytest.mark.django_db
People, Companies = record_type("people"), record_type("companies")


@pytest.fixture
def ann(make, alice):
    return make(alice, "people", name="Ann Lee", emails=["ann@fjord.no"], tags=["vip"], owner="me")


@pytest.fixture
def anne(make, alice):
    return make(
        alice, "people", name="Anne Lee", emails=["anne@fjord.no", "ANN@fjord.no"], phones=["+4722334455"],
        tags=["north", "vip"], source="fair", owner="me",
    )  # fmt: skip


def mails(row):
    return [entry["email"] for entry in fresh(row).emails]


def test_the_survivor_keeps_its_own_and_learns_what_it_did_not_know(alice, ann, anne):
    merged = merge(alice, "people", ann, anne)
    now = fresh(ann)
    assert (now.name, now.source, now.tags) == ("Ann Lee", "fair", ["vip", "north"])
    assert mails(ann) == ["ann@fjord.no", "anne@fjord.no"]
    assert [entry["primary"] for entry in now.emails] == [True, False]
    gone = fresh(anne)
    assert (gone.is_deleted, gone.merged_into, gone.deleted_batch) == (True, ann.pk, merged.batch)
    assert [one.pk for one in merging.merges_into(People, ann.pk)] == [merged.pk]


def test_each_field_may_be_chosen_and_the_parts_of_a_name_follow_it(alice, ann, anne):
    merge(alice, "people", ann, anne, name=anne.pk, emails=anne.pk)
    now = fresh(ann)
    assert (now.name, now.first_name, now.last_name) == ("Anne Lee", "Anne", "Lee")
    assert mails(ann) == ["anne@fjord.no", "ann@fjord.no"]


def test_everything_that_pointed_at_it_points_at_the_survivor(alice, dana, make, kinds, own_fields):
    keeps, goes = (make(alice, "companies", name=name) for name in ("Fjord", "Fjord AS"))
    below = make(alice, "companies", name="Daughter", parent=str(goes.pk))
    person = make(alice, "people", name="Ann", company=str(goes.pk), x_client=str(goes.pk))
    thing = make(alice, "projects", name="Roof", x_client=str(goes.pk))
    note = make(alice, "notes", text="Call", about_type="companies", about_id=str(goes.pk))
    with open_act(dana.actor) as act:
        known = act.create(ExternalId(source="shop", value="1", record_type="companies", record_id=goes.pk))
        share = act.create(Share(record_type="companies", record_id=goes.pk, kind="user", holder=dana.pk, level="read"))
    before = world()
    merged = merge(alice, "companies", keeps, goes)
    assert fresh(below).parent_id == keeps.pk
    assert Membership.objects.get(person=person).company_id == keeps.pk
    assert fresh(person).custom["x_client"] == fresh(thing).custom["x_client"] == str(keeps.pk)
    assert fresh(note).about_id == fresh(known).record_id == fresh(share).record_id == keeps.pk
    part(alice, merged)
    assert world() == before


def test_two_memberships_of_one_person_at_one_company_become_one(alice, make):
    keeps, goes = (make(alice, "companies", name=name) for name in ("Fjord", "Fjord AS"))
    person = make(alice, "people", name="Ann", company=str(goes.pk))
    make(alice, "memberships", person=str(person.pk), company=str(keeps.pk), title="Boss")
    stint = make(alice, "memberships", person=str(person.pk), company=str(goes.pk), title="Boss", since="2020-01-01")
    other = make(alice, "memberships", person=str(person.pk), company=str(goes.pk), title="Cook")
    before = world()
    merged = merge(alice, "companies", keeps, goes)
    live = Membership.objects.filter(deleted_at=None, person=person)
    assert {(one.title, one.primary, str(one.since or "")) for one in live} == {
        ("Boss", True, "2020-01-01"), ("Cook", False, ""),
    }  # fmt: skip
    assert fresh(stint).is_deleted
    assert not fresh(other).is_deleted
    assert {one.company_id for one in live} == {keeps.pk}
    part(alice, merged)
    assert world() == before


def test_one_primary_membership_is_left_the_one_that_was_chosen(alice, make, ann, anne):
    fjord, dal = (make(alice, "companies", name=name) for name in ("Fjord", "Dal"))
    for person, company in ((ann, fjord), (anne, dal)):
        with open_act(alice.actor) as act:
            change_record(act, People, person, {"company": str(company.pk)})
    before = world()
    merged = merge(alice, "people", ann, anne, company=anne.pk)
    rows = Membership.objects.filter(deleted_at=None)
    assert {(one.person_id, one.company_id, one.primary) for one in rows} == {
        (ann.pk, dal.pk, True), (ann.pk, fjord.pk, False),
    }  # fmt: skip
    part(alice, merged)
    assert world() == before


def test_two_shares_with_one_holder_become_the_wider_one(alice, dana, ann, anne):
    with open_act(dana.actor) as act:
        for row, level in ((ann, "read"), (anne, "change")):
            act.create(Share(record_type="people", record_id=row.pk, kind="user", holder=dana.pk, level=level))
    before = world()
    merged = merge(alice, "people", ann, anne)
    [share] = Share.objects.filter(deleted_at=None)
    assert (share.record_id, share.level) == (ann.pk, "change")
    part(alice, merged)
    assert world() == before


def test_unique_values_go_over_without_a_deadlock(alice, make, own_fields):
    keeps, goes = make(alice, "people", name="Ann", x_code="A1"), make(alice, "people", name="Anne", x_code="B2")
    before = world()
    merged = merge(alice, "people", keeps, goes, x_code=goes.pk)
    assert fresh(keeps).custom["x_code"] == "B2"
    part(alice, merged)
    assert world() == before


def test_a_company_never_comes_to_stand_above_itself(alice, make):
    goes = make(alice, "companies", name="Fjord AS")
    middle = make(alice, "companies", name="Middle", parent=str(goes.pk))
    keeps = make(alice, "companies", name="Fjord", parent=str(middle.pk))
    before = world()
    with pytest.raises(ValidationFailed, match="above itself"):
        merge(alice, "companies", keeps, goes, parent=keeps.pk)
    assert world() == before
    merged = merge(alice, "companies", keeps, goes)
    assert (fresh(keeps).parent_id, fresh(middle).parent_id) == (None, keeps.pk)
    part(alice, merged)
    assert world() == before


def test_a_daughter_merges_into_its_mother_and_the_other_way_round(alice, make):
    mother = make(alice, "companies", name="Mother")
    daughter = make(alice, "companies", name="Daughter", parent=str(mother.pk))
    before = world()
    for keeps, goes in ((mother, daughter), (daughter, mother)):
        merged = merge(alice, "companies", keeps, goes)
        assert fresh(keeps).parent_id is None
        part(alice, merged)
        assert world() == before


def test_who_may_not_change_one_or_delete_the_others_merges_nothing(alice, bob, charlie, make, ann, anne):
    theirs = make(charlie, "people", name="Annie", owner="me")
    before = world()
    with pytest.raises(NotAllowed):
        merge(charlie, "people", theirs, anne)
    with pytest.raises(NotAllowed):
        merge(charlie, "people", ann, theirs)
    assert world() == before
    merged = merge(bob, "people", ann, anne)
    with pytest.raises(NotAllowed):
        part(charlie, merged)


def test_hidden_fields_go_by_the_suggestion_and_are_never_shown(charlie, make, monkeypatch):
    keeps, goes = (make(charlie, "people", name=name, owner="me") for name in ("Ann", "Anne"))
    Person.objects.filter(pk=goes.pk).update(phones=[{"id": "1", "phone": "+4722334455", "primary": True}])
    rows = [fresh(keeps), fresh(goes)]
    shown = merging.propose(charlie.actor, People, rows, survivor=keeps.pk)
    assert "phones" not in [one.field.slug for one in shown.choices]
    with pytest.raises(ValidationFailed, match="no field"):
        merge(charlie, "people", keeps, goes, phones=goes.pk)
    merge(charlie, "people", keeps, goes)
    assert [entry["phone"] for entry in fresh(keeps).phones] == ["+4722334455"]


def test_refusals_are_sentences(alice, make, ann, anne):
    note = make(alice, "notes", text="Call", about_type="people", about_id=str(ann.pk))
    other = make(alice, "notes", text="Write", about_type="people", about_id=str(ann.pk))
    with pytest.raises(ValidationFailed, match="follow what they belong to"):
        merge(alice, "notes", note, other)
    with pytest.raises(ValidationFailed, match="From 2 to 50"):
        merge(alice, "people", ann)
    many = [make(alice, "people", name=f"Ann {n}") for n in range(50)]
    with pytest.raises(ValidationFailed, match="these are 51"):
        merge(alice, "people", ann, *many)
    with pytest.raises(ValidationFailed, match="none of these"):
        merge(alice, "people", ann, anne, name=many[0].pk)
    merge(alice, "people", ann, anne)
    with pytest.raises(ValidationFailed, match="merged into another record already"):
        merge(alice, "people", ann, anne)
    with pytest.raises(ValidationFailed, match="Un-merge it"), open_act(alice.actor) as act:
        restore_records(act, People, [fresh(anne)])


def test_a_record_that_changed_since_the_choice_is_a_conflict(alice, ann, anne):
    with pytest.raises(EditConflict), open_act(alice.actor) as act:
        merging.merge_records(act, People, [ann, anne], survivor=ann.pk, versions={anne.pk: anne.version - 1})


def test_old_ids_lead_on_over_many_merges(alice, make):
    a, b, c = (make(alice, "companies", name=name) for name in "ABC")
    merge(alice, "companies", b, a)
    merge(alice, "companies", c, b)
    assert merging.survivor_of(Companies, a.pk) == merging.survivor_of(Companies, b.pk) == c.pk
    assert merging.survivor_of(Companies, c.pk) is None
    with open_act(alice.actor) as act:
        act.delete(Company.objects.get(pk=c.pk))
    assert merging.survivor_of(Companies, a.pk) is None


def test_the_most_complete_stays_and_of_several_the_oldest(alice, make, ann, anne):
    assert merging.propose(alice.actor, People, [ann, anne]).survivor.pk == anne.pk
    twins = [make(alice, "people", name="Bo") for _n in range(2)]
    shown = merging.propose(alice.actor, People, twins[::-1])
    assert [row.pk for row in shown.rows] == [row.pk for row in twins]


def test_a_proposal_tells_what_differs_and_what_follows(alice, make, ann, anne):
    make(alice, "notes", text="Call", about_type="people", about_id=str(anne.pk))
    shown = merging.propose(alice.actor, People, [ann, anne], survivor=ann.pk)
    lines = {one.field.slug: one for one in shown.choices}
    assert (lines["name"].takes, lines["name"].differs, lines["name"].can_join) == (ann.pk, True, False)
    assert (lines["emails"].takes, lines["emails"].can_join) == ("all", True)
    assert (lines["source"].takes, lines["source"].differs) == (anne.pk, False)
    assert lines["name"].values == {ann.pk: "Ann Lee", anne.pk: "Anne Lee"}
    assert "city" not in lines
    assert shown.follows == [("notes", 1)]
