"""Saved views over the API: the same views, the same rights, and lists that go by one."""

import pytest

from rapport.engine.records.gate import NOTHING, Policy


@pytest.fixture
def leads(api):
    for name, stage in (("Amara", "lead"), ("Bruno", "customer"), ("Chiara", "lead")):
        api.new(name=name, stage=stage, owner="me")
    parts = {"where": 'stage = "Lead"', "order": "-name", "columns": "name,stage"}
    answer = api.post("/views", {"record_type": "people", "name": "Leads", "shared": True, "parts": parts})
    assert answer.status_code == 201, answer.content
    return answer


def names(answer):
    assert answer.status_code == 200, answer.content
    return [one["name"] for one in answer.data["items"]]


def test_a_view_is_made_read_changed_deleted_and_restored(api, leads, bob):
    item = leads.data
    assert item == {
        "id": item["id"], "record_type": "people", "name": "Leads", "owner": {"id": str(bob.pk), "name": "Bob"},
        "shared": True, "default": False, "version": 1,
        "parts": {"where": "stage = lead", "order": "-name", "columns": "name,stage"},
    }  # fmt: skip
    path = f"/views/{item['id']}"
    assert leads["Location"].endswith(path)
    assert api.get(path).data == item
    changed = api.patch(path, {"name": "Prospects", "shared": False, "default": True, "parts": {"where": "owner = me"}})
    assert (changed.data["name"], changed.data["shared"], changed.data["default"]) == ("Prospects", False, True)
    assert changed.data["parts"] == {"where": "owner = me"}
    assert api.patch(path, {"default": False}).data["default"] is False
    gone = api.delete(path)
    assert (gone.status_code, api.get(path).status_code) == (204, 404)
    assert api.post(f"{path}/restore").data["name"] == "Prospects"
    assert api.post(f"/batches/{gone['Rapport-Batch']}/undo").status_code == 200


def test_lists_go_by_type(api, leads):
    api.post("/views", {"record_type": "companies", "name": "Firms"})
    assert names(api.get("/views")) == ["Leads", "Firms"]
    assert names(api.get("/views", {"record_type": "companies"})) == ["Firms"]
    assert api.get("/views", {"record_type": "nothing"}).status_code == 400
    assert api.get("/views", {"type": "people"}).status_code == 400


def test_what_is_wrong_is_told_with_its_place(api, leads):
    for body, pointer in (
        ({"record_type": "people", "name": ""}, "/name"),
        ({"record_type": "people", "name": "leads", "shared": True}, "/name"),
        ({"record_type": "people", "name": "X", "parts": {"where": "colour = red"}}, "/parts/where"),
        ({"record_type": "people", "name": "X", "parts": {"wehre": "x"}}, "/parts"),
        ({"record_type": "people", "name": "X", "parts": []}, "/parts"),
        ({"record_type": "people", "name": "X", "shared": "yes"}, "/shared"),
        ({"record_type": "people", "name": "X", "default": 1}, "/default"),
        ({"record_type": "nothing", "name": "X"}, "/record_type"),
        ({"record_type": ["people"], "name": 7}, "/record_type"),
        ({"record_type": "people", "name": 7}, "/name"),
    ):
        answer = api.post("/views", body)
        assert answer.status_code == 422, (body, answer.content)
        assert [one["pointer"] for one in answer.data["errors"]] == [pointer], body
    assert api.post("/views", {"record_type": "people", "title": "X"}).data["errors"][0]["pointer"] == "/title"
    assert names(api.get("/views")) == ["Leads"]


def test_a_version_that_is_not_current_is_refused(api, leads):
    path = f"/views/{leads.data['id']}"
    assert api.patch(path, {"name": "One"}, If_Match='"1"').status_code == 200
    assert api.patch(path, {"name": "Two"}, If_Match='"1"').status_code == 412
    assert api.get(path).data["name"] == "One"


def test_records_of_a_view(api, leads):
    key = leads.data["id"]
    assert names(api.get("/people", {"view": key})) == ["Chiara", "Amara"]
    assert names(api.get("/people", {"view": key, "order": "name", "where": "name ~ a"})) == ["Amara", "Chiara"]
    assert names(api.get("/people", {"view": key, "where": 'name = "Bruno"'})) == []
    assert names(api.get("/people", {"where": 'not in view("Leads")'})) == ["Bruno"]
    first = api.get("/people", {"view": key, "limit": "1", "count": "1"})
    assert (names(first), first.data["count"]) == (["Chiara"], {"value": 2, "exact": True})
    assert names(api.get("/people", {"view": key, "limit": "1", "cursor": first.data["next"]})) == ["Amara"]
    unknown = "0193a8f2-0000-7000-8000-00000000abcd"
    for path, view in (("/companies", key), ("/people", "nonsense"), ("/people", unknown)):
        assert api.get(path, {"view": view}).status_code == 400


def test_others_read_what_is_shared_and_change_nothing(api, dana_api, leads, role):
    own = api.post("/views", {"record_type": "people", "name": "Private"}).data["id"]
    other = role({})
    path = f"/views/{leads.data['id']}"
    assert names(other.get("/views")) == ["Leads"]
    assert other.patch(path, {"name": "X"}).status_code == 403
    assert other.delete(path).status_code == 403
    assert other.patch(path, {"default": True}).data["default"] is True
    for one in (other, dana_api):
        assert one.get(f"/views/{own}").status_code == 404
        assert one.patch(f"/views/{own}", {"name": "X"}).status_code == 404
        assert one.delete(f"/views/{own}").status_code == 404
        assert one.post(f"/views/{own}/restore").status_code == 404
    assert dana_api.patch(path, {"name": "Tidied"}).status_code == 200


def test_views_of_a_type_that_may_not_be_read_are_unknown(leads, role):
    outside = role({"people": NOTHING})
    assert names(outside.get("/views")) == []
    assert outside.get(f"/views/{leads.data['id']}").status_code == 404
    assert outside.get("/views", {"record_type": "people"}).status_code == 400
    answer = outside.post("/views", {"record_type": "people", "name": "X"})
    assert (answer.status_code, "people" in answer.data["errors"][0]["detail"]) == (422, False)


def test_a_view_that_asks_for_what_is_hidden_finds_nothing(leads, role):
    narrow = role({"people": Policy({"read": "all"}, hidden=frozenset({"stage", "name"}))})
    answer = narrow.get("/people", {"view": leads.data["id"]})
    assert answer.status_code == 400
    assert "stage is not a field of people" in answer.data["detail"]
    parts = {"where": "created_at > -1d", "order": "-name"}
    key = narrow.post("/views", {"record_type": "people", "name": "New", "parts": parts}).data["id"]
    assert narrow.get("/people", {"view": key}).status_code == 200
