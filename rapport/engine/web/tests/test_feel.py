"""What script adds, in a browser: pages without reloading, editing in place, keys, drafts, and the way back."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
NAMES = [f"Person {index:02}" for index in range(40)]


@pytest.fixture
def tab(page, enter, dana, make):
    """Dana's browser on the list of people. The mark on the window is gone when the page is loaded anew."""
    for name in NAMES:
        make(dana, "people", name=name, emails=f"{name[-2:]}@x.example", source="Trade fair")
    enter(page.context, dana)
    page.goto("/people/?order=name")
    page.evaluate("window.mark = 1")
    yield page
    assert page.evaluate("window.mark") == 1


def open_person(tab, name=NAMES[0]):
    tab.get_by_role("link", name=name).click()
    expect(tab.locator("h1")).to_contain_text(name)


def test_going_back_shows_the_same_rows(tab):
    scroller = tab.locator("[data-keep-scroll]")
    scroller.evaluate("list => list.scrollTop = 700")
    open_person(tab, NAMES[30])
    assert tab.title().startswith(NAMES[30])
    expect(tab.locator("#content")).to_be_focused()
    tab.go_back()
    expect(tab.locator("h1")).to_have_text("People")
    assert scroller.evaluate("list => list.scrollTop") == 700


def test_keys_move_select_delete_and_undo(tab):
    for key in ("j", "x", "j", "j", "x"):
        tab.keyboard.press(key)
    bar = tab.locator("[data-selected]")
    expect(bar).to_contain_text("2 selected")
    bar.get_by_role("button", name="Delete").click()
    expect(tab.locator(".toast")).to_contain_text("2 records were deleted")
    expect(bar).to_be_hidden()
    expect(tab.get_by_role("link", name=NAMES[0])).to_have_count(0)
    tab.locator(".toast").get_by_role("button", name="Undo").click()
    expect(tab.get_by_role("link", name=NAMES[0])).to_have_count(1)


def test_a_selection_does_not_outlive_its_page(tab):
    tab.get_by_label(f"Select {NAMES[1]}").check()
    tab.get_by_role("link", name="Name", exact=True).click()
    tab.wait_for_url("**order=-name*")
    expect(tab.locator(".pick:checked")).to_have_count(0)


def test_a_cell_is_edited_where_it_stands(tab):
    tab.keyboard.press("j")
    tab.locator("tbody tr").first.locator("td[data-edit]").nth(4).click()
    tab.locator("td form.cell select").select_option("lead")
    expect(tab.locator("tbody tr").first).to_contain_text("Lead")
    tab.locator(".toast").get_by_role("button", name="Undo").click()
    expect(tab.locator("tbody tr").first).not_to_contain_text("Lead")


def test_a_field_keeps_its_error_and_esc_restores(tab):
    open_person(tab)
    field = tab.locator("dd[data-edit]", has_text="00@x.example")
    field.click(position={"x": 120, "y": 10})
    tab.locator("[name='emails.0.email']").fill("nonsense")
    tab.keyboard.press("Enter")
    expect(tab.locator("form.cell .problem")).to_contain_text("nonsense")
    tab.keyboard.press("Escape")
    expect(tab.locator("form.cell")).to_have_count(0)
    expect(tab.locator("dd[data-edit]", has_text="00@x.example")).to_be_visible()


def test_e_renames_in_the_heading(tab):
    open_person(tab)
    tab.keyboard.press("e")
    tab.locator("h1 input[name=name]").fill("Renamed")
    tab.keyboard.press("Enter")
    expect(tab.locator("h1")).to_have_text("Renamed")


def test_a_note_is_kept_until_the_server_has_it(tab):
    open_person(tab)
    tab.locator("#note-text").fill("Not sent yet")
    tab.go_back()
    expect(tab.locator("h1")).to_have_text("People")
    open_person(tab)
    expect(tab.locator("#note-text")).to_have_value("Not sent yet")
    tab.get_by_role("button", name="Save note").click()
    expect(tab.locator("ol.line")).to_contain_text("Not sent yet")
    expect(tab.locator("#note-text")).to_have_value("")
    tab.go_back()
    open_person(tab)
    expect(tab.locator("#note-text")).to_have_value("")


def test_what_was_typed_under_one_record_never_stands_under_another(tab):
    open_person(tab, NAMES[0])
    tab.locator("#note-text").fill("For the first")
    tab.keyboard.press("Escape")
    tab.go_back()
    open_person(tab, NAMES[1])
    expect(tab.locator("#note-text")).to_have_value("")


def test_a_refused_form_keeps_what_was_typed_and_another_begins_empty(tab):
    tab.keyboard.press("c")
    expect(tab.locator("#f-name")).to_be_focused()
    tab.keyboard.type("Zoe")
    tab.locator("[name='emails.0.email']").fill("nonsense")
    tab.get_by_role("button", name="Create", exact=True).click()
    expect(tab.locator(".problem")).to_be_visible()
    expect(tab.locator("#f-name")).to_have_value("Zoe")
    tab.locator("[name='emails.0.email']").fill("zoe@x.example")
    tab.get_by_role("button", name="Create and another").click()
    expect(tab.locator(".toast")).to_contain_text("Zoe was created")
    expect(tab.locator("#f-name")).to_have_value("")


def test_a_letter_after_g_goes_somewhere_and_a_question_mark_lists_the_keys(tab):
    tab.keyboard.press("?")
    dialog = tab.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("New person")
    expect(dialog).to_contain_text("Companies")
    tab.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    tab.keyboard.press("g")
    tab.keyboard.press("o")
    tab.wait_for_url("**/companies/")


def test_dark_is_chosen_from_the_menu_and_stays(tab, dana):
    tab.locator(".side .brand").click()
    tab.get_by_role("button", name="Dark").click()
    expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    open_person(tab)
    dana.refresh_from_db()
    assert dana.theme == "dark"


def test_a_page_that_is_not_there_is_shown_as_such(tab):
    tab.evaluate("document.querySelector('.side a[href=\"/companies/\"]').href = '/nowhere/'")
    tab.get_by_role("link", name="Companies").click()
    expect(tab.locator("h1")).to_have_text("Not found")
    tab.evaluate("window.mark = 1")
