"""Lists: filtered, ordered, paged, counted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

NAMES = ["Ada Nansen", "Bo Lie", "Cai Øye", "Dag Moe", "Eli Vik"]
# Token, stamp of the definitions, page, memberships, names of companies, names of users, count.
QUERIES = 5  # token and stamp, rows, companies of people, their names, count


@pytest.fixture
def people(api):
    companies = [api.new("/companies", name=f"Company {index}") for index in range(3)]
    return [
        api.new(name=name, company=companies[index % 3]["id"], owner="me", source="odd" if index % 2 else "even")
        for index, name in enumerate(NAMES)
    ]


def names(response):
    assert response.status_code == 200, response.content
    return [item["name"] for item in response.data["items"]]


def test_newest_first_unless_asked_otherwise(api, people):
    assert names(api.get("/people")) == NAMES[::-1]
    assert names(api.get("/people", {"order": "name"})) == NAMES
    assert names(api.get("/people", {"order": "-name"})) == NAMES[::-1]


def test_a_filter_in_its_text_form(api, people):
    assert names(api.get("/people", {"where": "source = odd", "order": "name"})) == ["Bo Lie", "Dag Moe"]
    assert names(api.get("/people", {"where": 'company.name = "Company 1" and owner = me'})) == ["Eli Vik", "Bo Lie"]


def test_pages_by_cursor(api, people):
    seen, cursor = [], ""
    while cursor is not None:
        query = {"limit": 2, "order": "name", "fields": "name"} | ({"cursor": cursor} if cursor else {})
        response = api.get("/people", query)
        seen += names(response)
        cursor = response.data["next"]
    assert seen == NAMES


def test_a_count_when_asked_for(api, people):
    assert "count" not in api.get("/people").data
    assert api.get("/people", {"count": "1"}).data["count"] == {"value": 5, "exact": True}
    assert api.get("/people", {"count": "exact", "where": "source = odd", "limit": 1}).data["count"]["value"] == 2


def test_fields_asked_for(api, people):
    item = api.get("/people", {"fields": "company,name"}).data["items"][0]
    assert list(item) == ["id", "version", "created_at", "changed_at", "company", "name"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"where": "nonsense = 1"}, "where"),
        ({"where": "source %% 1"}, "where"),
        ({"where": "source = "}, "where"),
        ({"where": "source = 'a\0b'"}, "where"),
        ({"where": "birthday ~ 1"}, "where"),
        ({"order": "nonsense"}, "order"),
        ({"order": "addresses"}, "order"),
        ({"order": "-"}, "order"),
        ({"fields": "name,nonsense"}, "fields"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"limit": "²"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "é\0"}, "cursor"),
        ({"count": "yes"}, "count"),
        ({"filter": "x"}, "filter"),
    ],
)
def test_parameters_that_are_wrong_are_named(api, query, parameter):
    response = api.get("/people", query)
    assert response.status_code == 400
    assert response.data["type"] == "urn:rapport:problem:bad-parameter"
    assert response.data["errors"][0]["parameter"] == parameter


def test_an_error_in_a_filter_has_its_place_and_a_mend(api):
    [error] = api.get("/people", {"where": "source = a and stagee = lead"}).data["errors"]
    assert (error["position"], error["length"], error["suggestion"]) == (15, 6, "stage")


def test_a_cursor_of_another_order_is_refused(api, people):
    cursor = api.get("/people", {"limit": 1, "order": "name"}).data["next"]
    assert api.get("/people", {"limit": 1, "order": "-name", "cursor": cursor}).status_code == 400


def test_a_page_costs_the_same_number_of_queries_whatever_is_on_it(api, people):
    api.get("/people")
    counts = set()
    for limit in (1, 5):
        with CaptureQueriesContext(connection) as queries:
            assert len(api.get("/people", {"limit": limit, "count": "1"}).data["items"]) == limit
        counts.add(len(queries))
    assert counts == {QUERIES}, [query["sql"] for query in queries]
