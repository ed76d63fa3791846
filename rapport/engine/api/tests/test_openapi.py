"""The description says what is answered, and is made anew when fields change."""

import pytest
from django.urls import get_resolver

from rapport.engine.api.openapi.schemas import answered, taken
from rapport.engine.api.tests.shapes import faults, references, resolve
from rapport.engine.events.act import open_act
from rapport.engine.records.definitions import forget
from rapport.engine.records.fields import TYPES, Field
from rapport.engine.records.gate import Policy
from rapport.engine.records.models import CustomField


@pytest.fixture
def document(api):
    response = api.get("/openapi.json")
    assert response.status_code == 200
    return response.data


def test_every_reference_leads_somewhere(document):
    assert document["openapi"].startswith("3.1")
    for reference in references(document):
        resolve(document, reference)


ADMINISTRATORS_ONLY = {
    "fields/<str:key>/restore", "audit-reports", "audit-reports/<str:key>", "roles", "roles/<str:key>", "teams",
}  # fmt: skip


def test_every_address_is_described_and_none_else(document):
    patterns = {str(one.pattern) for one in get_resolver("rapport.engine.api.urls").url_patterns} - {""}
    described = {path.lstrip("/").replace("{batch}", "<str:key>") for path in document["paths"]}
    for slug in ("people", "companies"):
        described = {
            path.replace(slug, "<str:slug>", 1).replace("{id}", "<str:key>") if path.startswith(slug) else path
            for path in described
        }
    described = {path.replace("shares/{share}", "shares/<str:share>") for path in described}
    described = {path.replace("fields/{id}", "fields/<str:key>") for path in described}
    described = {path.replace("field-rules/{id}", "field-rules/<str:key>") for path in described}
    described = {path.replace("files/{id}", "files/<str:key>") for path in described}
    described = {path.replace("notifications/{id}", "notifications/<str:key>") for path in described}
    described = {path.replace("views/{id}", "views/<str:key>") for path in described}
    described = {path.replace("bulk/{id}", "bulk/<str:key>").replace("{word}", "<str:word>") for path in described}
    described = {
        path.replace("imports/{id}", "imports/<str:key>").replace("{word}", "<str:word>") for path in described
    }
    described = {path.replace("{share}", "<str:share>").replace("{merge}", "<str:merge>") for path in described}
    assert patterns <= described | {"", *ADMINISTRATORS_ONLY}


def test_operations_have_names_of_their_own(document):
    names = [
        operation["operationId"]
        for path in document["paths"].values()
        for verb, operation in path.items()
        if verb != "parameters"
    ]
    assert len(names) == len(set(names))


def test_answers_are_as_declared(api, document):
    company = api.new(
        "/companies", name="Acme", domains=["acme.no"], size=7, revenue="12.50 EUR", tags=["x"], links=["acme.no/a"]
    )
    person = api.new(
        name="Ada Nansen", emails=["ada@fjord.no"], phones=["+47 77 60 12 34"], company=company["id"], owner="me",
        stage="lead", birthday="1990-01-02", addresses=[{"street": "Storgata 1", "city": "Oslo", "country": "NO"}],
    )  # fmt: skip
    schemas = document["components"]["schemas"]
    assert not faults(schemas["people"], person, document)
    assert not faults(schemas["companies"], company, document)
    for path in ("/people", "/companies"):
        shape = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert not faults(shape, api.get(path, {"count": "1"}).data, document)
    sent = {"mode": "upsert", "match_on": "email", "items": [{"emails": ["ada@fjord.no"]}, {"emails": ["x"]}]}
    shape = document["paths"]["/people/batch"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert not faults(shape, api.post("/people/batch", sent).data, document)


def test_problems_are_as_declared(api, document):
    api.new(name="Ada", emails=["ada@fjord.no"])
    shape = document["components"]["schemas"]["Problem"]
    for response in (
        api.get("/people", {"where": "stagee = x"}),
        api.post("/people", {"name": "B", "emails": ["ada@fjord.no"]}),
        api.post("/people", {"stage": "x"}),
        api.get("/nothing"),
    ):
        assert response.status_code >= 400
        assert not faults(shape, response.data, document)


def test_a_custom_field_is_described_and_kept(api, dana, document):
    assert "x_shoe_size" not in document["components"]["schemas"]["people"]["properties"]
    with open_act(dana.actor) as act:
        act.create(CustomField(record_type="people", slug="x_shoe_size", label="Shoe size", type="number"))
    forget()
    described = api.get("/openapi.json").data["components"]["schemas"]
    assert described["people"]["properties"]["x_shoe_size"] == {"type": ["number", "null"], "title": "Shoe size"}
    person = api.new(name="Ada", x_shoe_size=38.5)
    assert person["x_shoe_size"] == 38.5
    assert api.get("/people", {"where": "x_shoe_size > 38"}).data["items"][0]["id"] == person["id"]
    assert api.patch(f"/people/{person['id']}", {"x_shoe_size": None}).data["x_shoe_size"] is None
    forget()


def test_what_a_role_may_not_do_is_not_described(role):
    reader = role({"people": Policy({"read": "all"})})
    paths = reader.get("/openapi.json").data["paths"]
    assert set(paths["/people"]) == {"get"}
    assert set(paths["/people/{id}"]) == {"parameters", "get"}
    assert "/people/batch" not in paths


@pytest.mark.parametrize("name", TYPES)
def test_every_type_of_field_has_a_shape(db, name):
    field = Field(slug="x", label="X", type=TYPES[name], target="people")
    assert answered(field)
    assert taken(field)


def test_it_is_not_sent_twice(api):
    first = api.get("/openapi.json")
    assert api.get("/openapi.json", If_None_Match=first["ETag"]).status_code == 304
