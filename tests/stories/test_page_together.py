"""Two people write in one page at once."""

import pytest
from playwright.sync_api import expect

from rapport.engine.collaboration.models import Page
from rapport.engine.collaboration.writing import write_page
from rapport.engine.events.act import open_act
from tests.stories.conftest import WIDE

pytestmark = pytest.mark.browser


@pytest.fixture
def page(live_server_url, alice, dana, make):
    space = make(alice, "workspaces", name="Fair", members=[str(alice.pk), str(dana.pk)])
    return make(alice, "pages", title="Agenda", text="Tents\nBoots", workspace=str(space.pk))


def test_what_others_write_comes_in_around_the_caret_and_what_is_typed_saves_itself(visit, alice, dana, page):
    tab = visit(alice, viewport=WIDE)
    tab.goto(f"/workspaces/{page.workspace_id}/pages/{page.pk}?write=1")
    text = tab.locator("#page-text")
    text.focus()
    text.evaluate("box => box.setSelectionRange(box.value.length, box.value.length)")
    with open_act(dana.actor) as act:
        write_page(act, page, text="Big tents\nBoots", base="Tents\nBoots")
    tab.evaluate(f"document.dispatchEvent(new CustomEvent('rapport:record', {{detail: {{id: '{page.pk}'}}}}))")
    expect(text).to_have_value("Big tents\nBoots")
    with tab.expect_response(lambda answer: answer.request.method == "POST"):
        tab.keyboard.type(", red")
    expect(tab.locator("[data-state]")).to_have_text("Saved")
    assert text.input_value() == Page.objects.get().text == "Big tents\nBoots, red"


def test_what_is_typed_when_the_page_is_left_is_kept(visit, alice, page):
    tab = visit(alice, viewport=WIDE)
    tab.goto(f"/workspaces/{page.workspace_id}/pages/{page.pk}?write=1")
    tab.locator("#page-text").fill("Ropes")
    with tab.expect_response(lambda answer: answer.request.method == "POST"):
        tab.get_by_role("link", name="Fair").click()
    tab.wait_for_url("**/workspaces/**/")
    assert Page.objects.get().text == "Ropes"
