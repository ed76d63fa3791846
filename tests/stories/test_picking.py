"""Rows picked on a phone, with script and without."""

import re

import pytest
from playwright.sync_api import expect

from rapport.customers.models import Person
from tests.stories.conftest import PHONE

pytestmark = pytest.mark.browser


def test_rows_are_picked_by_touching_them(visit, alice, people):
    tab = visit(alice, viewport=PHONE, has_touch=True)
    tab.goto("/people/?order=name")
    expect(tab.locator(".pick").first).to_be_hidden()
    tab.get_by_role("link", name="Select", exact=True).click()
    expect(tab).to_have_url(re.compile("select=1"))
    row = tab.locator("tbody tr", has_text="Amara Okafor")
    assert tab.locator(".pick").first.bounding_box()["height"] >= 44
    row.tap(position={"x": 200, "y": 20})
    expect(tab.get_by_text("1 selected")).to_be_visible()
    tab.get_by_text("Select all on this page").click()
    expect(tab.get_by_text("3 selected")).to_be_visible()
    for one in tab.locator(".foot .btn:visible").all():
        assert one.bounding_box()["height"] >= 44
    row.tap(position={"x": 200, "y": 20})
    tab.get_by_role("button", name="Delete").click()
    expect(tab.get_by_text("2 records were deleted.")).to_be_visible()
    assert Person.objects.get(deleted_at=None).name == "Amara Okafor"
    expect(tab.get_by_role("link", name="Select", exact=True)).to_be_visible()
    tab.locator(".toast").get_by_role("button", name="Undo").click()
    expect(tab.get_by_text("Undone: 2 changes.")).to_be_visible()
    tab.locator("tbody tr", has_text="Bruno Lindholm").get_by_role("link", name="Bruno Lindholm").click()
    expect(tab.get_by_role("heading", name="Bruno Lindholm")).to_be_visible()


def test_done_ends_it_and_back_is_the_list_before(visit, alice, people):
    tab = visit(alice, viewport=PHONE)
    tab.goto("/people/?order=name&where=stage = lead")
    tab.get_by_role("link", name="Select", exact=True).click()
    tab.get_by_label("Select Amara Okafor").check()
    tab.get_by_role("link", name="Done").click()
    expect(tab.get_by_text("1 selected")).to_be_hidden()
    expect(tab.locator(".pick").first).to_be_hidden()
    assert "where=" in tab.url
    assert "select" not in tab.url


def test_without_script(visit, alice, people):
    tab = visit(alice, viewport=PHONE, java_script_enabled=False)
    tab.goto("/people/?order=name")
    expect(tab.get_by_role("button", name="Delete")).to_be_hidden()
    tab.get_by_role("link", name="Select", exact=True).click()
    tab.get_by_label("Select Amara Okafor").check()
    tab.get_by_role("button", name="Edit…").click()
    expect(tab.get_by_text("1 selected")).to_be_visible()
    tab.goto("/people/?order=name&select=1")
    tab.get_by_label("Select Chiara Rossi").check()
    tab.get_by_role("button", name="Delete").click()
    expect(tab.get_by_text("1 record was deleted.")).to_be_visible()
    expect(tab.locator(".pick").first).to_be_hidden()
