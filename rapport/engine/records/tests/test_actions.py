"""Creating, changing, deleting and restoring records, through the actions that every door calls."""

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.undo import undo_batch
from rapport.engine.records.actions import change_record, create_record, delete_records, restore_records
from rapport.engine.records.errors import Clashes, EditConflict, ValidationFailed
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type

People, Companies = record_type("people"), record_type("companies")


def change(user, row, base_version=None, **values):
    with open_act(user.actor) as act:
        change_record(act, record_type(row_type(row)), row, values, base_version=base_version)
    return act


def row_type(row):
    return {"Person": "people", "Company": "companies"}[type(row).__name__]


def reloaded(row):
    return type(row).objects.get(pk=row.pk)


class TestCreating:
    def test_reads_values_as_people_type_them(self, alice, make):
        company = make(
            alice,
            "companies",
            name="Huber Alpin",
            domains="https://www.Huber-Alpin.de/x",
            revenue="1200 EUR",
            size="12",
        )
        assert company.domains[0]["domain"] == "huber-alpin.de"
        assert (company.revenue, company.revenue_currency, company.revenue_house) == (1200, "EUR", 1200)
        person = make(
            alice, "people", name="Benedikt Huber", company="huber alpin", stage="Qualified", tags="vip, fair"
        )
        assert (person.first_name, person.last_name, person.stage) == ("Benedikt", "Huber", "qualified")
        assert person.tags == ["vip", "fair"]
        assert People.field("company").get(person) == company.pk

    def test_names_the_field_the_value_and_the_mend(self, alice, make):
        with pytest.raises(ValidationFailed) as refused:
            make(alice, "people", name="A", emails="amara@fjellfjord", birthday="14.3.", stage="vip", nonsense="1")
        errors = refused.value.errors
        assert set(errors) == {"emails", "birthday", "stage", "nonsense"}
        assert "amara@fjellfjord" in errors["emails"]
        assert "2026-03-14" in errors["birthday"]
        assert "Subscriber" in errors["stage"]
        assert not JournalEntry.objects.filter(about_type="customers.person").exists()

    def test_a_person_needs_something_to_be_known_by(self, alice, make):
        with pytest.raises(ValidationFailed):
            make(alice, "people", source="fair")

    def test_the_same_address_is_a_clash_until_it_is_accepted(self, alice, make):
        first = make(alice, "people", name="Amara", emails="amara@fjellfjord.no")
        with pytest.raises(Clashes) as clash, open_act(alice.actor) as act:
            create_record(act, People, {"name": "A. Okafor", "emails": "Amara@fjellfjord.no"}, accept_clashes=False)
        assert [one.record.pk for one in clash.value.clashes] == [first.pk]
        assert make(alice, "people", name="A. Okafor", emails="amara@fjellfjord.no").pk != first.pk

    def test_a_clash_tells_nothing_about_records_out_of_reach(self, alice, charlie, make):
        make(alice, "people", name="Amara", emails="amara@fjellfjord.no", owner=str(alice.pk))
        with open_act(charlie.actor) as act:
            values = {"name": "Amara", "emails": "amara@fjellfjord.no", "owner": "me"}
            assert create_record(act, People, values, accept_clashes=False).pk

    def test_a_child_of_a_record_out_of_reach_is_refused(self, alice, charlie, make):
        person = make(alice, "people", name="Amara", owner=str(alice.pk))
        with pytest.raises(ValidationFailed):
            make(charlie, "notes", text="hello", about_type="people", about_id=str(person.pk))

    def test_what_is_created_is_ones_own_where_the_role_reaches_no_further(self, alice, charlie, make):
        assert make(charlie, "people", name="Amara").owner_id == charlie.pk
        with pytest.raises(NotAllowed):
            make(charlie, "people", name="Benedikt", owner=str(alice.pk))


class TestChanging:
    def test_edits_of_two_people_are_merged_by_field(self, alice, dana, make):
        person = make(alice, "people", name="Amara Okafor", source="fair")
        mine, theirs = reloaded(person), reloaded(person)
        change(dana, theirs, base_version=1, source="web")
        change(alice, mine, base_version=1, birthday="1980-03-14")
        now = reloaded(person)
        assert (now.source, str(now.birthday), now.version) == ("web", "1980-03-14", 3)

    def test_the_same_field_twice_is_a_conflict_with_both_values(self, alice, dana, make):
        person = make(alice, "people", name="Amara Okafor", source="fair")
        change(dana, reloaded(person), source="web")
        with pytest.raises(EditConflict) as conflict:
            change(alice, reloaded(person), base_version=1, source="mail")
        (one,) = conflict.value.conflicts
        assert (one.slug, one.theirs, one.yours) == ("source", "web", "mail")
        assert reloaded(person).source == "web"

    def test_the_same_value_twice_is_no_conflict(self, alice, dana, make):
        person = make(alice, "people", name="Amara Okafor", source="fair")
        change(dana, reloaded(person), source="web")
        change(alice, reloaded(person), base_version=1, source="web")
        assert reloaded(person).version == 2

    def test_a_new_company_begins_a_new_membership_and_ends_the_old(self, alice, make):
        first, second = make(alice, "companies", name="First"), make(alice, "companies", name="Second")
        person = make(alice, "people", name="Amara", company=str(first.pk))
        act = change(alice, person, company=str(second.pk))
        assert People.field("company").get(person) == second.pk
        assert [one.until is None for one in person.memberships.order_by("created_at")] == [False, True]
        with open_act(alice.actor) as undoing:
            undo_batch(undoing, act.batch)
        assert People.field("company").get(person) == first.pk

    def test_a_company_cannot_stand_above_itself(self, alice, make):
        top = make(alice, "companies", name="Top")
        below = make(alice, "companies", name="Below", parent=str(top.pk))
        with pytest.raises(ValidationFailed) as refused:
            change(alice, top, parent=str(below.pk))
        assert "own parent" in refused.value.errors["parent"]

    def test_names_stay_whole(self, alice, make):
        person = make(alice, "people", first_name="Amara", last_name="Okafor")
        change(alice, person, last_name="Lindholm")
        assert reloaded(person).name == "Amara Lindholm"
        assert reloaded(person).name_fold == "amara lindholm"

    def test_out_of_reach_is_refused(self, alice, charlie, make):
        person = make(alice, "people", name="Amara", owner=str(alice.pk))
        with pytest.raises(NotAllowed):
            change(charlie, person, source="web")

    def test_a_hidden_field_does_not_exist(self, charlie, make):
        person = make(charlie, "people", name="Amara", owner="me")
        with pytest.raises(ValidationFailed) as refused:
            change(charlie, person, phones="+4777601234")
        assert "no field" in refused.value.errors["phones"]


class TestDeleting:
    def test_deleted_records_leave_the_list_and_come_back(self, alice, make):
        person = make(alice, "people", name="Amara")
        with open_act(alice.actor) as act:
            delete_records(act, People, [person])
        assert not visible(alice.actor, People).filter(pk=person.pk).exists()
        assert visible(alice.actor, People, deleted=True).filter(pk=person.pk).exists()
        with open_act(alice.actor) as act:
            restore_records(act, People, [person])
        assert visible(alice.actor, People).filter(pk=person.pk).exists()

    def test_undo_takes_back_what_was_created(self, alice, make):
        with open_act(alice.actor) as act:
            person = create_record(act, People, {"name": "Amara"})
        with open_act(alice.actor) as undoing:
            undo_batch(undoing, act.batch)
        assert not visible(alice.actor, People).filter(pk=person.pk).exists()
