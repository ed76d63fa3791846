"""Filters as people make them: by mouse, by keyboard in the text box, and without script."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def noted(people, alice, make):
    """Amara has a note, nobody else."""
    make(alice, "notes", text="Likes snow", about_type="people", about_id=str(people[0].pk))


def names(tab: Page) -> list[str]:
    return [one.strip() for one in tab.locator("tbody .title a:not(.beside)").all_inner_texts()]


def test_other_records_by_mouse(visit, alice, noted):
    tab = visit(alice)
    tab.goto("/people/filter")
    tab.get_by_label("Field", exact=True).select_option(label="Notes")
    expect(tab.get_by_label("What of them")).to_have_value("count")
    with tab.expect_response("**/people/filter?*"):
        tab.get_by_label("Condition", exact=True).select_option(label="is at least")
    expect(tab.get_by_label("Condition", exact=True)).to_have_value(">=")
    tab.wait_for_load_state("networkidle")
    tab.get_by_label("Value", exact=True).fill("1")
    tab.get_by_role("button", name="Only some notes").click()
    expect(tab.get_by_text("only notes that match")).to_be_visible()
    inner = tab.locator(".together")
    inner.get_by_label("Field", exact=True).select_option(label="Note")
    inner.get_by_label("Value", exact=True).fill("snow")
    inner.get_by_role("button", name="Condition", exact=True).click()
    expect(inner.get_by_label("Field", exact=True)).to_have_count(2)
    inner.get_by_role("button", name="Remove this condition").last.click()
    expect(inner.get_by_label("Field", exact=True)).to_have_count(1)
    tab.get_by_role("button", name="Show", exact=True).first.click()
    tab.wait_for_url(re.compile(r"/people/\?where="))
    expect(tab.get_by_text("number of notes")).to_be_visible()
    assert names(tab) == ["Amara Okafor"]


def test_the_journal_without_script(visit, alice, noted):
    tab = visit(alice, java_script_enabled=False)
    tab.goto("/people/filter")
    tab.get_by_label("Field", exact=True).select_option(label="Something happened")
    tab.get_by_role("button", name="Condition", exact=True).click()
    tab.get_by_label("What happened").select_option(label="Notes: new")
    tab.get_by_label("Within").fill("30d")
    tab.get_by_role("button", name="Remove this condition").last.click()
    tab.get_by_role("button", name="Show", exact=True).first.click()
    tab.wait_for_url(re.compile(r"/people/\?where="))
    assert names(tab) == ["Amara Okafor"]


def test_by_keyboard_with_offers(visit, alice, noted):
    tab = visit(alice)
    tab.goto("/people/filter")
    box, offers = tab.get_by_role("combobox", name="As text"), tab.locator(".offers").get_by_role("option")
    box.focus()
    box.press_sequentially("sta", delay=20)
    expect(offers.first).to_contain_text("stage")
    box.press("Tab")
    expect(box).to_have_value("stage")
    box.press_sequentially(" = ", delay=20)
    option = offers.filter(has_text="Lead")
    expect(option).to_be_visible()
    while option.get_attribute("aria-selected") != "true":
        box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("stage = lead")
    box.press_sequentially(" and count(no", delay=20)
    expect(offers.first).to_contain_text("notes")
    box.press("Tab")
    expect(box).to_have_value("stage = lead and count(notes")
    box.press_sequentially(") = 0", delay=20)
    box.press("Escape")
    expect(offers).to_have_count(0)
    box.press("Enter")
    tab.wait_for_url(re.compile(r"/people/\?where="))
    assert names(tab) == ["Chiara Rossi"]


def test_what_is_typed_while_the_form_follows_is_kept(visit, alice, people):
    tab = visit(alice)
    tab.goto("/people/filter")
    tab.get_by_label("Field", exact=True).select_option(label="Notes")
    expect(tab.get_by_label("What of them")).to_have_value("count")

    def slowly(route):
        answer = route.fetch()
        tab.wait_for_timeout(400)
        route.fulfill(response=answer)

    tab.route("**/people/filter?*", slowly)
    value = tab.get_by_label("Value", exact=True)
    with tab.expect_response("**/people/filter?*"):
        tab.get_by_label("Condition", exact=True).select_option(label="is at least")
        value.press_sequentially("12", delay=30)
    tab.wait_for_load_state("networkidle")
    expect(value).to_have_value("12")
    expect(value).to_be_focused()
