"""Custom fields over the API: made, filled, found, changed, deleted, restored; and who may."""

import pytest

from rapport.engine.records import gate
from rapport.engine.records.models import CustomField

VALUES = {
    "text": ("Fjell 7", "Fjell 7", 'x_own = "fjell 7"'),
    "long_text": ("Two\nlines", "Two\nlines", 'x_own ~ "two"'),
    "number": ("0.1000000001", 0.1000000001, "x_own < 1"),
    "money": ({"amount": "9.9", "currency": "EUR"}, {"amount": "9.90", "currency": "EUR"}, "x_own = 9.9"),
    "date": ("2026-03-14", "2026-03-14", "x_own = 2026-03-14"),
    "datetime": ("2026-03-14T09:30:00+02:00", "2026-03-14T07:30:00Z", "x_own = 2026-03-14"),
    "bool": (True, True, "x_own = true"),
    "choice": ("At risk", "at-risk", "x_own = at-risk"),
    "choices": (["At risk", "safe"], ["at-risk", "safe"], "x_own in (safe)"),
    "tags": (["VIP"], ["VIP"], 'x_own = "VIP"'),
    "email": ("A@x.no", "a@x.no", 'x_own = "a@x.no"'),
    "phone": ("+47 77601234", "+4777601234", 'x_own = "+4777601234"'),
    "link": ("x.no", "https://x.no", 'x_own ~ "x.no"'),
}


def new_field(api, kind="text", **more):
    options = {"options": ["At risk", {"label": "Safe", "colour": "good"}]} if kind in ("choice", "choices") else {}
    answer = api.post("/fields", {"record_type": "people", "label": "Own", "type": kind, **options, **more})
    assert answer.status_code == 201, answer.data
    return answer.data


@pytest.mark.parametrize("kind", VALUES)
def test_a_field_and_its_values(dana_api, kind):
    given, kept, where = VALUES[kind]
    field = new_field(dana_api, kind)
    assert field["slug"] == "x_own"
    person = dana_api.new(name="Amara", x_own=given)
    dana_api.new(name="Nobody")
    assert person["x_own"] == kept
    found = dana_api.get("/people", {"where": where, "fields": "name,x_own"}).data["items"]
    assert [(one["name"], one["x_own"]) for one in found] == [("Amara", kept)]
    again = dana_api.patch(f"/people/{person['id']}", {"x_own": person["x_own"]})
    assert again.data["version"] == person["version"]
    schema = dana_api.get("/openapi.json").data["components"]["schemas"]["people"]["properties"]["x_own"]
    assert schema["title"] == "Own"
    assert dana_api.delete(f"/fields/{field['id']}").status_code == 204
    assert "x_own" not in dana_api.get(f"/people/{person['id']}").data
    assert dana_api.patch(f"/people/{person['id']}", {"x_own": given}).status_code == 400
    assert dana_api.post(f"/fields/{field['id']}/restore").status_code == 200
    assert dana_api.get(f"/people/{person['id']}").data["x_own"] == kept


def test_the_list_of_fields(dana_api):
    new_field(dana_api, "choice", help="How keen", often_searched=True)
    dana_api.post("/fields", {"record_type": "companies", "label": "Own", "type": "text"})
    (field,) = dana_api.get("/fields", {"record_type": "people"}).data["items"]
    assert field["help"] == "How keen"
    assert field["index"] == {"state": "building", "error": None}
    assert field["options"][1] == {"value": "safe", "label": "Safe", "colour": "good", "retired": False}
    assert len(dana_api.get("/fields").data["items"]) == 2
    assert dana_api.get("/fields?record_type=nowhere").status_code == 400
    assert dana_api.get(f"/fields/{field['id']}").data == field | {"used_by": []}


def test_changing_a_field_and_undoing_it(dana_api):
    field = new_field(dana_api, "choice")
    options = [field["options"][1], {"label": "New"}]
    answer = dana_api.patch(f"/fields/{field['id']}", {"label": "Other", "options": options, "default": "safe"})
    assert answer.data["label"] == "Other"
    assert answer.data["default"] == "safe"
    assert {one["value"]: one["retired"] for one in answer.data["options"]} == {
        "safe": False, "new": False, "at-risk": True,
    }  # fmt: skip
    assert dana_api.new(name="Amara")["x_own"] == "safe"
    assert dana_api.post(f"/batches/{answer['Rapport-Batch']}/undo").status_code == 200
    undone = dana_api.get(f"/fields/{field['id']}").data
    assert undone["label"] == "Own"
    assert [one["value"] for one in undone["options"] if not one["retired"]] == ["at-risk", "safe"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"type": "text"}, "label"),
        ({"label": "Own", "type": "score"}, "type"),
        ({"label": "Own", "type": "file", "required": True}, "required"),
        ({"label": "Own", "type": "text", "slug": "and"}, "slug"),
        ({"label": "Own", "type": "text", "slug": "name"}, "slug"),
        ({"label": "Own", "type": "text", "slug": "x_A"}, "slug"),
        ({"label": "Own", "type": "bool", "required": True}, "required"),
        ({"label": "Own", "type": "tags", "unique": True}, "unique"),
        ({"label": "Own", "type": "text", "unique": "yes"}, "unique"),
        ({"label": "Own", "type": "text", "options": ["a"]}, "options"),
        ({"label": "Own", "type": "text", "personal": "secret"}, "personal"),
        ({"label": "Own", "type": "choice", "options": [{"label": "a", "colour": "mauve"}]}, "options"),
        ({"label": "Own", "type": "choice", "options": "a"}, "options"),
        ({"label": "Own", "type": "choice", "options": ["a"], "default": "b"}, "default"),
        ({"label": ["Own"], "type": ["text"]}, "type"),
        ({"label": "Own", "type": "number", "default": {"a": 1}}, "default"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(dana_api, body, place):
    answer = dana_api.post("/fields", {"record_type": "people", **body})
    assert answer.status_code == 422, answer.data
    assert [error["pointer"] for error in answer.data["errors"]] == [f"/{place}"]
    assert not CustomField.objects.exists()


def test_type_and_slug_are_permanent(dana_api):
    field = new_field(dana_api)
    for change in ({"type": "number"}, {"slug": "x_other"}, {"record_type": "companies"}):
        assert dana_api.patch(f"/fields/{field['id']}", change).status_code == 422
    assert dana_api.patch(f"/fields/{field['id']}", {"type": "text", "nonsense": 1}).status_code == 400


def test_a_slug_that_was_deleted_is_refused_with_another(dana_api):
    field = new_field(dana_api)
    dana_api.delete(f"/fields/{field['id']}")
    body = {"record_type": "people", "label": "Own", "type": "number", "slug": "x_own"}
    answer = dana_api.post("/fields", body)
    assert answer.status_code == 422
    assert "x_own_2" in answer.data["errors"][0]["detail"]
    assert dana_api.delete(f"/fields/{field['id']}").status_code == 404


def test_unique_values_in_one_batch(dana_api):
    new_field(dana_api, unique=True)
    items = [{"name": "A", "x_own": "same"}, {"name": "B", "x_own": "same"}, {"name": "C", "x_own": "other"}]
    results = dana_api.post("/people/batch?on_clash=create", {"mode": "create", "items": items}).data["results"]
    assert [one["status"] for one in results] == ["created", "error", "created"]


def test_members_read_fields_and_write_none(dana_api, api):
    field = new_field(dana_api)
    assert api.get("/fields").data["items"][0]["slug"] == "x_own"
    place = f"/fields/{field['id']}"
    for answer in (
        api.post("/fields", {"record_type": "people", "label": "Mine", "type": "text"}),
        api.patch(place, {"label": "Mine"}),
        api.delete(place),
        api.post(f"{place}/restore"),
    ):
        assert answer.status_code == 403
    assert CustomField.objects.get().label == "Own"
    assert "post" not in api.get("/openapi.json").data["paths"]["/fields"]


def test_a_hidden_field_is_seen_nowhere(dana_api, role):
    field = new_field(dana_api, "text")
    person = dana_api.new(name="Amara", x_own="CANARY")
    dana_api.patch(f"/people/{person['id']}", {"x_own": "CANARY 2"})
    blind = role({"people": gate.Policy(dict.fromkeys(gate.EVERY_VERB, "all"), hidden=frozenset({"x_own"}))})
    for path in ("/people", f"/people/{person['id']}", "/fields", "/openapi.json", f"/fields/{field['id']}"):
        answer = blind.get(path)
        assert b"CANARY" not in answer.content
        assert b"x_own" not in answer.content
    assert blind.get("/people", {"where": "x_own is not empty"}).status_code == 400
    assert blind.get("/people", {"order": "x_own"}).status_code == 400
    assert blind.patch(f"/people/{person['id']}", {"x_own": "x"}).status_code == 400


def test_sorting_waits_for_the_index(dana_api):
    new_field(dana_api)
    answer = dana_api.get("/people", {"order": "x_own"})
    assert answer.status_code == 400
    assert "often searched" in answer.data["detail"]
