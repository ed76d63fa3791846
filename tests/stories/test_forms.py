"""Forms in a browser: a file dropped onto a field, with script and without, and a click too many."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rapport.customers.models import Person
from rapport.engine.events.act import open_act
from rapport.engine.files.tests import sample
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.definitions import forget
from rapport.engine.records.registry import record_type
from tests.stories.test_first_light import edit, toast, undo, value_of

pytestmark = pytest.mark.browser

DROP = """(input, [name, words]) => {
  const files = new DataTransfer();
  files.items.add(new File([words], name));
  input.files = files.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}"""


@pytest.fixture
def contract(dana):
    """A field of people for a contract."""
    with open_act(dana.actor) as act:
        create_field(act, record_type("people"), {"label": "Contract", "type": "file"})
    forget()


def downloaded(tab: Page, name: str) -> bytes:
    with tab.expect_download() as waiting:
        value_of(tab, "Contract").get_by_role("link", name=name).click()
    assert waiting.value.suggested_filename == name
    return Path(waiting.value.path()).read_bytes()


def test_a_file_in_place(visit, alice, people, contract):
    tab = visit(alice)
    tab.goto(f"/people/{people[0].pk}/")
    tab.get_by_text("more field").click()
    edit(tab, "Contract").locator("input[type=file]").evaluate(DROP, ["first.txt", "The first"])
    expect(value_of(tab, "Contract")).to_contain_text("first.txt")
    assert downloaded(tab, "first.txt") == b"The first"
    edit(tab, "Contract").locator("input[type=file]").evaluate(DROP, ["second.txt", ""])
    expect(value_of(tab, "Contract").locator(".problem")).to_contain_text("“second.txt” is empty")
    value_of(tab, "Contract").locator("input[type=file]").evaluate(DROP, ["second.txt", "The second"])
    expect(value_of(tab, "Contract").get_by_role("link", name="second.txt")).to_be_visible()
    undo(tab)
    assert downloaded(tab, "first.txt") == b"The first"
    edit(tab, "Contract").get_by_label("Remove").check()
    expect(toast(tab)).to_contain_text("was saved")
    expect(value_of(tab, "Contract")).not_to_contain_text("first.txt")


def test_a_file_without_script(visit, alice, people, contract):
    tab = visit(alice, java_script_enabled=False)
    tab.goto("/people/new")
    tab.get_by_label("Contract").set_input_files({"name": "photo.png", "mimeType": "", "buffer": sample.png()})
    tab.get_by_label("E-mail 1", exact=True).fill("bruno@fjordlink.example")
    tab.get_by_role("button", name="Create", exact=True).click()
    expect(tab.get_by_role("alert")).to_contain_text("here already")
    expect(tab.locator(".filebox")).to_contain_text("photo.png")
    tab.get_by_role("button", name="Create anyway").click()
    assert downloaded(tab, "photo.png") == sample.png()
    with tab.context.expect_page() as opened:
        value_of(tab, "Contract").get_by_role("link", name="Preview").click()
    expect(opened.value.locator("img")).to_be_visible()
    value_of(tab, "Contract").locator(".pen").click()
    tab.get_by_label("Contract").set_input_files({"name": "b.txt", "mimeType": "", "buffer": b"Second"})
    tab.get_by_role("button", name="Save").click()
    assert downloaded(tab, "b.txt") == b"Second"
    value_of(tab, "Contract").locator(".pen").click()
    tab.get_by_label("Remove").check()
    tab.get_by_role("button", name="Save").click()
    expect(toast(tab)).to_contain_text("was saved")
    expect(tab.locator("aside.left")).not_to_contain_text("b.txt")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_two_quick_clicks_make_one_record(visit, alice, people, script):
    tab = visit(alice, java_script_enabled=script)
    tab.goto("/people/new")
    tab.get_by_label("Name", exact=True).fill("Dmitri Twice")
    tab.get_by_role("button", name="Create", exact=True).dblclick()
    expect(tab).to_have_url(re.compile("/people/[0-9a-f-]{36}/$"))
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Dmitri Twice")
    assert Person.objects.filter(name="Dmitri Twice").count() == 1


def test_two_quick_clicks_on_an_edit_are_one_change(visit, alice, people):
    tab = visit(alice)
    tab.goto(f"/people/{people[1].pk}/")
    place = edit(tab, "E-mail")
    place.get_by_label("E-mail 1", exact=True).fill("bruno@lindholm.example")
    place.get_by_role("button", name="Save").dblclick()
    expect(value_of(tab, "E-mail")).to_contain_text("bruno@lindholm.example")
    assert Person.objects.get(pk=people[1].pk).version == people[1].version + 1
