"""What lists remember so that they stay quick, and that nobody sees anything older than they should."""

import pytest
from django.db import connection

from rapport.engine.accounts.models import User
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.queries import counting


def test_a_user_who_is_renamed_has_the_new_name_on_the_next_page(alice, browse, make):
    make(alice, "people", name="Amara Okafor", owner="me")
    client = browse(alice)
    assert "<span>Alice</span>" in client.get("/people/").content.decode()
    with open_act(SYSTEM) as act:
        act.change(User.objects.get(pk=alice.pk), name="Alice Berg")
    assert "<span>Alice Berg</span>" in client.get("/people/").content.decode()


def test_only_that_there_are_more_than_are_counted_is_remembered(alice, browse, make, monkeypatch):
    monkeypatch.setattr(counting, "CAP", 2)
    client = browse(alice)
    people = [make(alice, "people", name="Amara")]
    assert count_on(client) == "1"
    people += [make(alice, "people", name=name) for name in ("Bruno", "Chiara")]
    assert count_on(client) == "2+"
    with open_act(SYSTEM) as act:
        act.delete(people)
    assert count_on(client) == "2+"
    assert count_on(client, where='name ~ "amara"') == "0"


def count_on(client, **query):
    page = client.get("/people/", query).content.decode()
    return page.partition('id="count"')[2].partition("</")[0].rpartition(">")[2]


def test_cities_are_sorted_and_found_without_regard_to_case(alice, browse, make):
    for name, city in (("Amara", "bergen"), ("Bruno", "Alta"), ("Chiara", "Oslo"), ("Dag", "BERGEN")):
        make(alice, "people", name=name, addresses=[{"city": city}])
    client = browse(alice)
    page = client.get("/people/?order=city").content.decode()
    places = [page.index(f">{name}</a>") for name in ("Bruno", "Amara", "Dag", "Chiara")]
    assert places == sorted(places)
    found = client.get("/people/", {"where": 'city = "Bergen"'}).content.decode()
    assert (found.count("<tr data-url"), "Amara" in found, "Dag" in found) == (2, True, True)


@pytest.fixture
def plans():
    """The statements whose plans this connection keeps."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")

    def kept():
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements")
            return [statement for (statement,) in cursor.fetchall()]

    connection.connection._prepared.clear()
    return kept


def test_plans_are_kept_for_the_list_of_everything_and_for_no_filter(alice, browse, make, plans):
    make(alice, "people", name="Amara")
    client = browse(alice)
    for _time in range(6):
        client.get("/people/", {"where": 'name ~ "ama"'})
    assert not [one for one in plans() if 'FROM "person"' in one]
    for _time in range(6):
        client.get("/people/")
    assert [one for one in plans() if 'FROM "person"' in one]
    assert not [one for one in plans() if "LIKE" in one]
