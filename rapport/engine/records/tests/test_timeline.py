"""The timeline: what happened to a record and around it, as far as the reader may see."""

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.records.actions import change_record
from rapport.engine.records.registry import record_type
from rapport.engine.records.timeline import timeline

People = record_type("people")


@pytest.fixture
def amara(alice, make):
    company = make(alice, "companies", name="Fjell & Fjord")
    return make(alice, "people", name="Amara", phones="+47 77 60 12 34", company=str(company.pk), owner=str(alice.pk))


def change(user, row, **values):
    with open_act(user.actor) as act:
        change_record(act, People, row, values)


def test_changes_of_one_hand_are_one_line(alice, amara):
    change(alice, amara, source="fair")
    change(alice, amara, source="web")
    change(alice, amara, stage="lead")
    newest = timeline(alice.actor, amara.pk).items[0]
    assert {one.field.slug: (one.before, one.after) for one in newest.changes} == {
        "source": (None, "web"),
        "stage": (None, "lead"),
    }


def test_a_company_shows_the_events_of_its_people(alice, amara):
    change(alice, amara, source="fair")
    company = People.field("company").get(amara)
    kinds = [(item.kind, item.rtype.slug) for item in timeline(alice.actor, company).items]
    assert ("changed", "people") in kinds
    assert ("created", "companies") in kinds


def test_hidden_fields_are_not_told(charlie, make):
    mine = make(charlie, "people", name="Amara", owner="me", source="fair")
    with open_act(charlie.actor) as act:
        act.change(mine, phones=[{"id": "1", "phone": "+4777601234", "primary": True}])
    told = [one.field.slug for item in timeline(charlie.actor, mine.pk).items for one in item.changes]
    assert "source" in told
    assert "phones" not in told


def test_events_of_records_out_of_reach_are_not_told(alice, charlie, amara):
    company = People.field("company").get(amara)
    assert all(item.rtype.slug != "people" for item in timeline(charlie.actor, company).items)


def test_it_goes_on_by_keyset(alice, make):
    person = make(alice, "people", name="Amara")
    for index in range(40):
        with open_act(alice.actor) as act:
            change_record(act, People, person, {"source": f"s{index}", "birthday": f"19{50 + index}-01-01"})
            act.now = act.now.replace(year=2020)
    first = timeline(alice.actor, person.pk)
    assert first.before is not None
    assert timeline(alice.actor, person.pk, before=first.before).before is None
