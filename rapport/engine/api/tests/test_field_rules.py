"""Rules for fields over the API: made, kept by single calls and batches, changed, removed, taken back."""

import pytest

from rapport.engine.api.tests.test_fields import new_field
from rapport.engine.records.gate import FULL, Policy

LOST = {"record_type": "people", "field": "source", "kind": "required", "condition": "stage = Lost"}
SENTENCE = "“Source” cannot be empty while Stage is Lost."


@pytest.fixture
def rule(dana_api):
    answer = dana_api.post("/field-rules", LOST)
    assert answer.status_code == 201, answer.data
    return answer.data


def test_a_rule_and_what_it_refuses(api, rule):
    assert rule | {"field": "source", "condition": "stage = lost", "off": None, "version": 1} == rule
    answer = api.post("/people", {"name": "Amara", "stage": "lost"})
    assert answer.status_code == 422
    assert answer.data["errors"] == [{"pointer": "/source", "detail": SENTENCE}]
    amara = api.new(name="Amara", stage="lead")
    answer = api.patch(f"/people/{amara['id']}", {"stage": "lost"})
    assert answer.data["errors"] == [{"pointer": "/source", "detail": SENTENCE}]
    assert api.patch(f"/people/{amara['id']}", {"stage": "lost", "source": "Price"}).status_code == 200


def test_items_of_a_batch_are_refused_each_by_itself(api, rule):
    amara = api.new(name="Amara", stage="lead")
    items = [{"name": "Bo", "stage": "lost"}, {"name": "Cy", "stage": "lost", "source": "Price"}]
    answer = api.post("/people/batch?on_clash=create", {"mode": "create", "items": items})
    assert [one["status"] for one in answer.data["results"]] == ["error", "created"]
    assert answer.data["results"][0]["errors"] == [{"pointer": "/items/0/source", "detail": SENTENCE}]
    items = [{"id": amara["id"], "stage": "lost"}]
    answer = api.post("/people/batch", {"mode": "update", "match_on": "id", "items": items})
    assert answer.data["results"][0]["errors"] == [{"pointer": "/items/0/source", "detail": SENTENCE}]


def test_changed_and_removed(api, dana_api, rule):
    place = f"/field-rules/{rule['id']}"
    assert dana_api.patch(place, {"condition": "stage = customer"}).data["condition"] == "stage = customer"
    assert dana_api.patch(place, {"kind": "visible"}).data["errors"][0]["pointer"] == "/kind"
    api.new(name="Amara", stage="lost")
    gone = dana_api.delete(place)
    assert gone.status_code == 204
    assert dana_api.get(place).status_code == 404
    api.new(name="Bo", stage="customer")
    assert dana_api.post(f"/batches/{gone['Rapport-Batch']}/undo").status_code == 200
    assert api.post("/people", {"name": "Cy", "stage": "customer"}).status_code == 422


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        ({"condition": "company.size > 3"}, "/condition"), ({"condition": "stag = lost"}, "/condition"),
        ({"condition": 3}, "/condition"), ({"kind": "loud"}, "/kind"), ({"field": "shoe"}, "/field"),
        ({"record_type": "shoes"}, "/record_type"), ({"kind": "visible", "field": "name"}, "/kind"),
    ],
)  # fmt: skip
def test_what_cannot_be_made(dana_api, raw, pointer):
    answer = dana_api.post("/field-rules", LOST | raw)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.data["errors"]] == [pointer]


def test_members_read_what_their_role_shows_and_write_nothing(api, role, rule):
    place = f"/field-rules/{rule['id']}"
    assert api.get("/field-rules", {"record_type": "people"}).data["items"] == [rule]
    assert api.get("/field-rules", {"record_type": "companies"}).data["items"] == []
    assert api.get(place).data == rule
    assert api.post("/field-rules", LOST).status_code == 403
    assert api.patch(place, {"condition": "stage = lead"}).status_code == 403
    assert api.delete(place).status_code == 403
    blind = role({"people": Policy(FULL.reach, hidden=frozenset({"stage"}))})
    assert blind.get("/field-rules").data["items"] == []
    assert blind.get(place).status_code == 404


def test_a_field_says_what_uses_it(api, dana_api):
    field = new_field(dana_api, "choice")
    dana_api.post("/field-rules", LOST | {"condition": "x_own = safe"})
    used = {"label": "Source is required while Own is Safe", "kind": "Rule", "blocks": True}
    url = "/settings/fields/people/rules/source/required"
    assert dana_api.get(f"/fields/{field['id']}").data["used_by"] == [used | {"url": url}]
    assert api.get(f"/fields/{field['id']}").data["used_by"] == []
    refused = dana_api.delete(f"/fields/{field['id']}")
    assert refused.status_code == 422
    assert "Source is required while Own is Safe" in refused.data["errors"][0]["detail"]


def test_a_field_that_may_be_hidden_is_not_always_required(api, dana_api):
    new_field(dana_api, required=True)
    dana_api.post("/field-rules", LOST | {"field": "x_own", "kind": "visible"})
    assert "x_own" not in dana_api.get("/openapi.json").data["components"]["schemas"]["people.create"].get(
        "required", ()
    )
    api.new(name="Amara", stage="lead")
    assert api.post("/people", {"name": "Bo", "stage": "lost"}).status_code == 422
