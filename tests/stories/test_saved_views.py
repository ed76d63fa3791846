"""A saved view from its first filter to the list of somebody else: by mouse, by keyboard, on a phone, no script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import PHONE

pytestmark = pytest.mark.browser

LEADS = "/people/?where=stage = lead"


def names(tab: Page) -> list[str]:
    return [one.strip() for one in tab.locator("tbody .title a:not(.beside)").all_inner_texts()]


def tab_names(tab: Page) -> list[str]:
    return [one.strip() for one in tab.locator(".views .tabs > a > .name").all_inner_texts()]


def save(tab: Page, name: str, *, shared: bool = False) -> None:
    tab.locator(".naming > summary").click()
    tab.get_by_label("Name of the view").last.fill(name)
    if shared:
        tab.get_by_label("Everybody sees it").check()
    tab.locator(".naming").get_by_role("button", name="Save", exact=True).click()


def on(tab: Page, name: str) -> None:
    expect(tab.locator(".views .tabs > a.on > .name")).to_have_text(name)


def choose(tab: Page, deed: str) -> None:
    tab.locator(".tabmenu").first.click()
    tab.get_by_role("button", name=deed, exact=True).click()


def test_saved_changed_renamed_shared_seen_by_another_deleted_and_back(visit, alice, bob, people):
    tab = visit(alice)
    tab.goto(LEADS)
    save(tab, "Leads")
    on(tab, "Leads")
    expect(tab).to_have_url(re.compile(r"view=[0-9a-f-]{36}&where=stage"))
    expect(tab.locator(".naming")).to_have_count(0)

    tab.get_by_role("link", name="Remove the filter").click()
    expect(tab.locator(".changed")).to_be_visible()
    assert len(names(tab)) == 3
    tab.goto(tab.url + "&where=stage = customer")
    tab.get_by_role("button", name="Save changes").click()
    expect(tab.locator("r-toast")).to_contain_text("The changes of “Leads” were saved.")
    expect(tab.locator(".changed")).to_have_count(0)
    assert names(tab) == ["Bruno Lindholm"]

    tab.locator(".tabmenu").first.click()
    box = tab.locator(".renaming").get_by_label("Name of the view")
    box.fill("Customers")
    box.press("Enter")
    on(tab, "Customers")
    other = visit(bob)
    other.goto("/people/")
    assert tab_names(other) == ["All people", "Mine", "Deleted"]
    choose(tab, "Share with everybody")
    expect(tab.locator("r-toast")).to_contain_text("Everybody sees “Customers” now.")

    other.reload()
    other.get_by_role("link", name="Customers").click()
    on(other, "Customers")
    assert names(other) == ["Bruno Lindholm"]
    other.locator(".tabmenu").first.click()
    expect(other.get_by_role("button", name="Rename")).to_have_count(0)
    other.get_by_role("button", name="Open the list with it").click()
    expect(other.locator("r-toast")).to_contain_text("opens with “Customers” now")
    other.goto("/companies/")
    other.get_by_role("link", name="People", exact=False).first.click()
    on(other, "Customers")
    expect(other).to_have_url(re.compile("view="))

    choose(tab, "Delete")
    expect(tab.locator("r-toast")).to_contain_text("The view “Customers” was deleted.")
    assert tab_names(tab) == ["All people", "Mine", "Deleted"]
    other.reload()
    expect(other.get_by_text("The view in this address is gone")).to_be_visible()
    tab.locator("r-toast").get_by_role("button", name="Undo").last.click()
    expect(tab.get_by_role("link", name="Customers")).to_be_visible()
    other.reload()
    on(other, "Customers")


def test_a_taken_name_stays_in_the_form_without_script(visit, alice, people):
    tab = visit(alice, java_script_enabled=False)
    for turn in range(2):
        tab.goto(LEADS)
        save(tab, "Leads")
        if not turn:
            on(tab, "Leads")
    expect(tab.get_by_role("alert")).to_have_text("You have a view “Leads” already.")
    tab.get_by_label("Name of the view").fill("More leads")
    tab.get_by_role("button", name="Save", exact=True).click()
    on(tab, "More leads")
    assert names(tab) == ["Amara Okafor", "Chiara Rossi"] or set(names(tab)) == {"Amara Okafor", "Chiara Rossi"}


def test_by_keyboard_and_in_the_palette(visit, alice, people):
    tab = visit(alice)
    tab.goto(LEADS)
    save(tab, "Prospects of the north")
    on(tab, "Prospects of the north")
    tab.locator(".tabmenu").first.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="Duplicate")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("button", name="Duplicate")).to_be_hidden()
    tab.goto("/companies/")
    tab.keyboard.press("Control+k")
    tab.keyboard.type("prosp")
    expect(tab.locator("#palette-views")).to_have_text("Views")
    tab.keyboard.press("Enter")
    on(tab, "Prospects of the north")
    tab.goto("/people/filter")
    box = tab.get_by_role("combobox", name="As text")
    box.focus()
    box.press_sequentially("in view(", delay=20)
    option = tab.locator(".offers").get_by_role("option").filter(has_text="Prospects")
    expect(option).to_be_visible()
    box.press("Tab")
    expect(box).to_have_value('in view("Prospects of the north"')
    box.press_sequentially(")")
    tab.get_by_role("button", name="Show", exact=True).last.click()
    expect(tab.locator(".filter .v")).to_have_text("Prospects of the north")
    assert set(names(tab)) == {"Amara Okafor", "Chiara Rossi"}


def test_on_a_phone_nothing_overflows(visit, alice, people):
    tab = visit(alice, viewport=PHONE)
    for number in range(4):
        tab.goto(f"/people/?where=name ~ a{number}")
        save(tab, f"A view with quite a long name {number}", shared=bool(number % 2))
        on(tab, f"A view with quite a long name {number}")
    assert tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    tab.locator(".tabmenu").first.click()
    expect(tab.get_by_role("button", name="Duplicate")).to_be_in_viewport()
    tab.get_by_role("button", name="Duplicate").click()
    on(tab, "A view with quite a long name 3 (copy)")
