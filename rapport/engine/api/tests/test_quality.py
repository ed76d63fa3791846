"""Quality over the API: scores of records, the rules, the numbers, and confirming; as described, and as hidden."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.engine.api.tests.conftest import Api, make_token, make_user
from rapport.engine.api.tests.shapes import faults
from rapport.engine.events.act import open_act
from rapport.engine.records import gate
from rapport.engine.records.actions import create_record
from rapport.engine.records.quality.built_in import id_of
from rapport.engine.records.quality.working import rescore_rows
from rapport.engine.records.registry import record_type

OLD = timedelta(days=700)


@pytest.fixture
def old(bob):
    """Somebody of two years ago, with a phone and nothing else."""
    people = record_type("people")
    with open_act(bob.actor, now=timezone.now() - OLD) as act:
        row = create_record(act, people, {"name": "Amara", "phones": "+4722334455", "owner": str(bob.pk)})
    rescore_rows(people, people.rows())
    return f"/people/{row.pk}"


@pytest.fixture
def narrow(monkeypatch, db):
    """A program whose role hides phones."""
    policy = gate.Policy(dict.fromkeys(gate.EVERY_VERB, "all"), hidden=frozenset({"phones"}))
    monkeypatch.setitem(gate.POLICIES, "narrow", {"*": policy})
    return Api(make_token(make_user("Tom", "narrow")))


def test_a_score_is_shown_sorted_and_filtered_by_where_it_is_asked_for(api, old):
    assert "quality" not in api.get(old).data
    score = api.get(old, {"fields": "name,quality"}).data["quality"]
    assert 0 < score < 100
    found = api.get("/people", {"where": f"quality = {score:.0f}", "order": "-quality", "fields": "quality"})
    assert [one["quality"] for one in found.data["items"]] == [score]
    found = api.get("/people", {"where": 'in failing("Has a company")'})
    assert len(found.data["items"]) == 1


def test_what_is_confirmed_counts_as_fresh_and_can_be_taken_back(api, old):
    before = api.get(old, {"fields": "quality"}).data
    answer = api.post(f"{old}/confirm", {"fields": ["phones"]})
    assert answer.status_code == 200, answer.content
    assert answer.data["quality"] > before["quality"]
    assert answer.data["version"] == before["version"]
    document = api.get("/openapi.json").data
    shown = document["components"]["schemas"]["Confirmed"]
    assert not [one for one in faults(shown, answer.data, document) if "_at" not in one]
    assert api.post(f"/batches/{answer['Rapport-Batch']}/undo").status_code == 200


def test_many_are_confirmed_by_a_filter(api, old):
    stale = f"in failing({id_of('people', 'phone-fresh')})"
    answer = api.post("/people/bulk", {"where": stale, "confirm": ["phones"]})
    assert answer.status_code == 200, answer.content
    assert answer.data["counts"]["changed"] == 1
    assert api.get("/people", {"where": stale}).data["items"] == []


def test_what_is_wrong_is_told_with_its_place(api, old):
    for body, status, pointer in (
        ({}, 400, "/fields"),
        ({"fields": []}, 400, "/fields"),
        ({"fields": ["nowhere"]}, 422, "/fields/0"),
        ({"fields": ["phones", "city"]}, 422, "/fields/1"),
    ):
        answer = api.post(f"{old}/confirm", body)
        assert (answer.status_code, answer.data["errors"][0]["pointer"]) == (status, pointer), body
    assert api.post(f"{old}/confirm", {"fields": ["phones"], "x": 1}).status_code == 400
    assert api.get("/quality", {"record_type": "notes"}).status_code == 400


def test_rules_and_numbers_are_as_they_are_described(api, old):
    document = api.get("/openapi.json").data
    schemas = document["components"]["schemas"]
    rules = api.get("/quality/rules", {"record_type": "people"}).data["items"]
    assert "Has a phone" in {one["label"] for one in rules}
    assert not [fault for one in rules for fault in faults(schemas["QualityRule"], one, document)]
    [numbers] = api.get("/quality", {"record_type": "people"}).data["items"]
    assert not faults(schemas["Quality"], numbers, document)
    assert numbers["records"] == 1
    assert numbers["rules"][0]["failing"] == 1


def test_what_a_role_hides_is_told_by_no_rule_number_or_score(narrow, old):
    rules = narrow.get("/quality/rules").data["items"]
    assert rules
    assert "phone" not in str(rules).lower()
    [numbers] = narrow.get("/quality", {"record_type": "people"}).data["items"]
    assert numbers["quality"] is None
    assert narrow.get(old, {"fields": "quality"}).status_code == 400
    assert narrow.get("/people", {"where": "quality < 50"}).status_code == 400
    assert narrow.get("/people", {"where": f"in failing({id_of('people', 'phone')})"}).status_code == 400
    assert narrow.post(f"{old}/confirm", {"fields": ["phones"]}).status_code == 422
