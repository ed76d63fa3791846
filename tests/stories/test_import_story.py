"""The main job from the link to signing out: find, correct, take back; import a bad file, mend it, take it back."""

import io
import re

import pytest
from playwright.sync_api import Page, expect

from rapport.customers.models import Person
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records.imports import doors
from rapport.engine.records.registry import record_type
from tests.stories.conftest import PHONE, WIDE
from tests.stories.import_screens import imports, kunden
from tests.stories.screens import Screen
from tests.stories.test_accessible import judge, look
from tests.stories.test_first_light import edit, row_of, sign_out, undo, value_of

pytestmark = pytest.mark.browser

ROWS = 40
OPEN_ALL = """() => {
  const closed = [...document.querySelectorAll(".group details:not([open])")];
  closed.forEach((one) => { one.open = true; });
  return closed.length;
}"""


@pytest.fixture
def send(live_server_url):
    """Begin an import as somebody, up to its columns: `send(dana, "people", text, name="kunden.csv")`."""

    def sent(user, slug, content, *, name):
        stream = io.BytesIO(content.encode())
        return doors.begin(user.actor, record_type(slug), stream, name=name, options={"rule": "fill"})

    return sent


def test_from_the_link_to_the_import_and_back(visit, dana, people, link_for, tmp_path):
    tab = visit()
    tab.goto(link_for(dana))
    tab.get_by_role("button", name="Sign in").click()
    find_by_palette(tab, "bruno lindh")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Bruno Lindholm")
    edit(tab, "Stage").get_by_role("combobox").select_option(label="At risk")
    expect(value_of(tab, "Stage").locator(".chip")).to_have_text("At risk")
    undo(tab)
    expect(value_of(tab, "Stage").locator(".chip")).to_have_text("Customer")
    send_file(tab, tmp_path, kunden(ROWS))
    mend_by_kind(tab)
    mend_a_cell(tab)
    run_it(tab)
    look_at_what_came(tab)
    take_it_back(tab)
    sign_out(tab)


def find_by_palette(tab: Page, words: str) -> None:
    expect(tab).to_have_url(re.compile("/people/$"))
    tab.keyboard.press("Control+k")
    tab.locator("dialog.palette[open]").wait_for()
    tab.keyboard.type(words)
    tab.locator("#palette-people").wait_for()
    tab.keyboard.press("Enter")


def send_file(tab: Page, folder, text: str) -> None:
    path = folder / "kunden-2026.csv"
    path.write_text(text)
    tab.locator("nav.side").get_by_role("link", name="People").click()
    tab.locator("main").get_by_role("link", name="Import", exact=True).click()
    tab.get_by_label("A file").set_input_files(path)
    tab.get_by_role("button", name="Read the file").click()
    expect(tab.locator(".bar.import")).to_contain_text(f"{ROWS} rows · 8 columns · UTF-8, semicolon")
    expect(tab.get_by_label("Where Firma goes")).to_have_value("company")
    tab.get_by_role("button", name="Check all").click()
    expect(tab.get_by_text("34 rows are ready, 6 would be refused")).to_be_visible()


def group(tab: Page, title: str):
    return tab.locator(".group", has_text=title)


def mend_by_kind(tab: Page) -> None:
    countries = group(tab, "country not known")
    countries.get_by_text("say what it means").click()
    countries.get_by_label("What Atlantis means").fill("Greece")
    countries.get_by_role("button", name="Map it").click()
    expect(countries).to_have_count(0)
    group(tab, "several times").get_by_role("button", name="Merge them").click()
    expect(group(tab, "several times")).to_have_count(0)


def mend_a_cell(tab: Page) -> None:
    group(tab, "not an e-mail address").get_by_role("link", name="Cell by cell").click()
    tab.get_by_label("E-Mail, row 12").fill("farid@fjord.example")
    tab.get_by_role("button", name="Save and check these rows").click()
    expect(tab.get_by_label("E-Mail, row 12")).to_have_count(0)
    tab.get_by_role("link", name="Back to the kinds").click()
    group(tab, "not an e-mail address").get_by_role("button", name="Leave the rows out").click()
    expect(tab.get_by_text("All rows can be imported")).to_be_visible()


def run_it(tab: Page) -> None:
    tab.get_by_role("link", name="To the preview").click()
    expect(tab.locator(".tally")).to_contain_text("38new")
    tab.get_by_role("button", name="Import 39 rows").click()
    expect(tab.get_by_role("heading", name="Running")).to_be_visible()
    run_waiting_jobs()
    expect(tab.get_by_role("heading", name="The import is done")).to_be_visible()
    expect(tab.locator(".tally")).to_contain_text("38created")


def look_at_what_came(tab: Page) -> None:
    assert Person.objects.filter(deleted_at=None).count() == 41
    amara = Person.objects.get(email="amara.0@fjellfjord.example")
    assert {one["phone"] for one in amara.phones} == {"+4777601210", "+4777601240"}
    assert Person.objects.get(name="Farid Haddad 11").email == "farid@fjord.example"
    assert Person.objects.get(name="Benedikt Huber 7").country == "GR"
    assert not Person.objects.filter(name="Elif Yılmaz 28").exists()
    tab.get_by_role("link", name="To the people").click()
    expect(row_of(tab, "Farid Haddad 11")).to_have_count(1)
    tab.go_back()


def take_it_back(tab: Page) -> None:
    tab.get_by_role("button", name="Undo the import").click()
    expect(tab.get_by_role("heading", name="Taking the import back")).to_be_visible()
    run_waiting_jobs()
    expect(tab.get_by_role("heading", name="The import was taken back")).to_be_visible()
    tab.get_by_role("link", name="To the people").click()
    expect(tab.locator("tbody tr")).to_have_count(3)
    expect(row_of(tab, "Bruno Lindholm")).to_contain_text("Customer")


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_step_is_accessible(visit, dana, send, viewport):
    tab = visit(dana, viewport=viewport)
    faults = [fault for screen in imports(dana, send=send) for fault in look_closer(tab, screen, viewport)]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(dict.fromkeys(faults))


def look_closer(tab: Page, screen: Screen, viewport) -> list[str]:
    """A step as it comes, and with all that can be opened on it."""
    faults = look(tab, screen, viewport)
    if tab.evaluate(OPEN_ALL):
        faults += judge(tab, f"{screen.name}, opened", viewport)
    return faults


def test_a_file_that_is_none_is_refused_on_the_page(visit, dana, tmp_path, live_server_url):
    tab = visit(dana)
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n")
    tab.goto("/people/import")
    tab.get_by_label("A file").set_input_files(tmp_path / "picture.csv")
    tab.get_by_role("button", name="Read the file").click()
    expect(tab.get_by_role("alert")).to_contain_text("no file that can be imported")
    faults = judge(tab, "a refused file", WIDE)
    assert not faults, faults
