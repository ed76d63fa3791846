"""Merging by its pages: side by side, a choice for each field, what came later, and who may not."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.records import gate, merging
from rapport.engine.records.registry import record_type
from tests.fixtures.cast import make_user

People = record_type("people")


@pytest.fixture
def amara(make, alice):
    return make(alice, "people", name="Amara Okafor", emails="amara@fjellfjord.no", stage="lead")


@pytest.fixture
def twin(make, alice):
    return make(alice, "people", name="A. Okafor", emails="okafor@fjellfjord.no", source="Fair")


@pytest.fixture
def path(amara, twin):
    return f"/people/merge?ids={amara.pk},{twin.pk}"


@pytest.fixture
def tom(monkeypatch, db):
    """His role reaches what is his own."""
    monkeypatch.setitem(gate.POLICIES, "own", {"*": gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own"))})
    return make_user("Tom", "own")


def sent(page, **more):
    """What the form of a page would send, as it stands."""
    text = page.content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(version\.[^"]+)" value="([^"]*)"', text))
    found |= dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)" checked', text))
    return found | more


def said(answer):
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def test_what_is_chosen_is_kept_and_the_old_address_leads_on(alice, browse, amara, twin, path):
    client = browse(alice)
    page = client.get(path)
    assert "All of them" in page.text
    form = sent(page, stays=str(amara.pk), **{"take.name": str(twin.pk)})
    assert form["take.emails"] == "all"
    done = client.post(path, form, follow=True)
    assert "1 record was merged into this one." in done.text
    survivor = People.rows().get(pk=amara.pk)
    assert (survivor.name, survivor.source, len(survivor.emails)) == ("A. Okafor", "Fair", 2)
    assert "merged 1 other record into it" in said(done)
    assert "Un-merge…" in done.text


def test_it_is_taken_apart_again_and_what_came_later_goes_where_it_is_sent(alice, browse, amara, twin, path):
    client = browse(alice)
    client.post(path, sent(client.get(path), stays=str(amara.pk)))
    client.post(f"/people/{amara.pk}/edit/salutation", {"salutation": "Dr"})
    [merge] = merging.merges_into(People, amara.pk)
    home = f"/people/{amara.pk}/merges/{merge.pk}/"
    page = client.get(home)
    assert "A. Okafor" in page.text
    assert 'name="goes.field:salutation"' in page.text
    done = client.post(home, {"goes.field:salutation": str(twin.pk)}, follow=True)
    assert "1 record is back." in done.text
    rows = People.rows().in_bulk([amara.pk, twin.pk])
    assert (rows[amara.pk].salutation, rows[twin.pk].salutation) == ("", "Dr")
    assert (rows[twin.pk].is_deleted, rows[twin.pk].merged_into) == (False, None)
    again = client.post(home, {}, follow=True)
    assert "These records were un-merged already." in again.text
    assert People.rows().get(pk=twin.pk).merged_into is None


def test_what_changed_meanwhile_is_looked_at_again(alice, browse, amara, twin, path):
    client = browse(alice)
    form = sent(client.get(path), stays=str(amara.pk))
    client.post(f"/people/{twin.pk}/edit/source", {"source": "Shop"})
    assert "nothing was merged" in client.post(path, form, follow=True).text
    assert not People.rows().get(pk=twin.pk).is_deleted


def test_a_second_click_merges_nothing_more(alice, browse, amara, path):
    client = browse(alice)
    form = sent(client.get(path), stays=str(amara.pk))
    client.post(path, form)
    assert client.post(path, form).status_code in (302, 422)
    assert len(merging.merges_into(People, amara.pk)) == 1


def test_a_list_leads_there_and_one_more_is_found_by_its_name(alice, browse, amara, twin):
    client = browse(alice)
    led = client.post("/people/merge", {"id": [str(amara.pk), str(twin.pk)]})
    assert led["Location"] == f"/people/merge?ids={amara.pk},{twin.pk}"
    alone = client.get(f"/people/merge?ids={amara.pk}")
    assert "Merge Amara Okafor with another" in alone.text


def test_who_may_not_delete_is_refused_and_what_is_not_theirs_is_not_shown(tom, alice, browse, make, amara, twin, path):
    mine = make(tom, "people", name="His own", owner="me")
    client = browse(tom)
    page = client.get(f"{path},{mine.pk}")
    assert "Okafor" not in page.text
    assert "2 records of these are gone or not for you to see." in page.text
    answer = client.post(path, {"stays": str(amara.pk)})
    assert answer.status_code in (403, 404, 422)
    assert not People.rows().get(pk=twin.pk).is_deleted


def test_its_pages_cost_the_same_for_two_and_for_many(alice, browse, make, amara, twin, path, pinned_queries):
    client = browse(alice)
    more = [make(alice, "people", name=f"Amara {number}", source=f"Fair {number}") for number in range(5)]
    seen = []
    for address in (path, path, f"{path},{','.join(str(one.pk) for one in more)}"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        seen.append(len(queries))
    assert seen[1] == seen[2]
    pinned_queries("merge", seen[2])
    client.post(path, sent(client.get(path), stays=str(amara.pk)))
    [merge] = merging.merges_into(People, amara.pk)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/people/{amara.pk}/merges/{merge.pk}/")
    pinned_queries("un-merge", len(queries))
