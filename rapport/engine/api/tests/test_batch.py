"""Many records in one request: each on its own, all in one batch."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.records.gate import Policy

PATH = "/people/batch"


def statuses(response):
    assert response.status_code == 200, response.content
    return [one["status"] for one in response.data["results"]]


def batch(api, mode, items, **more):
    return api.post(PATH, {"mode": mode, "items": items, **more})


def test_a_thousand_are_created_in_one_batch_and_undone(api):
    items = [{"name": f"Person {index}", "emails": [f"p{index}@fjord.no"]} for index in range(1000)]
    response = batch(api, "create", items)
    assert response.data["counts"] == {"created": 1000}
    ids = [one["id"] for one in response.data["results"]]
    assert api.get(f"/people/{ids[17]}").data["name"] == "Person 17"
    undone = api.post(f"/batches/{response['Rapport-Batch']}/undo")
    assert undone.data["rows"] == 1000
    assert api.get("/people").data["items"] == []


def test_an_item_at_fault_stops_no_other(api):
    items = [
        {"name": "A"},
        {"name": "B", "emails": ["nonsense"]},
        {"nonsense": 1},
        "text",
        None,
        {},
        {"name": "C", "company": str(uuid4())},
        {"name": "D", "version": 1},
    ]
    response = batch(api, "create", items)
    assert statuses(response) == ["created", *["error"] * 7]
    pointers = [[error["pointer"] for error in one["errors"]] for one in response.data["results"]]
    assert pointers == [
        [],
        ["/items/1/emails"],
        ["/items/2/nonsense"],
        ["/items/3"],
        ["/items/4"],
        ["/items/5/name"],
        ["/items/6/company"],
        ["/items/7/version"],
    ]
    assert [one["id"] is None for one in response.data["results"]] == [False, *[True] * 7]


def test_what_the_database_refuses_stops_no_other(api):
    person, company = api.new(name="A"), api.new("/companies", name="Acme")
    both = {"person": person["id"], "company": company["id"]}
    items = [both, {**both, "since": "2020-01-02", "until": "2020-01-01"}, {**both, "title": "Captain"}]
    response = api.post("/memberships/batch", {"mode": "create", "items": items})
    assert statuses(response) == ["created", "error", "created"]
    assert len(api.get("/memberships").data["items"]) == 2


def test_update_by_id(api):
    one, two = api.new(name="A"), api.new(name="B", source="fair")
    items = [
        {"id": one["id"], "source": "web"},
        {"id": two["id"], "source": "fair"},
        {"id": str(uuid4()), "source": "web"},
        {"id": "nonsense", "source": "web"},
        {"source": "web"},
        {"id": one["id"], "stage": "lead"},
    ]
    response = batch(api, "update", items)
    assert statuses(response) == ["updated", "unchanged", "error", "error", "error", "updated"]
    now = api.get(f"/people/{one['id']}").data
    assert (now["source"], now["stage"], now["version"]) == ("web", "lead", 3)


def test_a_stale_version_is_a_conflict_of_that_item(api):
    person = api.new(name="A", source="fair")
    api.patch(f"/people/{person['id']}", {"source": "web"})
    items = [{"id": person["id"], "version": 1, "source": "mail"}]
    [result] = batch(api, "update", items).data["results"]
    assert (result["status"], result["id"], result["version"]) == ("conflict", person["id"], 2)
    assert (result["errors"][0]["theirs"], result["errors"][0]["yours"]) == ("web", "mail")


def test_upsert_by_email_takes_any_address_and_each_item_sees_those_before(api):
    known = api.new(name="Ada", emails=["ada@fjord.no", "ada@home.no"])
    items = [
        {"emails": ["ADA@home.no".lower(), "ada@fjord.no"], "source": "web"},
        {"name": "Bo", "emails": ["bo@fjord.no"]},
        {"emails": ["bo@fjord.no"], "source": "fair"},
        {"name": "No address"},
        {"emails": ["bo@fjord.no"], "source": "fair"},
    ]
    response = batch(api, "upsert", items, match_on="email")
    assert statuses(response) == ["updated", "created", "updated", "created", "unchanged"]
    results = response.data["results"]
    assert results[0]["id"] == known["id"]
    assert results[1]["id"] == results[2]["id"] == results[4]["id"]
    assert len(api.get("/people").data["items"]) == 3


def test_upsert_takes_the_one_whose_first_address_it_is(api):
    api.new(name="Second", emails=["other@fjord.no", "box@fjord.no"])
    first = api.new(name="First", emails=["box@fjord.no"])
    [result] = batch(api, "upsert", [{"emails": ["box@fjord.no"], "source": "x"}], match_on="emails").data["results"]
    assert result["id"] == first["id"]


def test_upsert_by_an_id_elsewhere(api):
    def sent(key, **values):
        return {"external_id": {"source": "shop", "id": key}, **values}

    made = batch(api, "upsert", [sent("1", name="A"), sent("2", name="B"), {"name": "C"}], match_on="external_id")
    assert statuses(made) == ["created"] * 3
    again = batch(
        api, "upsert", [sent("2", name="B2"), sent("1", name="A"), sent("3", name="D")], match_on="external_id"
    )
    assert statuses(again) == ["updated", "unchanged", "created"]
    assert again.data["results"][0]["id"] == made.data["results"][1]["id"]
    api.delete(f"/people/{made.data['results'][0]['id']}")
    gone = batch(api, "upsert", [sent("1", name="A"), sent("", name="A"), {"external_id": 3}], match_on="external_id")
    assert statuses(gone) == ["error"] * 3


def test_upsert_by_a_field(api):
    acme = api.new("/companies", name="Acme", vat_number="NO 1")
    body = {"mode": "upsert", "match_on": "vat_number", "items": [{"vat_number": "NO 1", "size": 7}]}
    [result] = api.post("/companies/batch", body).data["results"]
    assert (result["status"], result["id"]) == ("updated", acme["id"])


def test_a_company_by_the_name_of_its_people(api):
    acme = api.new("/companies", name="Acme")
    person = api.new(name="A", emails=["a@fjord.no"])
    item = {"emails": ["a@fjord.no"], "company": "Acme"}
    assert statuses(batch(api, "upsert", [item], match_on="email")) == ["updated"]
    assert api.get(f"/people/{person['id']}").data["company"]["id"] == acme["id"]
    assert statuses(batch(api, "upsert", [item], match_on="email")) == ["unchanged"]


def test_clashes_are_told_unless_they_are_meant(api):
    twin = api.new(name="Ada", emails=["ada@fjord.no"])
    api.delete(f"/people/{twin['id']}")
    items = [{"name": "B", "emails": ["ada@fjord.no"]}, {"name": "C", "emails": ["c@fjord.no"]}] * 2
    response = batch(api, "create", items)
    assert statuses(response) == ["conflict", "created", "conflict", "conflict"]
    [clash] = response.data["results"][0]["clashes"]
    assert (clash["id"], clash["deleted"]) == (twin["id"], True)
    assert statuses(batch(api, "upsert", items[:1], match_on="email")) == ["conflict"]
    meant = api.post(f"{PATH}?on_clash=create", {"mode": "create", "items": items})
    assert statuses(meant) == ["created"] * 4


def test_others_records_are_not_matched(role, api):
    foreign = api.new(name="Ada", emails=["ada@fjord.no"])
    own = role({"people": Policy({"read": "own", "create": "all", "change": "own"})})
    assert statuses(batch(own, "update", [{"id": foreign["id"], "source": "x"}])) == ["error"]
    item = {"name": "B", "emails": ["ada@fjord.no"], "owner": "me"}
    assert statuses(batch(own, "upsert", [item], match_on="email")) == ["created"]
    reader = role({"people": Policy({"read": "all", "create": "all", "change": "own"})}, name="Frida")
    assert statuses(batch(reader, "update", [{"id": foreign["id"], "source": "x"}])) == ["error"]
    assert api.get(f"/people/{foreign['id']}").data["source"] == ""


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"mode": "merge", "items": []}, 400, "/mode"),
        ({"mode": ["create"], "items": []}, 400, "/mode"),
        ({"mode": "create"}, 400, "/items"),
        ({"mode": "create", "items": {}}, 400, "/items"),
        ({"mode": "create", "items": [], "match_on": "email"}, 400, "/match_on"),
        ({"mode": "upsert", "items": []}, 400, "/match_on"),
        ({"mode": "upsert", "items": [], "match_on": "nonsense"}, 400, "/match_on"),
        ({"mode": "upsert", "items": [], "match_on": ["email"]}, 400, "/match_on"),
        ({"mode": "upsert", "items": [], "match_on": "company"}, 400, "/match_on"),
        ({"mode": "create", "items": [], "extra~/": 1}, 400, "/extra~0~1"),
    ],
)
def test_a_batch_that_cannot_be_read(api, body, status, pointer):
    response = api.post(PATH, body)
    assert response.status_code == status
    assert response.data["errors"][0]["pointer"] == pointer


def test_more_than_a_thousand_are_too_many(api):
    response = batch(api, "create", [{"name": "A"}] * 1001)
    assert (response.status_code, response.data["type"]) == (413, "urn:rapport:problem:too-large")
    assert statuses(batch(api, "create", [])) == []


@pytest.mark.parametrize(
    ("mode", "match_on"), [("create", None), ("upsert", "email"), ("upsert", "external_id"), ("update", "id")]
)
def test_matching_costs_the_same_number_of_queries_for_any_number_of_items(api, mode, match_on, bob, monkeypatch):
    monkeypatch.setattr("rapport.engine.records.definitions.FRESH_FOR", 3600)
    company = api.new("/companies", name="Acme")["id"]

    def items(count, offset):
        made = [{"name": f"P {n}", "emails": [f"p{n}@fjord.no"]} for n in range(offset, offset + count)]
        ids = [one["id"] for one in batch(api, "create", made).data["results"]]
        new = [{"name": f"Q {n}", "emails": [f"q{n}@fjord.no"]} for n in range(offset, offset + count)]
        if mode == "create":
            return new
        if match_on == "id":
            return [{"id": key, "company": company, "source": "x", "owner": bob.email} for key in ids]
        outside = [{**one, "external_id": {"source": "s", "id": one["name"]}} for one in made + new]
        return made + new if match_on == "email" else [{**one, "emails": []} for one in outside]

    counts = set()
    for count, offset in ((2, 0), (40, 1000)):
        body = {"mode": mode, "items": items(count, offset)} | ({"match_on": match_on} if match_on else {})
        with CaptureQueriesContext(connection) as queries:
            response = api.post(PATH, body)
        assert not {"error", "conflict"} & set(statuses(response))
        counts.add(len(queries))
    assert len(counts) == 1, counts


def test_two_companies_are_not_put_each_under_the_other(api):
    a, b = (api.post("/companies", {"name": name}).data["id"] for name in "AB")
    items = [{"id": a, "parent": b}, {"id": b, "parent": a}]
    response = api.post("/companies/batch", {"mode": "update", "items": items})
    assert statuses(response) == ["updated", "error"]
    assert response.data["results"][1]["errors"][0]["pointer"] == "/items/1/parent"
    assert api.get(f"/companies/{b}").data["parent"] is None
