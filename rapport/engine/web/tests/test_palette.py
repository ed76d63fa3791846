"""The palette in a browser: keys, mouse, what it finds, what it does, and where the focus goes."""

from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def people(transactional_db, dana, make):
    company = make(dana, "companies", name="Amaranth Outdoor Ltd", domains="amaranth.example")
    values = {"company": str(company.pk), "owner": "me"}
    found = [
        make(dana, "people", name=name, emails=f"{name[:5]}@x.example", **values)
        for name in ("Amara Okafor", "Amara Lindholm", "Søren Madsen")
    ]
    call_command("reindex", stdout=StringIO())
    return found


@pytest.fixture
def tab(page, enter, dana, people):
    enter(page.context, dana)
    page.goto("/people/")
    return page


def active(tab):
    return tab.locator("r-palette [aria-selected=true]")


def test_type_arrow_enter(tab, people):
    tab.keyboard.press("Control+k")
    box = tab.get_by_role("combobox", name="Search or jump to")
    expect(box).to_be_focused()
    tab.keyboard.type("amara")
    expect(tab.locator("#palette-people")).to_have_text("People")
    expect(tab.locator("#palette-companies")).to_have_text("Companies")
    expect(active(tab)).to_contain_text("Amara")
    expect(tab.locator("r-palette [data-time]")).to_contain_text("ms")
    tab.keyboard.press("ArrowDown")
    expect(active(tab)).to_have_attribute("id", "palette-people-2")
    expect(box).to_have_attribute("aria-activedescendant", "palette-people-2")
    target = active(tab).get_attribute("href")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**{target}")
    expect(tab.locator("h1")).to_contain_text("Amara")


def test_enter_does_not_wait_for_the_answer(tab, people):
    tab.keyboard.press("Control+k")
    tab.keyboard.type("soren")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/people/{people[2].pk}/")


def test_escape_closes_and_gives_the_focus_back(tab):
    link = tab.locator(".find")
    link.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("r-palette dialog")).to_be_visible()
    tab.keyboard.type("amara")
    tab.keyboard.press("Escape")
    expect(tab.locator("r-palette dialog")).to_be_hidden()
    expect(link).to_be_focused()


def test_the_mouse_opens_what_it_points_at(tab):
    tab.locator(".find").click()
    tab.keyboard.type("amaranth")
    tab.get_by_role("option", name="Amaranth Outdoor Ltd").click()
    tab.wait_for_url("**/companies/*/")


def test_a_click_beside_it_closes(tab):
    tab.keyboard.press("Control+k")
    tab.mouse.click(20, 880)
    expect(tab.locator("r-palette dialog")).to_be_hidden()


def test_going_somewhere_by_name(tab):
    tab.keyboard.press("Control+k")
    tab.keyboard.type("compan")
    expect(tab.get_by_role("group", name="Go to").get_by_role("option")).to_have_count(1)
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/companies/")


def test_the_actions_of_the_record(tab, people):
    tab.goto(f"/people/{people[0].pk}/")
    tab.keyboard.press("Control+k")
    group = tab.get_by_role("group", name="Actions on Amara Okafor")
    expect(group.get_by_role("option").first).to_be_visible()
    wanted = tab.locator("main :is(a, button)[data-key]").count()
    expect(group.get_by_role("option")).to_have_count(wanted)
    expect(group).not_to_contain_text("Save note")


def test_a_word_that_nothing_has(tab):
    tab.keyboard.press("Control+k")
    tab.keyboard.type("zzzzqqq")
    expect(tab.locator("r-palette [data-nothing]")).to_be_visible()
    expect(tab.get_by_role("option")).to_have_count(0)


def test_on_a_phone_it_fills_the_screen_and_closes_by_a_button(new_context, enter, dana, people):
    context = new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    enter(context, dana)
    tab = context.new_page()
    tab.goto("/people/")
    tab.locator(".bottombar").get_by_role("link", name="Search").tap()
    tab.keyboard.type("amara")
    option = tab.get_by_role("option", name="Amara Okafor")
    expect(option).to_be_visible()
    assert option.bounding_box()["height"] >= 44
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.get_by_role("button", name="Close").tap()
    expect(tab.locator("r-palette dialog")).to_be_hidden()


def test_without_script_it_is_a_page(new_context, enter, dana, people):
    context = new_context(java_script_enabled=False)
    enter(context, dana)
    tab = context.new_page()
    tab.goto("/people/")
    tab.locator(".find").click()
    tab.get_by_label("Search everything").fill("soren")
    tab.keyboard.press("Enter")
    tab.get_by_role("link", name="Søren Madsen").click()
    expect(tab.locator("h1")).to_contain_text("Søren Madsen")
