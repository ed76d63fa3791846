"""The board as people use it: by mouse, by keyboard, on a phone and without script."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from rapport.customers.models import Person
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.actions import change_record
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.registry import record_type
from tests.stories.conftest import PHONE, answered_late

pytestmark = pytest.mark.browser
BOARD = "/people/?layout=board"


def lane(tab: Page, name: str) -> Locator:
    return tab.locator(f'.lane[data-lane="{name}"]')


def card(tab: Page, title: str) -> Locator:
    return tab.locator(".tile", has_text=title)


def titles(tab: Page, name: str) -> list[str]:
    return lane(tab, name).locator(".tile .title").all_inner_texts()


def figures(tab: Page, name: str) -> Locator:
    return lane(tab, name).locator(".lanehead .num")


def stage(person) -> str:
    return Person.objects.get(pk=person.pk).stage


def test_by_mouse_and_back(visit, alice, people):
    tab = visit(alice)
    tab.goto("/people/")
    tab.get_by_role("link", name="Board", exact=True).click()
    expect(tab).to_have_url(re.compile("layout=board"))
    assert titles(tab, "lead") == ["Chiara Rossi", "Amara Okafor"]
    card(tab, "Amara").drag_to(lane(tab, "customer"))
    expect(tab.locator("r-toast")).to_contain_text("Amara Okafor moved to Customer.")
    expect(figures(tab, "customer")).to_have_text("2")
    expect(figures(tab, "lead")).to_have_text("1")
    assert titles(tab, "customer") == ["Bruno Lindholm", "Amara Okafor"]
    assert stage(people[0]) == "customer"
    tab.get_by_role("button", name="Undo").click()
    expect(figures(tab, "lead")).to_have_text("2")
    assert titles(tab, "lead") == ["Chiara Rossi", "Amara Okafor"]
    assert stage(people[0]) == "lead"


def test_out_of_all_lanes_by_mouse(visit, alice, people):
    tab = visit(alice)
    tab.goto(BOARD)
    expect(lane(tab, "~")).to_be_hidden()
    tab.locator("r-board").evaluate("board => { board.scrollLeft = 0; }")
    card(tab, "Bruno").get_by_role("link", name="Move Bruno Lindholm").click()
    tab.get_by_label("Stage", exact=True).select_option(label="No stage")
    tab.get_by_role("button", name="Move", exact=True).click()
    expect(lane(tab, "~").locator(".tile")).to_have_count(1)
    expect(lane(tab, "~")).to_be_visible()
    assert stage(people[1]) == ""


def test_by_keyboard(visit, alice, people):
    tab = visit(alice)
    tab.goto(BOARD)
    tab.keyboard.press("j")
    expect(tab.get_by_role("link", name="Chiara Rossi", exact=True)).to_be_focused()
    tab.keyboard.press("ArrowDown")
    amara = tab.get_by_role("link", name="Amara Okafor", exact=True)
    expect(amara).to_be_focused()
    tab.keyboard.press("Shift+ArrowRight")
    expect(lane(tab, "qualified").locator(".tile")).to_have_count(1)
    expect(tab.locator("r-toast")).to_contain_text("Amara Okafor moved to Qualified.")
    expect(amara).to_be_focused()
    tab.keyboard.press("ArrowRight")
    expect(tab.get_by_role("link", name="Bruno Lindholm", exact=True)).to_be_focused()
    tab.keyboard.press("m")
    chooser = tab.get_by_label("Stage", exact=True)
    expect(chooser).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.locator("dialog[open]")).to_have_count(0)
    expect(tab.get_by_role("link", name="Bruno Lindholm", exact=True)).to_be_focused()
    tab.keyboard.press("m")
    chooser.select_option(label="Lost")
    tab.get_by_role("button", name="Move", exact=True).press("Enter")
    expect(figures(tab, "lost")).to_have_text("1")
    assert (stage(people[0]), stage(people[1])) == ("qualified", "lost")


def test_somebody_else_was_there_first(visit, alice, people):
    tab = visit(alice)
    tab.goto(BOARD)
    with open_act(SYSTEM) as act:
        change_record(act, record_type("people"), people[0], {"stage": "lost"})
    card(tab, "Amara").drag_to(lane(tab, "customer"))
    expect(tab.locator("r-toast")).to_contain_text("Somebody else moved Amara Okafor to Lost meanwhile.")
    assert titles(tab, "lost") == ["Amara Okafor"]
    assert titles(tab, "customer") == ["Bruno Lindholm"]
    assert stage(people[0]) == "lost"


def test_a_move_that_fails_goes_back(visit, alice, people):
    tab = visit(alice)
    tab.goto(BOARD)
    tab.route("**/move/stage?*", lambda route: route.fulfill(status=404))
    card(tab, "Amara").drag_to(lane(tab, "customer"))
    expect(tab.locator("[data-said]")).to_contain_text("The card is back where it was.")
    assert titles(tab, "lead") == ["Chiara Rossi", "Amara Okafor"]
    assert stage(people[0]) == "lead"


def test_a_move_that_is_answered_late_leaves_the_dialog_of_another_card(visit, alice, people):
    tab = visit(alice)
    tab.goto(BOARD)
    with answered_late(tab, "**/move/stage?*", method="POST"):
        card(tab, "Amara").drag_to(lane(tab, "customer"))
        card(tab, "Bruno").hover()
        card(tab, "Bruno").get_by_role("link", name="Move Bruno Lindholm").click()
        expect(tab.get_by_role("dialog", name="Move Bruno Lindholm")).to_be_visible()
    expect(figures(tab, "customer")).to_have_text("2")
    tab.get_by_label("Stage", exact=True).select_option(label="Lost")
    tab.get_by_role("button", name="Move", exact=True).click()
    expect(figures(tab, "lost")).to_have_text("1")
    assert (stage(people[0]), stage(people[1])) == ("customer", "lost")


def test_where_to_cannot_be_asked_without_the_server(visit, alice, people):
    tab = visit(alice)
    tab.goto(BOARD)
    tab.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')); }")
    card(tab, "Amara").hover()
    card(tab, "Amara").get_by_role("link", name="Move Amara Okafor").click()
    expect(tab.locator("[data-said]")).to_contain_text("the server did not answer")


@pytest.fixture
def asking(alice, people, monkeypatch):
    """What the server answers to a move of Amara among the customers where these need a source."""

    def complete(_row, values):
        if "source" in values:
            return values
        raise ValidationFailed({"source": "A customer needs a source."})

    client = Client()
    client.force_login(alice)
    with monkeypatch.context() as patch:
        patch.setattr(record_type("people"), "complete", complete)
        url = f"/people/{people[0].pk}/move/stage?layout=board"
        answer = client.post(url, {"to": "customer", "version": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    return answer.content.decode()


def ask_first(tab: Page, answer: str) -> None:
    """The first move is answered so; the token of the form is this browser's own."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer)[1]
    own = tab.locator("[data-token] input").input_value()
    body = answer.replace(token, own)
    tab.route("**/move/stage?*", lambda route: route.fulfill(status=422, body=body, content_type="text/html"), times=1)


def test_a_lane_that_asks_for_more(visit, alice, people, asking):
    tab = visit(alice)
    tab.goto(BOARD)
    ask_first(tab, asking)
    card(tab, "Amara").drag_to(lane(tab, "customer"))
    dialog = tab.get_by_role("dialog", name="Move Amara Okafor")
    expect(dialog).to_contain_text("A customer needs a source.")
    expect(dialog.get_by_label("Source")).to_be_focused()
    dialog.get_by_label("Source").fill("Fair")
    dialog.get_by_role("button", name="Move", exact=True).click()
    expect(figures(tab, "customer")).to_have_text("2")
    expect(dialog).to_be_hidden()
    amara = Person.objects.get(pk=people[0].pk)
    assert (amara.stage, amara.source) == ("customer", "Fair")


def test_a_lane_that_asks_for_more_is_left_again(visit, alice, people, asking):
    tab = visit(alice)
    tab.goto(BOARD)
    ask_first(tab, asking)
    card(tab, "Amara").drag_to(lane(tab, "customer"))
    dialog = tab.get_by_role("dialog", name="Move Amara Okafor")
    dialog.get_by_role("button", name="Cancel").click()
    expect(tab.locator("[data-said]")).to_contain_text("The card is back where it was.")
    assert titles(tab, "lead") == ["Chiara Rossi", "Amara Okafor"]
    assert stage(people[0]) == "lead"


def test_more_cards_at_the_foot(visit, alice, people):
    with open_act(alice.actor) as act:
        act.create([Person(name=f"Person {n:02}", stage="lead") for n in range(40)])
    tab = visit(alice)
    tab.goto(f"{BOARD}&order=name")
    assert len(titles(tab, "lead")) == 25
    lane(tab, "lead").get_by_role("link", name="Show more").click()
    expect(lane(tab, "lead").locator(".tile")).to_have_count(42)
    assert titles(tab, "lead")[-1] == "Person 39"
    expect(tab.get_by_role("link", name="Person 23", exact=True)).to_be_focused()
    expect(lane(tab, "lead").get_by_role("link", name="Show more")).to_have_count(0)


def test_more_cards_are_asked_for_once_and_come_with_a_page_where_they_do_not_come_alone(visit, alice, people):
    with open_act(alice.actor) as act:
        act.create([Person(name=f"Person {n:02}", stage="lead") for n in range(40)])
    tab = visit(alice)
    tab.goto(f"{BOARD}&order=name")
    with answered_late(tab, "**/people/lane?*"):
        lane(tab, "lead").get_by_role("link", name="Show more").dblclick()
    expect(lane(tab, "lead").locator(".tile")).to_have_count(42)
    expect(tab.locator("[data-said]")).to_be_empty()
    tab.route("**/people/lane?*", lambda route: route.fulfill(status=404))
    tab.goto(f"{BOARD}&order=name")
    lane(tab, "lead").get_by_role("link", name="Show more").click()
    expect(lane(tab, "lead").locator(".tile")).to_have_count(17)


def test_without_script(visit, alice, people):
    tab = visit(alice, java_script_enabled=False)
    tab.goto(BOARD)
    card(tab, "Amara").hover()
    card(tab, "Amara").get_by_role("link", name="Move Amara Okafor").click()
    tab.get_by_label("Stage", exact=True).select_option(label="Customer")
    tab.get_by_role("button", name="Move", exact=True).click()
    tab.wait_for_url(re.compile("/people/.*layout=board"))
    assert titles(tab, "customer") == ["Bruno Lindholm", "Amara Okafor"]
    tab.get_by_role("button", name="Undo").click()
    tab.wait_for_url(re.compile("/people/.*layout=board"))
    assert titles(tab, "customer") == ["Bruno Lindholm"]


def test_a_phone_swipes_lane_by_lane_and_moves_by_the_menu(visit, alice, people):
    tab = visit(alice, viewport=PHONE, has_touch=True)
    tab.goto(BOARD)
    lead = lane(tab, "lead")
    lead.scroll_into_view_if_needed()
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert lead.bounding_box()["width"] > 0.8 * PHONE["width"]
    card(tab, "Amara").get_by_role("link", name="Move Amara Okafor").tap()
    tab.get_by_label("Stage", exact=True).select_option(label="At risk")
    tab.get_by_role("button", name="Move", exact=True).tap()
    expect(lane(tab, "at-risk").locator(".tile")).to_have_count(1)
    assert stage(people[0]) == "at-risk"


def test_what_cannot_be_changed_has_no_handles(visit, alice, people):
    tab = visit(alice)
    with open_act(SYSTEM) as act:
        act.delete(people[:1])
    tab.goto(f"{BOARD}&deleted=1")
    expect(card(tab, "Amara")).to_be_visible()
    expect(tab.locator(".tile[draggable=true], .tile .move")).to_have_count(0)
