"""The list page: filter, order, pages, permissions, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def people(alice, make):
    company = make(alice, "companies", name="Fjell & Fjord AS", industry="retail")
    values = {"company": str(company.pk), "owner": "me", "phones": "+4777601234"}
    return [make(alice, "people", name=f"Person {index:02}", emails=f"p{index}@x.no", **values) for index in range(60)]


def test_a_page_of_people_with_what_they_point_at(alice, browse, people):
    page = browse(alice).get("/people/?order=name").content.decode()
    assert page.count("<tr data-url") == 50
    assert "Person 00" in page
    assert "Person 50" not in page
    assert "Fjell &amp; Fjord AS" in page
    assert "Alice" in page
    assert "p0@x.no" in page


def test_the_next_page_goes_on_and_back(alice, browse, people):
    client = browse(alice)
    first = client.get("/people/?order=name")
    second = client.get(_link(first, "next"))
    assert second.content.decode().count("<tr data-url") == 10
    assert "Person 50" in second.content.decode()
    assert "Person 00" in client.get(_link(second, "prev")).content.decode()


def test_the_cost_does_not_grow_with_the_rows(alice, browse, people, pinned_queries):
    client = browse(alice)
    client.get("/people/")
    with CaptureQueriesContext(connection) as few:
        client.get("/people/?where=name+%3D+%22Person+01%22")
    with CaptureQueriesContext(connection) as many:
        client.get("/people/")
    assert len(many) == len(few)
    pinned_queries("list of people", len(many))


def test_a_filter_stands_in_the_address_and_in_chips(alice, browse, people):
    page = browse(alice).get('/people/?where=name+~+"person+0"+and+company.industry+%3D+retail').content.decode()
    assert page.count("<tr data-url") == 10
    assert "Retail" in page


@pytest.mark.parametrize("where", ["contry = NO", "name ~", "stage = nonsense", "((((", "name = \x00", "a" * 5000])
def test_a_filter_that_cannot_be_read_names_the_place_and_keeps_the_text(alice, browse, people, where):
    answer = browse(alice).get("/people/", {"where": where})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["order=nonsense", "cursor=nonsense", "cursor=%00", "order=-", "deleted=2", "order=company"]
)
def test_a_strange_address_shows_the_list(alice, browse, people, query):
    assert browse(alice).get(f"/people/?{query}").status_code == 200


def test_a_stranger_sees_only_what_is_theirs_and_no_hidden_field(charlie, browse, people, make):
    make(charlie, "people", name="Mine alone", owner="me")
    page = browse(charlie).get("/people/").content.decode()
    assert "Mine alone" in page
    assert "Person" not in page
    assert "+47" not in page
    assert ">Phone<" not in page
    assert browse(charlie).get("/people/", {"where": "phones is not empty"}).status_code == 400


def test_an_empty_list_teaches(alice, browse):
    page = browse(alice).get("/people/").content.decode()
    assert "No people yet" in page
    assert "/people/new" in page
    assert "Nothing matches" in browse(alice).get("/people/?where=name+%3D+x").content.decode()


def test_signed_out_one_is_asked_to_sign_in(client, db):
    answer = client.get("/people/?where=x")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


def test_names_from_hell_are_shown_as_text(alice, browse, make):
    for name in ("<script>alert(1)</script>", "{{7*7}}", "'; DROP TABLE person; --", "𝒳 ﷽ \u202eevil", "🏔️"):
        make(alice, "people", name=name)
    page = browse(alice).get("/people/").content.decode()
    assert "<script>alert" not in page
    assert "{{7*7}}" in page
    assert "🏔️" in page


def test_the_exact_number_on_a_click(alice, browse, people):
    assert ">60<" in browse(alice).get("/people/count").content.decode()


def _link(answer, rel):
    page = answer.content.decode()
    end = page.index(f'rel="{rel}"')
    start = page.rindex('href="', 0, end) + 6
    return page[start : page.index('"', start)].replace("&amp;", "&")
