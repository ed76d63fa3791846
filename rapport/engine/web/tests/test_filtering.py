"""The filter builder, without script: conditions become the text in the list's address, and back."""

import pytest


@pytest.fixture
def people(alice, make):
    make(alice, "people", name="Amara", stage="lead", owner="me")
    make(alice, "people", name="Benedikt", stage="customer")
    make(alice, "people", name="Chiara", stage="lead")


def test_conditions_become_the_address_of_the_list(alice, browse, people):
    sent = {
        "match": "all",
        "0.field": "stage",
        "0.op": "=",
        "0.value": "lead",
        "1.field": "owner",
        "1.op": "=",
        "1.value": "me",
    }
    answer = browse(alice).get("/people/filter", {**sent, "apply": "1"})
    assert answer.status_code == 302
    assert answer["Location"] == "/people/?where=stage+%3D+lead+and+owner+%3D+me"
    page = browse(alice).get(answer["Location"]).content.decode()
    assert "Amara" in page
    assert "Chiara" not in page


def test_the_address_becomes_conditions(alice, browse, people):
    page = (
        browse(alice)
        .get("/people/filter", {"where": "stage in (lead, customer) and not (name = Amara)"})
        .content.decode()
    )
    assert '<option value="stage" selected>' in page
    assert '<option value="in" selected>' in page
    assert '<option value="none" selected>' in page


def test_rows_and_groups_are_added_and_removed_without_losing_what_was_typed(alice, browse, db):
    client = browse(alice)
    sent = {"match": "any", "0.field": "name", "0.op": "~", "0.value": "ama"}
    added = client.get("/people/filter", {**sent, "add": "1"}).content.decode()
    assert 'value="ama"' in added
    assert 'name="1.field"' in added
    grouped = client.get("/people/filter", {**sent, "add_group": "1"}).content.decode()
    assert 'name="g1.match"' in grouped
    removed = client.get("/people/filter", {**sent, "remove": "0"}).content.decode()
    assert 'value="ama"' not in removed


def test_a_wrong_value_is_said_at_its_row(alice, browse, db):
    sent = {"match": "all", "0.field": "birthday", "0.op": ">", "0.value": "soon", "apply": "1"}
    page = browse(alice).get("/people/filter", sent).content.decode()
    assert 'class="problem"' in page
    assert 'value="soon"' in page


def test_relations_are_reached(alice, browse, make):
    company = make(alice, "companies", name="Fjell", industry="retail")
    make(alice, "people", name="Amara", company=str(company.pk))
    sent = {"match": "all", "0.field": "company.industry", "0.op": "=", "0.value": "retail", "apply": "1"}
    page = browse(alice).get("/people/filter", sent, follow=True).content.decode()
    assert "Amara" in page


def test_a_hidden_field_is_not_offered(charlie, browse, db):
    assert "phones" not in browse(charlie).get("/people/filter").content.decode()


@pytest.mark.parametrize(
    "query", ["where=((((", "match=x&0.field=nonsense&apply=1", "match=all&9999.field=name&0.op=?&apply=1", "remove=9"]
)
def test_nonsense_is_shown_not_raised(alice, browse, query):
    assert browse(alice).get(f"/people/filter?{query}").status_code in (200, 302)
