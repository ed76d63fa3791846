"""A value in a hidden field appears in nothing that its reader can fetch, and cannot be guessed at."""

import pytest

from rapport.engine.records.gate import Policy

CANARY = "canary-4711"
ALL = dict.fromkeys(("read", "create", "change", "delete"), "all")


@pytest.fixture
def person(api):
    return api.new(name="Ada Nansen", source=CANARY, emails=["ada@fjord.no"])


@pytest.fixture
def blind(role):
    """May do everything with people but see their source."""
    return role({"people": Policy(ALL, hidden=frozenset({"source"}))})


def test_it_is_in_no_answer(blind, person):
    path = f"/people/{person['id']}"
    twin = {"name": "B", "emails": ["ada@fjord.no"]}
    answers = [
        blind.get("/people"),
        blind.get("/people", {"count": "1", "order": "name"}),
        blind.get(path),
        blind.patch(path, {"tags": ["x"]}),
        blind.patch(path, {"tags": ["y"]}, If_Match='"1"'),
        blind.post("/people", twin),
        blind.post("/people/batch", {"mode": "create", "items": [twin]}),
        blind.post("/people/batch", {"mode": "upsert", "match_on": "email", "items": [twin]}),
        blind.delete(path),
        blind.post(f"{path}/restore"),
        blind.get("/openapi.json"),
    ]
    for response in answers:
        assert CANARY not in response.content.decode()
        assert response.status_code in {200, 201, 204, 409}


def test_it_is_not_even_described(blind):
    people = blind.get("/openapi.json").data["components"]["schemas"]["people"]
    assert "source" not in people["properties"]
    assert "stage" in people["properties"]


@pytest.mark.parametrize(
    "query",
    [{"where": f"source = {CANARY}"}, {"where": "source is empty"}, {"order": "source"}, {"fields": "source"}],
)
def test_it_can_be_asked_for_in_no_way(blind, person, query):
    [error] = blind.get("/people", query).data["errors"]
    assert CANARY not in str(blind.get("/people", {"where": "nam = 1"}).data)
    unknown = {key: value.replace("source", "sourse") for key, value in query.items()}
    [other] = blind.get("/people", unknown).data["errors"]
    assert error["detail"].replace("source", "sourse").split(" Did you")[0] == other["detail"].split(" Did you")[0]


@pytest.mark.parametrize("method", ["post", "patch"])
def test_it_can_be_written_no_more_than_a_field_that_is_not_there(blind, person, method):
    path = "/people" if method == "post" else f"/people/{person['id']}"
    response = getattr(blind, method)(path, {"name": "B", "source": "x"})
    assert response.status_code == 400
    assert response.data["errors"][0]["pointer"] == "/source"
    [result] = blind.post("/people/batch", {"mode": "create", "items": [{"name": "B", "source": "x"}]}).data["results"]
    assert result["errors"][0]["pointer"] == "/items/0/source"


def test_nothing_is_matched_on_it(blind, person):
    body = {"mode": "update", "match_on": "source", "items": [{"name": "B"}]}
    assert blind.post("/people/batch", body).status_code == 400


def test_an_undo_does_not_show_it(blind, api):
    made = blind.post("/people", {"name": "Ada Nansen"})
    path = f"/people/{made.data['id']}"
    api.patch(path, {"source": CANARY, "stage": "lead"})
    undone = blind.post(f"/batches/{made['Rapport-Batch']}/undo")
    assert undone.status_code == 200
    assert CANARY not in undone.content.decode()
    assert {one["field"] for one in undone.data["conflicts"]} == {"stage"}


def test_a_hidden_title_is_in_no_relation(role, api):
    company = api.new("/companies", name=CANARY, domains=["fjord.no"])
    person = api.new(name="Ada Nansen", company=company["id"])
    blind = role({"companies": Policy(ALL, hidden=frozenset({"name"}))})
    shown = blind.get(f"/people/{person['id']}")
    assert shown.data["company"] == {"id": company["id"], "name": None}
    clash = blind.post("/companies", {"domains": ["fjord.no"]})
    answers = [shown, clash, blind.get("/people"), blind.post("/people", {"name": "B", "company": CANARY})]
    assert answers[-1].data["errors"] == blind.post("/people", {"name": "B", "company": "canary-4712"}).data[
        "errors"
    ] or (answers[-1].status_code == 422)
    for response in answers[:3]:
        assert CANARY not in response.content.decode()


def test_a_locked_field_is_shown_and_not_taken(role, api, person):
    reader = role({"people": Policy(ALL, locked=frozenset({"source"}))})
    path = f"/people/{person['id']}"
    assert reader.get(path).data["source"] == CANARY
    refused = reader.patch(path, {"source": "x"})
    assert (refused.status_code, refused.data["errors"][0]["pointer"]) == (422, "/source")
    assert "source" not in reader.get("/openapi.json").data["components"]["schemas"]["people.change"]["properties"]
