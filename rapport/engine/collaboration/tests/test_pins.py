"""Pins: records and views at hand in a workspace, each seen only by those members who see it anyway."""

import pytest

from rapport.engine.collaboration.models import Pin
from rapport.engine.collaboration.pinning import VIEWS, pin, pins_of
from rapport.engine.collaboration.tests.making import make, seen, undo
from rapport.engine.events.act import open_act
from rapport.engine.records.merging import merge_records
from rapport.engine.records.registry import record_type
from rapport.engine.records.saved.actions import create_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def space(alice, bob, charlie):
    return make(alice, "workspaces", name="Fair", members=[str(one.pk) for one in (alice, bob, charlie)])


@pytest.fixture
def amara(alice):
    return make(alice, "people", name="Amara Okafor", owner="me")


def pinned(user, space, *records):
    with open_act(user.actor) as act:
        return [pin(act, space, "people", one.pk) for one in records]


def titles(user, space):
    return [shown["title"] for _pin, shown in pins_of(user.actor, space.pk)]


def test_a_record_is_pinned_from_its_menu_and_stands_in_the_workspace(alice, browse, space, amara):
    browser = browse(alice)
    assert f"/people/{amara.pk}/pin" in browser.get(f"/people/{amara.pk}/").content.decode()
    assert "Fair" in browser.get(f"/people/{amara.pk}/pin").content.decode()
    for _twice in range(2):
        browser.post(f"/people/{amara.pk}/pin", {"workspace": str(space.pk)})
    assert Pin.objects.count() == 1
    page = browser.get(f"/workspaces/{space.pk}/").content.decode()
    assert "Amara Okafor" in page
    assert "pinned" in page


def test_who_may_not_see_a_record_sees_no_trace_of_its_pin(alice, bob, charlie, browse, space, amara):
    pinned(alice, space, amara)
    assert titles(bob, space) == ["Amara Okafor"]
    assert titles(charlie, space) == []
    page = browse(charlie).get(f"/workspaces/{space.pk}/").content.decode()
    assert "Amara" not in page
    assert "/pins/" not in page
    assert str(amara.pk) not in page


def test_nobody_pins_what_they_do_not_see_or_to_what_they_are_no_member_of(charlie, dana, browse, space, amara):
    assert browse(charlie).post(f"/people/{amara.pk}/pin", {"workspace": str(space.pk)}).status_code == 404
    assert browse(dana).post(f"/people/{amara.pk}/pin", {"workspace": str(space.pk)}).status_code == 404
    assert Pin.objects.count() == 0


def test_a_view_is_pinned_from_its_menu_for_those_who_see_it(alice, bob, browse, space):
    with open_act(alice.actor) as act:
        view = create_view(act, record_type("people"), {"name": "Leads", "parts": {"where": "stage = lead"}})
    browser, url = browse(alice), f"/people/views/{view.pk}"
    assert f"{url}/pin" in browser.get(f"{url}/", follow=True).content.decode()
    browser.post(f"{url}/pin", {"workspace": str(space.pk)})
    assert Pin.objects.get().record_type == VIEWS
    assert titles(alice, space) == ["Leads"]
    assert titles(bob, space) == []
    assert browse(bob).get(f"{url}/pin").status_code == 404


def test_they_move_and_go_with_undo(alice, bob, browse, space, amara):
    others = [make(alice, "people", name=name, owner="me") for name in ("Bruno", "Chiara")]
    one, *_rest, last = pinned(alice, space, amara, *others)
    browser = browse(bob)
    browser.post(f"/pins/{one.pk}/up")
    browser.post(f"/pins/{last.pk}/up")
    assert titles(alice, space) == ["Amara Okafor", "Chiara", "Bruno"]
    browser.post(f"/pins/{one.pk}/down")
    assert titles(alice, space) == ["Chiara", "Amara Okafor", "Bruno"]
    with open_act(alice.actor) as act:
        act.delete(Pin.objects.get(pk=one.pk))
    assert titles(alice, space) == ["Chiara", "Bruno"]
    undo(alice, act.batch)
    assert titles(alice, space) == ["Chiara", "Amara Okafor", "Bruno"]
    browser.post(f"/pins/{last.pk}/unpin")
    assert last.pk not in seen(alice, "pins")


def test_pins_of_merged_records_are_one_and_come_apart_again(alice, space, amara):
    twin = make(alice, "people", name="A. Okafor", owner="me")
    pinned(alice, space, amara, twin)
    with open_act(alice.actor) as act:
        merge_records(act, record_type("people"), [amara, twin], survivor=amara.pk)
    assert titles(alice, space) == ["Amara Okafor"]
    undo(alice, act.batch)
    assert titles(alice, space) == ["Amara Okafor", "A. Okafor"]


def test_a_pin_of_a_record_that_is_merged_away_follows_it(alice, space, amara):
    twin = make(alice, "people", name="A. Okafor", owner="me")
    pinned(alice, space, twin)
    with open_act(alice.actor) as act:
        merge_records(act, record_type("people"), [amara, twin], survivor=amara.pk)
    assert titles(alice, space) == ["Amara Okafor"]
