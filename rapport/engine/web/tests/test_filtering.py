"""The filter builder, without script: conditions become the text in the list's address, and back."""

import html
import re

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
    added = client.get("/people/filter", {**sent, "add": ""}).content.decode()
    assert 'value="ama"' in added
    assert 'name="1.field"' in added
    grouped = client.get("/people/filter", {**sent, "add_group": ""}).content.decode()
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


@pytest.fixture
def employed(alice, make):
    """Amara has two memberships and a note, Benedikt one membership."""
    companies = [make(alice, "companies", name=name) for name in ("Fjell", "Huber")]
    people = [make(alice, "people", name=name, company=str(companies[0].pk)) for name in ("Amara", "Benedikt")]
    make(alice, "memberships", person=str(people[0].pk), company=str(companies[1].pk), title="Owner")
    make(alice, "notes", text="Likes snow", about_type="people", about_id=str(people[0].pk))
    return people


def test_records_that_point_here_are_counted(alice, browse, employed):
    sent = {"match": "all", "0.field": "@memberships", "0.made": "count", "0.op": ">", "0.value": "1", "apply": "1"}
    answer = browse(alice).get("/people/filter", sent)
    assert answer["Location"] == "/people/?where=count%28memberships%29+%3E+1"
    page = browse(alice).get(answer["Location"]).content.decode()
    assert "Amara" in page
    assert "Benedikt" not in page
    assert '<span class="k">number of memberships</span>' in page or "number of memberships" in page


def test_only_some_of_them_by_conditions_within_the_row(alice, browse, employed):
    client = browse(alice)
    sent = {"match": "all", "0.field": "@memberships", "0.made": "last", "0.of": "title", "0.op": "~", "0.value": "own"}
    begun = client.get("/people/filter", {**sent, "add": "0.where."}).content.decode()
    assert 'name="0.where.match"' in begun
    assert 'name="0.where.0.field"' in begun
    within = {"0.where.match": "all", "0.where.0.field": "primary", "0.where.0.op": "=", "0.where.0.value": "false"}
    applied = client.get("/people/filter", {**sent, **within, "apply": "1"})
    page = client.get(applied["Location"]).content.decode()
    assert "Amara" in page
    assert "Benedikt" not in page
    shown = client.get("/people/filter?" + applied["Location"].partition("?")[2]).content.decode()
    assert '<option value="@memberships" selected>' in shown
    assert '<option value="last" selected>' in shown
    assert '<option value="title" selected>' in shown
    assert '<option value="primary" selected>' in shown
    removed = client.get("/people/filter", {**sent, **within, "remove": "0.where.0"}).content.decode()
    assert 'name="0.where.match"' not in removed
    assert 'value="own"' in removed


def test_what_the_journal_tells(alice, browse, employed):
    client = browse(alice)
    sent = {"match": "all", "0.field": "!did", "0.of": "notes.created", "0.within": "30d", "0.times": "1"}
    page = client.get("/people/filter", {**sent, "add": "0.where."}).content.decode()
    assert '<option value="notes.created" selected>' in page
    assert '<option value="by">' in page
    where = {"0.where.match": "all", "0.where.0.field": "by", "0.where.0.op": "=", "0.where.0.value": "me"}
    applied = client.get("/people/filter", {**sent, **where, "apply": "1"})
    assert "did%28%22notes.created%22%2C+30d+where+by+%3D+me%29" in applied["Location"]
    page = client.get(applied["Location"]).content.decode()
    assert "Amara" in page
    assert "Benedikt" not in page
    held = {"match": "all", "0.field": "!held", "0.of": "stage", "0.within": "14d", "apply": "1"}
    assert client.get("/people/filter", held)["Location"] == "/people/?where=stage+held+14d"


def test_a_wrong_value_within_a_row_is_said_there(alice, browse, db):
    sent = {"match": "all", "0.field": "@memberships", "0.made": "count", "0.op": ">", "0.value": "1"}
    within = {"0.where.match": "all", "0.where.0.field": "since", "0.where.0.op": ">", "0.where.0.value": "soon"}
    page = browse(alice).get("/people/filter", {**sent, **within, "apply": "1"}).content.decode()
    assert page.count('class="problem"') == 1
    assert page.index('value="soon"') < page.index('class="problem"') < page.index('value="0.where."')
    window = {"match": "all", "0.field": "!changed", "0.of": "stage", "0.within": "soon", "apply": "1"}
    assert 'class="problem"' in browse(alice).get("/people/filter", window).content.decode()


@pytest.mark.parametrize("name", ["add", "add_group", "remove"])
@pytest.mark.parametrize("value", ["9.where.", "x.where.", "0.where.0.where.", "..", "0.where.9", "٣.where."])
def test_places_that_are_not_there_are_left_alone(alice, browse, db, name, value):
    sent = {"match": "all", "0.field": "name", "0.op": "~", "0.value": "ama", name: value}
    assert 'value="ama"' in browse(alice).get("/people/filter", sent).content.decode()


class TestOffers:
    """What could be written next, for the text box."""

    def offers(self, client, text, slug="people"):
        page = client.get(f"/{slug}/filter/complete", {"text": text, "at": str(len(text))}).content.decode()
        return [html.unescape(one) for one in re.findall(r'data-insert="([^"]*)"', page)]

    def test_fields_operators_values(self, alice, browse, people):
        client = browse(alice)
        assert self.offers(client, "sta")[0] == "stage"
        assert self.offers(client, "stage ")[:2] == ["= ", "!= "]
        assert "lead" in self.offers(client, "stage = ")
        assert self.offers(client, "count(mem") == ["memberships"]

    def test_names_of_records_and_users(self, alice, browse, employed):
        client = browse(alice)
        assert self.offers(client, 'company = "fj') == ['"Fjell"']
        assert "me" in self.offers(client, "owner = ")
        assert f'"{alice.email}"' in self.offers(client, 'owner = "ali')

    def test_what_is_hidden_is_not_offered(self, charlie, browse, db):
        assert "phones" not in self.offers(browse(charlie), "pho")

    @pytest.mark.parametrize("query", ["", "text=((", "text=name&at=-1", "text=name&at=99999999", "text=%00&at=x"])
    def test_nonsense_offers_nothing_and_breaks_nothing(self, alice, browse, db, query):
        assert browse(alice).get(f"/people/filter/complete?{query}").status_code == 200


def test_events_are_asked_by_their_own_fields_only(alice, browse, db):
    """Nothing is followed of an event, and nothing points at one."""
    sent = {"match": "all", "0.field": "!did", "0.of": "created", "0.where.match": "all", "0.where.0.field": "!changed"}
    page = browse(alice).get("/people/filter", sent).content.decode()
    assert '<option value="by"' in page
    assert page.count('value="@memberships"') == 1


def test_a_filter_that_the_builder_cannot_show_says_so(alice, browse, db):
    client = browse(alice)
    deep = "(stage = lead and (name ~ a or (city = x and owner = me))) or source = fair"
    page = client.get("/people/filter", {"where": deep}).content.decode()
    assert "says more than can be shown here" in page
    assert html.escape(deep) in page
    assert "says more" not in client.get("/people/filter", {"where": "stage = lead"}).content.decode()
    assert "says more" not in client.get("/people/filter", {"where": "(("}).content.decode()
