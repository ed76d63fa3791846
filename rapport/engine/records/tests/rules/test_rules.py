"""Rules for fields at the engine's own verbs: what they refuse, when they ask, and what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.customers.models import Person
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.undo import undo_batch
from rapport.engine.records import gate
from rapport.engine.records.actions import change_record, restore_records, values_of_change
from rapport.engine.records.custom.actions import delete_field, restore_field
from rapport.engine.records.definitions import check_again, definitions
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.models import FieldRule
from rapport.engine.records.reading import reading_for
from rapport.engine.records.registry import record_type
from rapport.engine.records.rules.actions import change_rule, create_rule, remove_rule
from rapport.engine.records.rules.reading import rules_of
from rapport.engine.records.uses import uses_of

People, Companies = record_type("people"), record_type("companies")


def change(user, row, **values):
    with open_act(user.actor) as act:
        change_record(act, record_type("people" if isinstance(row, Person) else "companies"), row, values)
    return act


def undo(user, batch):
    with open_act(user.actor) as act:
        undo_batch(act, batch)


def refused(*args, **values):
    with pytest.raises(ValidationFailed) as failure:
        change(*args, **values)
    return failure.value.errors


class TestRequired:
    def test_of_a_new_record(self, alice, make, field, rule):
        field("text", "Lost reason")
        rule("x_lost_reason", "required", "stage = lost")
        with pytest.raises(ValidationFailed) as failure:
            make(alice, "people", name="Amara", stage="lost")
        assert failure.value.errors == {"x_lost_reason": "“Lost reason” cannot be empty while Stage is Lost."}
        make(alice, "people", name="Amara", stage="lost", x_lost_reason="Price")
        make(alice, "people", name="Amara", stage="lead")

    def test_of_a_change(self, alice, make, field, rule):
        field("text", "Lost reason")
        rule("x_lost_reason", "required", "stage = lost")
        amara = make(alice, "people", name="Amara", stage="lead")
        assert refused(alice, amara, stage="lost").keys() == {"x_lost_reason"}
        change(alice, amara, stage="lost", x_lost_reason="Price")
        assert refused(alice, amara, x_lost_reason="").keys() == {"x_lost_reason"}
        change(alice, amara, stage="lead", x_lost_reason="")

    def test_a_record_that_lacked_it_before_can_be_changed_elsewhere(self, alice, make, field, rule):
        field("text", "Lost reason")
        amara = make(alice, "people", name="Amara", stage="lost")
        rule("x_lost_reason", "required", "stage = lost")
        change(alice, amara, source="Fair")
        change(alice, amara, stage="lost", x_lost_reason="", source="Letter")
        rule("birthday", "readonly", "language = nb")
        change(alice, amara, birthday="1990-01-01")
        rule("source", "readonly", "stage = lost")
        assert refused(alice, amara, stage="lead", source="") == {
            "source": "“Source” cannot be changed while Stage is Lost."
        }

    def test_what_is_hidden_is_never_required(self, alice, make, field, rule):
        field("text", "Lost reason", required=True)
        rule("x_lost_reason", "visible", "stage = lost")
        amara = make(alice, "people", name="Amara", stage="lead")
        assert refused(alice, amara, stage="lost") == {"x_lost_reason": "“Lost reason” cannot be empty."}
        change(alice, amara, stage="lost", x_lost_reason="Price")
        change(alice, amara, stage="lead", x_lost_reason="")
        with pytest.raises(ValidationFailed):
            make(alice, "people", name="Bo", stage="lost")

    def test_the_country_of_an_address_is_known_before_it_is_written(self, alice, make, rule):
        rule("vat_number", "required", "country in (DE, FR)", "companies")
        with pytest.raises(ValidationFailed) as failure:
            make(alice, "companies", name="Huber", addresses={"country": "DE"})
        assert failure.value.errors.keys() == {"vat_number"}
        fjord = make(alice, "companies", name="Fjord", addresses={"country": "NO"})
        assert refused(alice, fjord, addresses=[{"country": "FR"}]).keys() == {"vat_number"}
        change(alice, fjord, addresses=[{"country": "FR"}], vat_number="FR1")

    def test_a_relation_in_a_table_of_its_own(self, alice, make, rule):
        fjord = make(alice, "companies", name="Fjord")
        rule("source", "required", 'company = "Fjord"')
        assert FieldRule.objects.get().condition == f"company = {fjord.pk}"
        amara = make(alice, "people", name="Amara")
        assert refused(alice, amara, company=str(fjord.pk)) == {
            "source": "“Source” cannot be empty while Company is Fjord."
        }


class TestReadOnly:
    def test_goes_by_the_record_before_the_change(self, alice, dana, make, rule):
        rule("source", "readonly", "stage = customer")
        amara = make(alice, "people", name="Amara", stage="customer", source="Fair")
        assert refused(alice, amara, source="Letter").keys() == {"source"}
        assert refused(dana, amara, stage="lead", source="Letter").keys() == {"source"}
        change(alice, amara, source="Fair", birthday="1990-01-01")
        change(alice, amara, stage="lead")
        change(alice, amara, source="Letter", stage="customer")
        assert Person.objects.get(pk=amara.pk).source == "Letter"

    def test_me_and_days(self, alice, dana, make, rule):
        rule("source", "readonly", "owner != me or created_at < -30d")
        amara = make(alice, "people", name="Amara", owner="me")
        change(alice, amara, source="Fair")
        assert refused(dana, amara, source="Letter").keys() == {"source"}
        Person.objects.filter(pk=amara.pk).update(created_at="2020-01-01T00:00Z")
        assert refused(alice, Person.objects.get(pk=amara.pk), source="Letter").keys() == {"source"}

    def test_a_restored_record_is_asked_nothing(self, alice, make, field, rule):
        field("text", "Lost reason")
        amara = make(alice, "people", name="Amara", stage="lost")
        with open_act(alice.actor) as act:
            act.delete(amara)
        rule("x_lost_reason", "required", "stage = lost")
        with open_act(alice.actor) as act:
            restore_records(act, People, [amara])
        assert not Person.objects.get(pk=amara.pk).is_deleted

    def test_undo_is_not_asked_either(self, alice, make, rule):
        rule("source", "readonly", "stage = customer")
        amara = make(alice, "people", name="Amara", stage="lead", source="Fair")
        act = change(alice, amara, stage="customer", source="Letter")
        undo(alice, act.batch)
        assert Person.objects.get(pk=amara.pk).source == "Fair"


class TestMaking:
    @pytest.mark.parametrize(
        ("condition", "said"),
        [
            ("company.industry = retail", "A rule asks only fields of the record itself."),
            ("count(notes) > 1", "A rule asks only fields of the record itself."),
            ("changed(stage)", "A rule asks only fields of the record itself."),
            ("stage held 3d", "A rule asks only fields of the record itself."),
            ('company under "Fjord"', "company cannot be asked with under"),
            ("stag = lost", "stag is not a field of people. Did you mean stage?"),
            ("stage = gone", "gone is not a choice of Stage."),
            ('company = "Nobody"', "Nothing here is called Nobody."),
            ("source is filled", "is not an operator"),
            ("", "Write when the rule holds."),
            (None, "A condition is the text of a filter."),
        ],
    )
    def test_what_no_rule_can_ask(self, dana, condition, said):
        with pytest.raises(ValidationFailed) as failure, open_act(dana.actor) as act:
            create_rule(act, People, {"field": "source", "kind": "required", "condition": condition})
        assert said in failure.value.errors["condition"]

    @pytest.mark.parametrize(
        ("slug", "kind", "at"),
        [
            ("name", "visible", "kind"), ("country", "required", "kind"), ("country", "readonly", "kind"),
            ("do_not_contact", "required", "kind"), ("source", "loud", "kind"), ("shoe", "required", "field"),
            ("created_at", "visible", "field"),
        ],
    )  # fmt: skip
    def test_what_there_can_be_no_rule_for(self, dana, slug, kind, at):
        with pytest.raises(ValidationFailed) as failure, open_act(dana.actor) as act:
            create_rule(act, People, {"field": slug, "kind": kind, "condition": "stage = lead"})
        assert failure.value.errors.keys() == {at}

    def test_once_for_each_kind(self, rule):
        rule("source", "required", "stage = lead")
        rule("source", "visible", "stage = lead")
        with pytest.raises(ValidationFailed):
            rule("source", "required", "stage = customer")

    def test_a_field_does_not_decide_whether_it_is_seen(self, rule):
        with pytest.raises(ValidationFailed):
            rule("source", "visible", "source is not empty")

    def test_members_make_none(self, alice, rule):
        row = rule("source", "required", "stage = lead")
        for deed in (
            lambda act: create_rule(act, People, {"field": "source", "kind": "visible", "condition": "stage = lead"}),
            lambda act: change_rule(act, row, "stage = customer"),
            lambda act: remove_rule(act, row),
        ):
            with pytest.raises(NotAllowed), open_act(alice.actor) as act:
                deed(act)

    def test_changed_removed_and_undone(self, alice, dana, make, rule):
        row = rule("source", "required", "stage = lead")
        with open_act(dana.actor) as changed:
            change_rule(changed, row, "stage=customer")
        assert row.condition == "stage = customer"
        check_again()
        make(alice, "people", name="Amara", stage="lead")
        undo(dana, changed.batch)
        check_again()
        with pytest.raises(ValidationFailed):
            make(alice, "people", name="Bo", stage="lead")
        with open_act(dana.actor) as removed:
            remove_rule(removed, FieldRule.objects.get())
        check_again()
        make(alice, "people", name="Bo", stage="lead")
        undo(dana, removed.batch)
        check_again()
        with pytest.raises(ValidationFailed):
            make(alice, "people", name="Cy", stage="lead")


class TestUses:
    def test_a_field_that_a_rule_asks_cannot_be_deleted(self, dana, field, rule):
        mood = field("choice", "Mood", options=["Calm", "Keen"])
        rule("source", "required", "x_mood = calm")
        (use,) = uses_of(dana.actor, People, "x_mood")
        assert (use.label, use.kind, use.blocks) == ("Source is required while Mood is Calm", "Rule", True)
        assert use.url == "/settings/fields/people/rules/source/required"
        assert uses_of(dana.actor, People, "x_mood", option="calm")
        assert not uses_of(dana.actor, People, "x_mood", option="keen")
        assert not uses_of(dana.actor, Companies, "x_mood")
        with pytest.raises(ValidationFailed) as failure, open_act(dana.actor) as act:
            delete_field(act, mood)
        assert "Source is required while Mood is Calm" in failure.value.errors["used_by"]

    def test_members_see_no_rules(self, alice, field, rule):
        field("choice", "Mood", options=["Calm", "Keen"])
        rule("source", "required", "x_mood = calm")
        assert uses_of(alice.actor, People, "x_mood") == []

    def test_a_rule_goes_and_comes_with_its_own_field(self, alice, dana, make, field, rule):
        reason = field("text", "Lost reason")
        rule("x_lost_reason", "required", "stage = lost")
        with open_act(dana.actor) as act:
            delete_field(act, reason)
        check_again()
        make(alice, "people", name="Amara", stage="lost")
        (why,) = rules_of(People).off.values()
        assert str(why) == "x_lost_reason is no longer a field."
        with open_act(dana.actor) as act:
            restore_field(act, reason)
        check_again()
        with pytest.raises(ValidationFailed):
            make(alice, "people", name="Bo", stage="lost")

    def test_a_rule_that_says_nothing_any_more_breaks_no_save(self, alice, dana, make, field, rule):
        row = rule("source", "required", "stage = lost")
        with open_act(dana.actor) as act:
            act.change(row, condition="x_gone = 1")
        check_again()
        make(alice, "people", name="Amara", stage="lost")
        assert "x_gone is not a field" in str(rules_of(People).off[row.pk])


class TestGate:
    def test_the_sentence_names_no_field_that_is_hidden(self, charlie, make, rule, monkeypatch):
        rule("source", "required", "stage = lost")
        own = gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own"), hidden=frozenset({"stage"}))
        amara = make(charlie, "people", name="Amara", source="Fair")
        Person.objects.filter(pk=amara.pk).update(stage="lost")
        monkeypatch.setitem(gate.POLICIES, "stranger", {"*": own})
        assert refused(charlie, Person.objects.get(pk=amara.pk), source="") == {"source": "“Source” cannot be empty."}

    def test_a_hidden_field_is_not_named_either(self, charlie, make, field, rule, monkeypatch):
        field("text", "Secret reason")
        rule("x_secret_reason", "required", "stage = lost")
        own = gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own"), hidden=frozenset({"x_secret_reason"}))
        monkeypatch.setitem(gate.POLICIES, "stranger", {"*": own})
        amara = make(charlie, "people", name="Amara")
        told = refused(charlie, amara, stage="lost")
        assert told == {"stage": "This needs something that your role does not show. Ask an administrator."}


class TestCost:
    def test_no_rules_cost_no_query(self, alice, make, dana):
        amara = make(alice, "people", name="Amara")
        definitions()
        with CaptureQueriesContext(connection) as queries:
            values_of_change(People, amara, {"source": "Fair"}, reading_for(alice.actor))
        assert not queries.captured_queries

    def test_rules_over_columns_cost_none_either(self, alice, make, rule):
        amara = make(alice, "people", name="Amara")
        rule("source", "required", "stage = lost")
        reading = reading_for(alice.actor)
        with CaptureQueriesContext(connection) as queries:
            values_of_change(People, amara, {"source": "Fair"}, reading)
        assert not queries.captured_queries

    def test_the_stamp_rises(self, rule, dana):
        before = definitions().stamp
        row = rule("source", "required", "stage = lost")
        now = definitions()
        assert now.stamp > before
        with open_act(dana.actor) as act:
            remove_rule(act, row)
        check_again()
        assert definitions().stamp > now.stamp
        assert rules_of(People) is None
