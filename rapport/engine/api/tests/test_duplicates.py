"""Duplicates over the API: what looks like one, why, and what is kept apart."""

import pytest

from rapport.engine.records import gate
from rapport.engine.records.duplicates.scanning import scan
from rapport.engine.records.registry import record_type

AMARA = {"name": "Amara Okafor", "emails": "amara@fjellfjord.no", "phones": "+4777601234"}


@pytest.fixture
def pair(api):
    two = [api.new(**AMARA)["id"], api.new(**AMARA, source="Fair")["id"]]
    scan(record_type("people"))
    return two


def test_they_are_listed_with_why(api, pair):
    [one] = api.get("/people/duplicates").data["items"]
    assert sorted(one["records"]) == sorted(pair)
    assert one["pairs"][0]["reasons"]["emails"]["answer"] == "same"
    assert one["score"] > 0.9


def test_they_are_kept_apart_and_that_is_taken_back(api, pair):
    said = api.post("/people/not-the-same", {"records": pair})
    assert said.data["pairs"] == [sorted(pair)]
    assert api.get("/people/duplicates").data["items"] == []
    api.post(f"/batches/{said['Rapport-Batch']}/undo")
    assert api.post("/people/not-the-same", {"records": pair}).data["pairs"] == [sorted(pair)]


@pytest.mark.parametrize("records", [None, [], ["x"], "all", [1, 2]])
def test_what_names_no_two_records_is_refused(api, pair, records):
    assert api.post("/people/not-the-same", {"records": records}).status_code == 422


@pytest.mark.parametrize(("hidden", "count"), [({"emails"}, 1), ({"emails", "phones", "first_name", "last_name"}, 0)])
def test_who_does_not_see_a_field_learns_nothing_by_it(api, pair, monkeypatch, hidden, count):
    policy = gate.Policy(gate.FULL.reach, hidden=frozenset(hidden))
    monkeypatch.setitem(gate.POLICIES, "member", {"*": gate.FULL, "people": policy})
    found = api.get("/people/duplicates").data["items"]
    assert len(found) == count
    assert not any(hidden & one["reasons"].keys() for cluster in found for one in cluster["pairs"])


def test_what_has_nothing_to_compare_has_no_inbox(api):
    assert api.get("/notes/duplicates").status_code == 404
