"""Rows pasted into a list as people paste them: with names of columns and without, with faults, on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from rapport.customers.models import Person
from tests.stories.conftest import PHONE
from tests.stories.test_first_light import row_of, toast

pytestmark = pytest.mark.browser

# As a sheet puts it on the clipboard, beside the same as HTML.
PASTE = """([text, selector]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  data.setData("text/html", "<table><tr><td>Other</td></tr></table>");
  const target = document.querySelector(selector);
  return target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
NAMED = (
    "Name\tE-mail\tCompany\tSource\r\n"
    'Nadia Berg\tnadia@berg.example\tFjordlink AS\t"Fair,\r\nhall 2"\r\n'
    "Ole Dahl\tole@dahl.example\tDahl Boats\t=SUM(1)\r\n\t\t\t\r\n"
)
NAMELESS = "Nadia Berg\tnadia@berg.example\tLead\nOle Dahl\tole@dahl.example\tCustomer\n"


def paste(tab: Page, text: str, selector: str = "body") -> bool:
    """Whether the browser is left to do what it does."""
    return bool(tab.evaluate(PASTE, [text, selector]))


def test_with_names_by_one_look_and_one_click(visit, alice, people):
    tab = visit(alice)
    tab.goto("/people/")
    assert not paste(tab, NAMED)
    expect(tab).to_have_url(re.compile("/imports/[0-9a-f-]{36}/preview$"))
    expect(tab.locator("table.cells tbody tr")).to_have_count(2)
    expect(tab.locator("table.cells")).to_contain_text("=SUM(1)")
    tab.get_by_role("button", name="Add 2 people").click()
    expect(toast(tab)).to_contain_text("2 people were added.")
    nadia = Person.objects.get(name="Nadia Berg")
    assert " ".join(nadia.source.split()) == "Fair, hall 2"
    toast(tab).get_by_role("button", name="Undo").click()
    expect(toast(tab)).to_contain_text("Undone")
    tab.get_by_role("link", name="To the people").click()
    expect(row_of(tab, "Amara Okafor")).to_have_count(1)
    expect(row_of(tab, "Nadia Berg")).to_have_count(0)


def test_without_names(visit, alice, people):
    tab = visit(alice)
    tab.goto("/people/")
    paste(tab, NAMELESS)
    tab.get_by_role("button", name="Add 2 people").click()
    tab.get_by_role("link", name="To the people").click()
    expect(row_of(tab, "Ole Dahl")).to_contain_text("Customer")
    expect(row_of(tab, "Ole Dahl")).to_contain_text("ole@dahl.example")


def test_with_a_fault_and_mended(visit, alice, people):
    tab = visit(alice)
    tab.goto("/people/")
    paste(tab, NAMED + "Per Ek\tper@ek\t\t\r\n")
    expect(tab.locator(".group")).to_contain_text("e-mail")
    tab.get_by_role("link", name="Cell by cell").click()
    tab.get_by_label("E-mail, row 3").fill("per@ek.example")
    tab.get_by_role("button", name="Save and check these rows").click()
    tab.get_by_role("link", name="Back to the kinds").click()
    tab.get_by_role("link", name="To the preview").click()
    tab.get_by_role("button", name="Add 3 people").click()
    expect(toast(tab)).to_contain_text("3 people were added.")


def test_what_is_no_table_is_left_alone(visit, alice, people):
    tab = visit(alice)
    tab.goto("/people/")
    for text in ("one cell", "one cell\r\n", '"one cell\nof two lines"', ""):
        assert paste(tab, text)
    tab.keyboard.press("Control+k")
    tab.locator("dialog.palette[open]").wait_for()
    assert paste(tab, NAMED, "dialog.palette input")
    expect(tab).to_have_url(re.compile("/people/$"))


def test_on_a_phone_without_script(visit, alice, people):
    tab = visit(alice, viewport=PHONE, has_touch=True, java_script_enabled=False)
    tab.goto("/people/import")
    tab.get_by_role("link", name="Paste rows instead").tap()
    tab.get_by_label("Rows copied from a spreadsheet").fill(NAMED)
    tab.get_by_role("button", name="Read the rows").tap()
    tab.get_by_role("button", name="Add 2 people").tap()
    expect(toast(tab)).to_contain_text("2 people were added.")
    assert Person.objects.filter(name="Ole Dahl").exists()
