"""The first hour with Rapport: by mouse, by keyboard alone, on a phone, without script, and two at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from rapport.customers.models import Person
from tests.stories.conftest import PHONE

pytestmark = pytest.mark.browser


def toast(tab: Page):
    return tab.locator("r-toast .toast")


def row_of(tab: Page, name: str):
    return tab.locator("tbody tr", has_text=name)


def value_of(tab: Page, label: str):
    """The value beside a label in the left column of a record."""
    return tab.locator(f"aside.left dt:text-is('{label}') + dd")


def edit(tab: Page, label: str):
    place = value_of(tab, label)
    place.hover()
    place.locator(".pen").click()
    return place


def undo(tab: Page) -> None:
    toast(tab).get_by_role("button", name="Undo").click()
    expect(toast(tab)).to_contain_text("Undone")


def test_from_the_link_to_signing_out(visit, alice, people, link_for):
    tab = visit()
    tab.goto(link_for(alice))
    tab.get_by_role("button", name="Sign in").click()
    expect(tab).to_have_url(re.compile("/people/$"))
    filter_by_stage(tab, "Customer")
    expect(tab.locator("tbody tr")).to_have_count(1)
    row_of(tab, "Bruno Lindholm").get_by_role("link", name="Bruno Lindholm").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Bruno Lindholm")
    edit_a_text(tab)
    edit_an_address(tab)
    edit_a_stage(tab)
    write_a_note(tab)
    delete_and_undo(tab)
    sign_out(tab)
    tab.goto("/people/")
    expect(tab).to_have_url(re.compile("/sign-in/"))


def filter_by_stage(tab: Page, stage: str) -> None:
    tab.get_by_role("link", name="Filter", exact=False).first.click()
    tab.get_by_label("Field", exact=True).select_option(label="Stage")
    tab.get_by_label("Value").select_option(label=stage)
    tab.locator("form.builder").get_by_role("button", name="Show").click()
    expect(tab.locator(".filters")).to_contain_text(stage)


def edit_a_text(tab: Page) -> None:
    tab.get_by_text("more field").click()
    edit(tab, "Source").get_by_role("textbox").fill("Fair in Oslo")
    tab.keyboard.press("Enter")
    expect(value_of(tab, "Source")).to_contain_text("Fair in Oslo")
    undo(tab)
    expect(tab.locator("aside.left")).not_to_contain_text("Fair in Oslo")


def edit_an_address(tab: Page) -> None:
    place = edit(tab, "E-mail")
    place.get_by_label("E-mail 1", exact=True).fill("bruno at fjordlink")
    place.get_by_role("button", name="Save").click()
    expect(place.locator(".problem")).to_be_visible()
    expect(place.get_by_label("E-mail 1", exact=True)).to_have_value("bruno at fjordlink")
    place.get_by_label("E-mail 1", exact=True).fill("bruno@lindholm.example")
    place.get_by_role("button", name="Save").click()
    expect(value_of(tab, "E-mail")).to_contain_text("bruno@lindholm.example")


def edit_a_stage(tab: Page) -> None:
    edit(tab, "Stage").get_by_role("combobox").select_option(label="At risk")
    expect(value_of(tab, "Stage").locator(".chip")).to_have_text("At risk")
    undo(tab)
    expect(value_of(tab, "Stage").locator(".chip")).to_have_text("Customer")


def write_a_note(tab: Page) -> None:
    tab.get_by_label("Write a note").fill("Wants the blue tent")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator("ol.line .said")).to_contain_text("Wants the blue tent")
    expect(tab.get_by_label("Write a note")).to_have_value("")


def delete_and_undo(tab: Page) -> None:
    tab.locator(".deeds summary[aria-label^=More]").click()
    tab.get_by_role("button", name="Delete").first.click()
    expect(toast(tab)).to_contain_text("was deleted")
    expect(row_of(tab, "Bruno Lindholm")).to_have_count(0)
    undo(tab)
    expect(row_of(tab, "Bruno Lindholm")).to_have_count(1)


def sign_out(tab: Page) -> None:
    tab.locator("nav.side summary.brand").click()
    tab.locator("nav.side").get_by_role("button", name="Sign out").click()
    expect(tab).to_have_url(re.compile("/sign-in/"))


def test_keys_alone(visit, alice, people):
    tab = visit(alice)
    tab.goto("/people/?order=name")
    press = tab.keyboard.press
    for key in ("j", "j", "k", "j", "x"):
        press(key)
    expect(row_of(tab, "Bruno Lindholm").get_by_role("checkbox")).to_be_checked()
    expect(tab.locator("[data-selected-count]")).to_have_text("1")
    press("e")
    expect(tab.locator("form.cell :focus")).to_be_visible()
    press("Escape")
    expect(tab.locator("form.cell")).to_have_count(0)
    press("k")
    press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Amara Okafor")
    press("e")
    expect(tab.locator("h1 form.cell :focus")).to_have_value("Amara Okafor")
    tab.keyboard.type("Amara Adeyemi")
    press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Amara Adeyemi")
    go_and_come_back(tab)


def go_and_come_back(tab: Page) -> None:
    press = tab.keyboard.press
    press("g")
    press("o")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Companies")
    press("c")
    expect(tab.get_by_role("heading", level=1)).to_have_text("New company")
    expect(tab.get_by_label("Name", exact=False).first).to_be_focused()
    tab.keyboard.type("Keys and Sons")
    press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Keys and Sons")
    press("g")
    press("p")
    expect(tab.get_by_role("heading", level=1)).to_have_text("People")
    press("/")
    expect(tab.get_by_label("Field", exact=True)).to_be_visible()
    tab.locator("main").focus()
    press("?")
    expect(tab.get_by_role("dialog", name="Keys")).to_contain_text("Filter")
    press("Escape")
    expect(tab.get_by_role("dialog", name="Keys")).to_have_count(0)


def test_on_a_phone(visit, alice, people):
    tab = visit(alice, viewport=PHONE, has_touch=True)
    tab.goto("/people/?order=name")
    expect(tab.locator("nav.side")).to_be_hidden()
    bar = tab.get_by_role("navigation", name="Main, short")
    expect(bar).to_be_in_viewport()
    bar.get_by_role("link", name="Companies").tap()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Companies")
    bar.get_by_role("link", name="People").tap()
    row_of(tab, "Amara Okafor").get_by_role("link", name="Amara Okafor").tap()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Amara Okafor")
    tab.go_back()
    row_of(tab, "Amara Okafor").get_by_role("link", name="Fjordlink AS").tap()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Fjordlink AS")
    tab.get_by_role("navigation", name="Parts of this page").get_by_role("link", name="Fields").tap()
    tab.get_by_text("more field").tap()
    place = value_of(tab, "VAT number")
    place.locator(".pen").tap()
    place.get_by_role("textbox").fill("NO 987 654 321")
    tab.keyboard.press("Enter")
    expect(value_of(tab, "VAT number")).to_contain_text("987 654 321")


def test_two_at_once_see_both_values(visit, alice, bob, people):
    hers, his = visit(alice), visit(bob)
    for tab in (hers, his):
        tab.goto(f"/people/{people[0].pk}/")
        tab.get_by_text("more field").click()
        edit(tab, "Source").get_by_role("textbox").wait_for()
    hers.locator("#f-source").fill("Fair in Oslo")
    hers.keyboard.press("Enter")
    expect(value_of(hers, "Source")).to_contain_text("Fair in Oslo")
    his.locator("#f-source").fill("Newsletter")
    his.keyboard.press("Enter")
    expect(his.locator(".conflict")).to_contain_text("Fair in Oslo")
    expect(his.locator(".conflict")).to_contain_text("Newsletter")
    his.get_by_role("button", name="Write mine over it").click()
    expect(his.locator(".conflict")).to_have_count(0)
    expect(value_of(his, "Source")).to_contain_text("Newsletter")
    assert Person.objects.get(pk=people[0].pk).source == "Newsletter"


def test_nothing_typed_is_lost(visit, alice, people):
    tab = visit(alice)
    tab.goto(f"/people/{people[0].pk}/")
    tab.get_by_label("Write a note").fill("Half a thought")
    tab.reload()
    expect(tab.get_by_label("Write a note")).to_have_value("Half a thought")
    tab.goto("/people/new")
    tab.get_by_label("Name", exact=True).fill("Dmitri Half")
    tab.goto("/people/")
    tab.goto("/people/new")
    expect(tab.get_by_label("Name", exact=True)).to_have_value("Dmitri Half")
    tab.get_by_role("button", name="Create", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Dmitri Half")
    tab.goto("/people/new")
    expect(tab.get_by_label("Name", exact=True)).to_have_value("")


def test_without_script(visit, alice, people, link_for):
    tab = visit(java_script_enabled=False)
    tab.goto(link_for(alice))
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("People")
    tab.get_by_role("link", name="New person").click()
    tab.get_by_label("Name", exact=True).fill("Emil Plain")
    tab.get_by_label("E-mail 1", exact=True).fill("emil@plain.example")
    tab.get_by_role("button", name="Create", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Emil Plain")
    expect(toast(tab)).to_contain_text("was created")
    value_of(tab, "E-mail").locator(".pen").click()
    tab.get_by_label("E-mail 1", exact=True).fill("not an address")
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator(".problem")).to_be_visible()
    tab.get_by_label("E-mail 1", exact=True).fill("emil@paper.example")
    tab.get_by_role("button", name="Save").click()
    expect(value_of(tab, "E-mail")).to_contain_text("emil@paper.example")
    tab.get_by_label("Write a note").fill("Written on paper")
    tab.get_by_role("button", name="Save note").click()
    expect(tab.locator("ol.line .said")).to_contain_text("Written on paper")
    look_for_without_script(tab)
    sign_out(tab)


def look_for_without_script(tab: Page) -> None:
    tab.locator("nav.side").get_by_role("link", name="People").click()
    tab.get_by_role("link", name="Filter", exact=False).first.click()
    tab.get_by_label("As text").fill('name ~ "plain"')
    tab.get_by_role("search").last.get_by_role("button", name="Show").click()
    expect(tab.locator("tbody tr")).to_have_count(1)
    tab.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(row_of(tab, "Emil Plain")).to_have_count(1)
