"""Merging over the API: preview, merge, old addresses, and taking it apart."""

import pytest

from rapport.engine.api.tests.shapes import faults
from rapport.engine.records import gate


@pytest.fixture
def pair(api):
    return (
        api.new(name="Ann Lee", emails=["a@fjord.no"], owner="me"),
        api.new(name="Anne Lee", emails=["b@fjord.no"], source="fair", owner="me"),
    )


def merged(api, *items, **more):
    answer = api.post(
        "/people/merge", {"survivor": items[0]["id"], "records": [one["id"] for one in items[1:]], **more}
    )
    assert answer.status_code == 200, answer.content
    return answer


def test_a_preview_writes_nothing_and_a_merge_answers_with_the_survivor(api, pair):
    ann, anne = pair
    shown = merged(api, *pair, preview=True).data
    assert (shown["survivor"], shown["records"]) == (ann["id"], [ann["id"], anne["id"]])
    lines = {one["field"]: one for one in shown["choices"]}
    assert lines["name"] == {
        "field": "name", "takes": ann["id"], "differs": True, "can_join": False,
        "values": {ann["id"]: "Ann Lee", anne["id"]: "Anne Lee"},
    }  # fmt: skip
    assert lines["emails"]["takes"] == "all"
    assert api.get(f"/people/{anne['id']}").status_code == 200
    answer = merged(api, *pair, takes={"name": anne["id"], "emails": "all"})
    assert (answer.data["id"], answer.data["name"], answer.data["source"]) == (ann["id"], "Anne Lee", "fair")
    assert [one["email"] for one in answer.data["emails"]] == ["a@fjord.no", "b@fjord.no"]
    assert answer["Rapport-Batch"]
    assert answer["ETag"] == api.get(f"/people/{ann['id']}")["ETag"]


def test_old_addresses_lead_to_the_survivor_with_every_method(api, pair):
    ann, anne = pair
    merged(api, *pair)
    for method, path in (("get", ""), ("patch", ""), ("delete", ""), ("get", "/shares"), ("get", "/merges")):
        answer = getattr(api, method)(f"/people/{anne['id']}{path}", *([{"source": "x"}] if method == "patch" else []))
        assert (answer.status_code, answer["Location"]) == (308, f"/api/v1/people/{ann['id']}{path}"), (method, path)
    answer = api.get(f"/people/{anne['id']}", {"fields": "name"})
    assert answer["Location"] == f"/api/v1/people/{ann['id']}?fields=name"
    refused = api.post(f"/people/{anne['id']}/restore")
    assert (refused.status_code, "Un-merge" in refused.content.decode()) == (422, True)


def test_who_does_not_see_the_survivor_learns_nothing(api, role, pair):
    _ann, anne = pair
    theirs = role({"people": gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own"))})
    merged(api, *pair)
    assert theirs.get(f"/people/{anne['id']}").status_code == 404


def test_old_ids_are_understood_wherever_a_record_is_named(api):
    keeps, goes = (api.new("/companies", name=name) for name in ("Fjord", "Fjord AS"))
    body = {"survivor": keeps["id"], "records": [goes["id"]]}
    assert api.post("/companies/merge", body).status_code == 200
    person = api.new(name="Ann", company=goes["id"])
    assert person["company"]["id"] == keeps["id"]
    note = api.new("/notes", text="Call", about_type="companies", about_id=goes["id"])
    assert note["about_id"] == keeps["id"]
    found = api.get("/people", {"where": f"company = {goes['id']}"}).data["items"]
    assert [one["id"] for one in found] == [person["id"]]
    [result] = api.post(
        "/companies/batch", {"mode": "update", "match_on": "id", "items": [{"id": goes["id"], "vat_number": "7"}]}
    ).data["results"]
    assert (result["status"], result["id"]) == ("updated", keeps["id"])


def test_the_external_id_of_who_went_finds_the_survivor(api):
    items = [{"name": name, "external_id": {"source": "shop", "id": name}} for name in ("A", "B")]
    asked = {"mode": "upsert", "match_on": "external_id"}
    made = api.post("/companies/batch", {**asked, "items": items}).data["results"]
    api.post("/companies/merge", {"survivor": made[0]["id"], "records": [made[1]["id"]]})
    [result] = api.post("/companies/batch", {**asked, "items": [{**items[1], "vat_number": "7"}]}).data["results"]
    assert (result["status"], result["id"]) == ("updated", made[0]["id"])


def test_merges_are_listed_and_taken_apart_with_what_came_later_sent_on(api, pair):
    ann, anne = pair
    merged(api, *pair)
    note = api.new("/notes", text="Later", about_type="people", about_id=ann["id"])
    api.patch(f"/people/{ann['id']}", {"source": "shop"})
    [one] = api.get(f"/people/{ann['id']}/merges").data["items"]
    assert (one["survivor"], one["records"]) == (ann["id"], [anne["id"]])
    path = f"/people/{ann['id']}/merges/{one['id']}/unmerge"
    refused = api.post(path, {"goes": {"field:name": anne["id"]}})
    assert (refused.status_code, refused.data["errors"][0]["pointer"]) == (422, "/field:name")
    answer = api.post(path, {"goes": {f"notes:{note['id']}": anne["id"]}})
    assert (answer.status_code, answer.data["records"]) == (200, [anne["id"]])
    assert [(place["field"], place["why"]) for place in answer.data["conflicts"]] == [("source", "changed")]
    assert api.get(f"/people/{anne['id']}").data["source"] == "fair"
    assert api.get(f"/notes/{note['id']}").data["about_id"] == anne["id"]
    assert api.get(f"/people/{ann['id']}/merges").data["items"] == []
    assert api.post(path).status_code == 422


def test_what_cannot_be_merged_is_said(api, pair):
    ann, anne = pair
    for body, words in (
        ({"survivor": ann["id"], "records": []}, "From 2 to 50"),
        ({"records": [ann["id"], anne["id"]]}, "Say which"),
        ({"survivor": ann["id"], "records": "x"}, "list of ids"),
        ({"survivor": ann["id"], "records": [anne["id"]], "takes": {"name": "all"}}, "cannot hold all"),
        ({"survivor": ann["id"], "records": ["x"]}, "not the id"),
    ):
        answer = api.post("/people/merge", body)
        assert answer.status_code == 422, body
        assert words in answer.content.decode(), body
    assert api.post("/people/merge", {"recrods": []}).status_code == 400
    assert api.get(f"/people/{ann['id']}/merges/{anne['id']}/unmerge").status_code == 405


def test_it_is_described(api, pair):
    document = api.get("/openapi.json").data
    shown = merged(api, *pair, preview=True).data
    assert not list(faults(document, {"$ref": "#/components/schemas/Merge.preview"}, shown))
    merged(api, *pair)
    [one] = api.get(f"/people/{pair[0]['id']}/merges").data["items"]
    assert not list(faults(document, {"$ref": "#/components/schemas/Merge"}, one))
    assert "/notes/merge" not in document["paths"]
