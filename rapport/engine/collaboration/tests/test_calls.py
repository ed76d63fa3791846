"""Video calls: a room that nobody guesses, said where it is about, at the address that administrators set."""

import re

import pytest

from rapport.engine.collaboration.calls import call_address, new_address
from rapport.engine.collaboration.models import Comment
from rapport.engine.collaboration.models.call_rules import USUAL
from rapport.engine.collaboration.tests.making import make, seen, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(alice):
    return make(alice, "people", name="Amara Okafor", owner="me")


def test_a_call_is_started_from_the_menu_and_joined_by_who_sees_the_record(alice, bob, charlie, browse, amara):
    browser = browse(alice)
    assert f"/people/{amara.pk}/call" in browser.get(f"/people/{amara.pk}/").content.decode()
    answer = browser.post(f"/people/{amara.pk}/call")
    comment = Comment.objects.get()
    assert answer["Location"] == f"/calls/{comment.pk}"
    assert re.fullmatch(r"https://meet\.jit\.si/[a-z0-9-]+-[0-9a-f]{32}", comment.call)
    assert f'href="{comment.call}"' in browse(bob).get(answer["Location"]).content.decode()
    assert browse(charlie).get(answer["Location"]).status_code == 404
    assert browse(charlie).post(f"/people/{amara.pk}/call").status_code == 404


def test_no_two_calls_share_a_room(db):
    assert len({new_address() for _ in range(20)}) == 20


def test_undo_takes_the_call_back(alice, browse, amara):
    page = browse(alice).post(f"/people/{amara.pk}/call", follow=True).content.decode()
    undo(alice, re.search(r"/batches/([0-9a-f-]+)/undo", page)[1])
    assert seen(alice, "comments") == set()


def test_administrators_say_where_calls_take_place(alice, dana, browse):
    browser = browse(dana)
    assert "meet.jit.si" in browser.get("/settings/calls/").content.decode()
    browser.post("/settings/calls/", {"address": "http://10.0.0.7:8443/{room}?x=1"})
    assert new_address().startswith("http://10.0.0.7:8443/")
    assert new_address().endswith("?x=1")
    page = browser.post("/settings/calls/", {"address": "https://zoom.us/j/1"}, follow=True).content.decode()
    assert new_address() == "https://zoom.us/j/1"
    undo(dana, re.findall(r"/batches/([0-9a-f-]+)/undo", page)[-1])
    assert call_address() == "http://10.0.0.7:8443/{room}?x=1"
    assert browse(alice).post("/settings/calls/", {"address": "https://x.no"}).status_code == 403


@pytest.mark.parametrize(
    "address",
    ["", "meet", "javascript:alert(1)", "https://{room}.x.no/", "https://x.no/{name}", "https://x.no/a b", "//x.no/"],
)
def test_what_is_no_address_is_refused_and_stays_typed(dana, browse, address):
    answer = browse(dana).post("/settings/calls/", {"address": address})
    assert answer.status_code == 422
    assert call_address() == USUAL
