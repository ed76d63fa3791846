"""A record beside its list: by keys, by mouse, by link and without script; edited there, and closed by Back."""

import re

import pytest
from playwright.sync_api import Page, expect

from rapport.customers.models import Person
from tests.stories.conftest import PHONE, answered_late
from tests.stories.test_first_light import row_of, toast

pytestmark = pytest.mark.browser

LIST = "/people/?order=name"
NARROW = {"width": 1000, "height": 800}
IS_INSIDE = "document.activeElement === document.body || document.activeElement.closest('.peek') !== null"


def panel(tab: Page):
    return tab.locator("aside.peek")


def field(tab: Page, label: str):
    return panel(tab).locator(f"dl.fields > dt:text-is('{label}') + dd")


def at_peek(row) -> re.Pattern[str]:
    return re.compile(rf"peek={row.pk}$")


def open_first(tab: Page) -> None:
    tab.goto(LIST)
    tab.keyboard.press("j")
    tab.keyboard.press(" ")
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Amara Okafor")


def test_by_keys_alone(visit, alice, people):
    tab = visit(alice)
    open_first(tab)
    expect(tab).to_have_url(at_peek(people[0]))
    expect(panel(tab)).to_be_focused()
    expect(panel(tab).locator("ol.line")).to_contain_text("created this person")
    tab.keyboard.press("j")
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Bruno Lindholm")
    expect(tab).to_have_url(at_peek(people[1]))
    expect(tab.locator("tr.here")).to_contain_text("Bruno Lindholm")
    tab.keyboard.press("Escape")
    expect(panel(tab)).to_have_count(0)
    expect(tab).to_have_url(re.compile("order=name$"))
    expect(tab.locator("tr.here")).to_contain_text("Bruno Lindholm")
    tab.keyboard.press("k")
    tab.keyboard.press(" ")
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Amara Okafor")
    tab.keyboard.press(" ")
    expect(panel(tab)).to_have_count(0)
    tab.keyboard.press("?")
    expect(tab.get_by_role("dialog", name="Keys")).to_contain_text("look beside")
    expect(tab.get_by_role("dialog", name="Keys")).to_contain_text("Paste rows")


def test_the_arrows_go_on_among_rows_that_came_later_and_over_groups(visit, alice, people, make):
    for index in range(12):
        make(alice, "people", name=f"Lead {index:02}", stage="lead", owner="me")
    tab = visit(alice)
    tab.goto("/people/?group=stage&order=name")
    tab.get_by_role("link", name="Show more").click()
    row_of(tab, "Lead 11").hover()
    row_of(tab, "Lead 11").get_by_label("Open beside the list").click()
    heading = panel(tab).get_by_role("heading", level=2)
    expect(heading).to_contain_text("Lead 11")
    panel(tab).get_by_label("The record after").click()
    expect(heading).to_contain_text("Bruno Lindholm")
    panel(tab).get_by_label("The record before").click()
    expect(heading).to_contain_text("Lead 11")
    panel(tab).get_by_label("The record before").click()
    expect(heading).to_contain_text("Lead 10")
    tab.goto("/people/?layout=board&order=name")
    tab.locator(".tile", has_text="Lead 11").hover()
    tab.locator(".tile", has_text="Lead 11").get_by_label("Open beside the list").click()
    expect(heading).to_contain_text("Lead 11")
    panel(tab).get_by_label("The record after").click()
    expect(heading).to_contain_text("Bruno Lindholm")
    expect(panel(tab).get_by_label("The record after")).to_be_hidden()


def test_back_and_forward(visit, alice, people):
    tab = visit(alice)
    tab.goto("/companies/")
    tab.locator("nav.side").get_by_role("link", name="People").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("People")
    tab.get_by_role("link", name="Name", exact=True).click()
    expect(tab).to_have_url(re.compile("order=name$"))
    tab.keyboard.press("j")
    tab.keyboard.press(" ")
    expect(panel(tab)).to_be_visible()
    tab.keyboard.press("j")
    expect(tab).to_have_url(at_peek(people[1]))
    tab.go_back()
    expect(panel(tab)).to_have_count(0)
    expect(tab).to_have_url(re.compile("order=name$"))
    tab.go_forward()
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Bruno Lindholm")
    tab.keyboard.press("o")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Bruno Lindholm")
    tab.go_back()
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Bruno Lindholm")
    expect(tab.get_by_role("heading", level=1)).to_have_text("People")


def test_a_record_that_comes_late_is_not_shown_beside_another_list(visit, alice, people):
    tab = visit(alice)
    tab.goto(LIST)
    tab.keyboard.press("j")
    with answered_late(tab, re.compile("peek=")):
        tab.keyboard.press(" ")
        tab.get_by_role("link", name="Name", exact=True).click()
        expect(tab).to_have_url(re.compile("order=-name$"))
        expect(tab.locator("tbody tr").first).to_contain_text("Chiara Rossi")
    expect(panel(tab)).to_have_count(0)
    expect(tab).to_have_url(re.compile("order=-name$"))


def test_edited_beside_the_list_which_follows(visit, alice, people):
    tab = visit(alice)
    open_first(tab)
    row_of(tab, "Amara Okafor").get_by_role("checkbox").check()
    field(tab, "E-mail").hover()
    field(tab, "E-mail").locator(".pen").click()
    box = panel(tab).get_by_label("E-mail 1", exact=True)
    box.fill("nothing")
    tab.keyboard.press("Escape")
    expect(panel(tab).locator("form.cell")).to_have_count(0)
    expect(panel(tab)).to_be_visible()
    field(tab, "E-mail").locator(".pen").click()
    box.fill("amara@okafor.example")
    tab.keyboard.press("Enter")
    expect(row_of(tab, "Amara Okafor")).to_contain_text("amara@okafor.example")
    expect(row_of(tab, "Amara Okafor").get_by_role("checkbox")).to_be_checked()
    expect(tab.locator("tr.here")).to_contain_text("Amara Okafor")
    row_of(tab, "Amara Okafor").locator("td", has_text="Lead").click()
    row_of(tab, "Amara Okafor").get_by_role("combobox").select_option(label="At risk")
    expect(field(tab, "Stage")).to_have_text("At risk")
    toast(tab).get_by_role("button", name="Undo").click()
    expect(toast(tab)).to_contain_text("Undone")
    expect(field(tab, "Stage")).to_have_text("Lead")
    write_and_delete(tab)


def write_and_delete(tab: Page) -> None:
    """What is done in the panel leads back to the list, with the panel where there is still something to show."""
    panel(tab).get_by_label("Write a note").fill("Wants the blue tent")
    tab.keyboard.press("Control+Enter")
    expect(panel(tab).locator("ol.line .said")).to_contain_text("Wants the blue tent")
    panel(tab).locator(".deeds summary[aria-label^=More]").click()
    panel(tab).get_by_role("button", name="Delete").first.click()
    expect(toast(tab)).to_contain_text("was deleted")
    expect(panel(tab)).to_have_count(0)
    expect(tab).to_have_url(re.compile("order=name$"))
    expect(row_of(tab, "Amara Okafor")).to_have_count(0)


def test_by_mouse_and_from_record_to_record(visit, alice, people):
    tab = visit(alice)
    tab.goto(LIST)
    row_of(tab, "Bruno Lindholm").hover()
    opener = row_of(tab, "Bruno Lindholm").get_by_role("link", name="Open beside the list")
    opener.click()
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Bruno Lindholm")
    panel(tab).get_by_role("link", name="The record after").click()
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Chiara Rossi")
    expect(panel(tab).get_by_role("link", name="The record after")).to_have_count(0)
    panel(tab).get_by_role("link", name="The record before").click()
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Bruno Lindholm")
    tab.get_by_role("link", name="Mine").click()
    expect(tab).to_have_url(re.compile("where="))
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Bruno Lindholm")
    panel(tab).get_by_role("link", name="Close").click()
    expect(panel(tab)).to_have_count(0)
    opener.click()
    panel(tab).get_by_role("link", name="Close").click()
    expect(opener).to_be_focused()


def test_a_drawer_holds_the_focus(visit, alice, people):
    tab = visit(alice, viewport=NARROW)
    open_first(tab)
    dialog = tab.get_by_role("dialog", name="Amara Okafor")
    expect(dialog).to_have_attribute("aria-modal", "true")
    for _step in range(25):
        tab.keyboard.press("Tab")
        assert tab.evaluate(IS_INSIDE), tab.evaluate("document.activeElement.outerHTML")
    tab.keyboard.press("Escape")
    expect(panel(tab)).to_have_count(0)
    expect(tab.locator("main")).not_to_have_attribute("inert", "")
    tab.keyboard.press(" ")
    expect(dialog).to_be_visible()
    tab.mouse.click(300, 400)
    expect(panel(tab)).to_have_count(0)


def test_on_a_phone_it_is_the_page_of_the_record(visit, alice, people):
    tab = visit(alice, viewport=PHONE, has_touch=True)
    tab.goto(f"{LIST}&peek={people[1].pk}")
    expect(tab).to_have_url(re.compile(f"/people/{people[1].pk}/$"))
    tab.goto(LIST)
    expect(tab.locator(".beside").first).to_be_hidden()


def test_without_script(visit, alice, people):
    tab = visit(alice, java_script_enabled=False)
    tab.goto(LIST)
    row_of(tab, "Amara Okafor").get_by_role("link", name="Open beside the list").click()
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Amara Okafor")
    panel(tab).get_by_role("link", name="The record after").click()
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Bruno Lindholm")
    field(tab, "Stage").locator(".pen").click()
    tab.get_by_role("combobox").select_option(label="At risk")
    tab.get_by_role("button", name="Save").click()
    assert Person.objects.get(pk=people[1].pk).stage == "at-risk"
    tab.goto(f"{LIST}&peek={people[0].pk}")
    panel(tab).get_by_role("link", name="Close").click()
    expect(panel(tab)).to_have_count(0)


def test_beside_a_board(visit, alice, people):
    tab = visit(alice)
    tab.goto("/people/?layout=board&blank=1&order=name")
    tab.locator(".tile .title", has_text="Amara Okafor").focus()
    tab.keyboard.press(" ")
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Amara Okafor")
    expect(tab).to_have_url(at_peek(people[0]))
    tab.keyboard.press("Escape")
    expect(panel(tab)).to_have_count(0)
    card = tab.locator(".tile", has_text="Bruno Lindholm")
    card.hover()
    card.get_by_role("link", name="Open beside the list").click()
    expect(panel(tab).get_by_role("heading", level=2)).to_contain_text("Bruno Lindholm")
    expect(tab.locator(".tile.here")).to_contain_text("Bruno Lindholm")
