"""A record beside its list: what the panel shows to whom, what it costs, and where it leads."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.actions import change_record
from rapport.engine.records.registry import record_type
from rapport.engine.web.tests.markup import Page

PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "peek"}


@pytest.fixture
def people(alice, make):
    company = make(alice, "companies", name="Fjell & Fjord AS")
    values = {"company": str(company.pk), "owner": "me", "phones": "+4777601234"}
    return [make(alice, "people", name=f"Person {index:02}", emails=f"p{index}@x.no", **values) for index in range(60)]


def panel(client, address, **extra):
    """The panel alone, as it stands in the answer."""
    page = client.get(address, **extra).content.decode()
    assert not Page(page).all_faults()
    return page[page.index("<aside class=") : page.index("</aside>")] if "<aside class=" in page else ""


def link(html, rel):
    found = re.search(rf'href="([^"]*)"[^>]*rel="{rel}"', html)
    return found[1].replace("&amp;", "&") if found else ""


def test_the_address_names_what_is_open(alice, browse, people):
    client = browse(alice)
    shown = panel(client, f"/people/?order=name&peek={people[3].pk}")
    assert "Person 03" in shown
    assert "p3@x.no" in shown
    assert f'data-edit="/people/{people[3].pk}/edit/emails"' in shown
    assert "Fjell &amp; Fjord AS" in shown
    assert "Write a note" in shown
    assert f'href="/people/{people[3].pk}/"' in shown
    assert 'href="/people/?order=name"' in shown
    assert 'class="here"' in client.get(f"/people/?order=name&peek={people[3].pk}").content.decode()
    assert panel(client, "/people/?order=name") == ""


def test_the_list_keeps_it_open(alice, browse, people):
    page = browse(alice).get(f"/people/?order=name&peek={people[3].pk}").content.decode()
    assert "cursor=" in link(page, "next")
    assert f"peek={people[3].pk}&amp;cursor=" in page
    assert f'name="peek" value="{people[3].pk}"' in page


def test_script_gets_the_panel_alone(alice, browse, people):
    answer = browse(alice).get(f"/people/?peek={people[3].pk}", **PART)
    html = answer.content.decode()
    assert html.lstrip().startswith("<aside")
    assert "Person 03" in html
    assert "<tr" not in html
    assert answer["Cache-Control"] == "no-store"
    assert "<html" in browse(alice).get("/people/", **PART).content.decode()


def test_from_one_to_the_next_and_over_the_ends_of_pages(alice, browse, people):
    client = browse(alice)
    last = panel(client, f"/people/?order=name&peek={people[49].pk}")
    assert f"peek={people[48].pk}" in link(last, "prev")
    beyond = panel(client, link(last, "next"))
    assert "Person 50" in beyond
    assert f"peek={people[51].pk}" in link(beyond, "next")
    assert "Person 49" in panel(client, link(beyond, "prev"))
    assert link(panel(client, f"/people/?order=name&peek={people[0].pk}"), "prev") == ""


def walk(client, address):
    """The names on the way from one record to the last by its arrows, and the way back."""
    names = []
    for rel in ("next", "prev"):
        while address:
            html = panel(client, address)
            here = re.search(r'aria-label="(Person \d+)"', html)[1]
            names += [here] if here not in names[-1:] else []
            onward = link(html, rel)
            last, address = address, onward
        address = last
    return names


@pytest.mark.parametrize("way", ["group=stage", "layout=board&board=stage"])
def test_under_groups_and_on_a_board_it_goes_on_in_the_order_of_what_is_shown(alice, browse, make, way):
    stages = {"Person 01": "customer", "Person 02": "lead", "Person 03": "customer", "Person 04": "lead"}
    made = {name: make(alice, "people", name=name, stage=stage) for name, stage in stages.items()}
    names = walk(browse(alice), f"/people/?order=name&{way}&peek={made['Person 02'].pk}")
    there = ["Person 02", "Person 04", "Person 01", "Person 03"]
    assert names == there + there[-2::-1]


def test_what_stands_in_several_groups_leads_nobody_in_circles(alice, browse, make):
    tags = {"Person 01": "a; b", "Person 02": "a", "Person 03": "b"}
    made = {name: make(alice, "people", name=name, tags=given) for name, given in tags.items()}
    names = walk(browse(alice), f"/people/?order=name&group=tags&peek={made['Person 01'].pk}")
    assert names[:3] == ["Person 01", "Person 02", "Person 03"]


def test_one_that_the_list_does_not_show_has_no_neighbours(alice, browse, people):
    shown = panel(browse(alice), f'/people/?where=name+%3D+"Person+07"&peek={people[3].pk}')
    assert "Person 03" in shown
    assert link(shown, "next") == link(shown, "prev") == ""


@pytest.mark.parametrize("named", [str(uuid4()), "nonsense", "\x00", "'\"><script>", "0" * 5000])
def test_what_is_not_here_says_so(alice, browse, people, named):
    client = browse(alice)
    answer = client.get("/people/", {"peek": named})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "gone, or not for you to see" in html
    assert "<script>" not in html
    assert "Person 59" in html


def test_a_stranger_is_not_told_what_they_may_not_see(charlie, browse, people, make):
    mine = make(charlie, "people", name="Mine alone", emails="mine@x.no", owner="me")
    with open_act(SYSTEM) as act:
        change_record(act, record_type("people"), mine, {"phones": "+4777601234"})
    client = browse(charlie)
    assert "gone, or not for you to see" in panel(client, f"/people/?peek={people[3].pk}")
    assert "Person 03" not in panel(client, f"/people/?peek={people[3].pk}", **PART)
    shown = panel(client, f"/people/?peek={mine.pk}")
    assert "Mine alone" in shown
    assert "mine@x.no" in shown
    assert "+47" not in shown


def test_a_deleted_one_says_so_and_can_be_restored(alice, browse, people):
    client = browse(alice)
    answer = client.post(f"/people/{people[3].pk}/delete", {"next": "/people/?order=name"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/people/?order=name"
    shown = panel(client, f"/people/?peek={people[3].pk}")
    assert "was deleted" in shown
    assert f'action="/people/{people[3].pk}/restore"' in shown
    assert "data-edit" not in shown


def test_after_a_deed_nobody_is_led_elsewhere(alice, browse, people):
    answer = browse(alice).post(f"/people/{people[3].pk}/delete", {"next": "https://elsewhere.example/"})
    assert answer["Location"] == "/people/"


def test_a_note_leads_back_to_the_list(alice, browse, people):
    page = f"http://testserver/people/?peek={people[3].pk}"
    client = browse(alice)
    found = re.search(r'action="([^"]*)"[^>]*><input type="hidden" name="csrf', panel(client, page)[-4000:])
    assert found
    answer = client.post(found[1], {"text": "Likes tents"}, HTTP_REFERER=page)
    assert answer["Location"] == page


def test_the_cost_does_not_grow_with_the_rows(alice, browse, people, pinned_queries):
    client = browse(alice)
    client.get("/people/")
    seen = []
    for where in ('name = "Person 03"', ""):
        with CaptureQueriesContext(connection) as queries:
            client.get("/people/", {"where": where, "peek": people[3].pk, "order": "name"})
        seen.append(len(queries))
    assert seen[0] == seen[1]
    pinned_queries("list of people with one beside it", seen[1])
    with CaptureQueriesContext(connection) as queries:
        client.get("/people/", {"peek": people[3].pk, "order": "name"}, **PART)
    pinned_queries("one beside the list of people, alone", len(queries))
