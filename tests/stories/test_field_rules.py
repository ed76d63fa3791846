"""Rules for fields as people meet them: made by mouse, followed by a form, asked for in place; and a page arranged."""

import pytest
from playwright.sync_api import Page, expect

from rapport.customers.models import Person
from rapport.engine.events.act import open_act
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.definitions import forget
from rapport.engine.records.models import FieldRule
from rapport.engine.records.registry import record_type
from rapport.engine.records.rules.actions import create_rule
from tests.stories.conftest import PHONE
from tests.stories.test_first_light import edit, toast, undo, value_of

pytestmark = pytest.mark.browser

SENTENCE = "“Lost reason” cannot be empty while Stage is Lost."


@pytest.fixture
def reason(dana):
    """A field of people for why they were lost."""
    with open_act(dana.actor) as act:
        row = create_field(act, record_type("people"), {"label": "Lost reason", "type": "text"})
    forget()
    return row


@pytest.fixture
def ruled(dana, reason):
    """It is visible and required for those who were lost."""
    with open_act(dana.actor) as act:
        for kind in ("visible", "required"):
            raw = {"field": "x_lost_reason", "kind": kind, "condition": "stage = lost"}
            create_rule(act, record_type("people"), raw)
    forget()


def test_a_rule_is_made_by_mouse(visit, dana, people, reason):
    tab = visit(dana)
    tab.goto("/settings/fields/people/")
    tab.get_by_role("link", name="Lost reason").click()
    tab.get_by_role("link", name="Make the rule Required").click()
    tab.get_by_label("Field", exact=True).select_option(label="Stage")
    expect(tab.get_by_label("Value", exact=True)).to_be_visible()
    tab.wait_for_load_state("networkidle")
    tab.get_by_label("Value", exact=True).select_option(label="Lead")
    tab.get_by_role("button", name="Use these conditions").last.click()
    expect(tab.locator("#preview")).to_contain_text("“Lost reason” cannot be empty while Stage is Lead.")
    expect(tab.get_by_role("link", name="2", exact=True)).to_be_visible()
    tab.get_by_role("button", name="Save the rule").click()
    expect(toast(tab)).to_contain_text("was saved")
    expect(tab.locator("#rules")).to_contain_text("while Stage is Lead")
    assert FieldRule.objects.get().condition == "stage = lead"
    undo(tab)
    expect(tab.get_by_role("link", name="Make the rule Required")).to_be_visible()


def test_a_form_follows_and_a_record_asks(visit, alice, people, ruled):
    tab = visit(alice)
    tab.goto("/people/new")
    reason = tab.get_by_label("Lost reason")
    expect(reason).to_be_hidden()
    tab.get_by_label("Stage").select_option(label="Lost")
    expect(reason).to_be_visible()
    expect(tab.locator("label", has_text="Lost reason")).to_contain_text("(needed)")
    reason.fill("Price")
    tab.get_by_label("Stage").select_option(label="Lead")
    expect(reason).to_be_hidden()
    tab.get_by_label("Stage").select_option(label="Lost")
    expect(reason).to_have_value("Price")
    tab.get_by_label("Name", exact=True).fill("Dmitri Lost")
    reason.fill("")
    tab.get_by_role("button", name="Create", exact=True).click()
    expect(tab.locator("#f-x_lost_reason-error")).to_have_text(SENTENCE)
    reason.fill("Distance")
    tab.get_by_role("button", name="Create", exact=True).click()
    expect(value_of(tab, "Lost reason")).to_contain_text("Distance")
    asked_in_place(tab, people[0])


def asked_in_place(tab: Page, person) -> None:
    """The stage brings the reason along; with it, the field appears beside the timeline, and goes again."""
    tab.goto(f"/people/{person.pk}/")
    expect(value_of(tab, "Lost reason")).to_have_count(0)
    edit(tab, "Stage").locator("select").select_option(label="Lost")
    place = value_of(tab, "Stage")
    expect(place.locator(".problem")).to_have_text(SENTENCE)
    place.get_by_label("Lost reason").fill("Price")
    place.get_by_role("button", name="Save").click()
    expect(value_of(tab, "Lost reason")).to_contain_text("Price")
    expect(toast(tab)).to_contain_text("was saved")
    kept = Person.objects.get(pk=person.pk)
    assert (kept.stage, kept.custom) == ("lost", {"x_lost_reason": "Price"})
    edit(tab, "Stage").locator("select").select_option(label="Customer")
    expect(value_of(tab, "Lost reason")).to_have_count(0)


def test_in_a_list_it_is_asked_for_as_well(visit, alice, people, ruled):
    tab = visit(alice)
    tab.goto("/people/?columns=stage")
    cell = tab.locator("tbody tr", has_text="Bruno").locator("td[data-edit]", has_text="Customer")
    cell.click()
    form = tab.locator("td form.cell")
    form.locator("select").select_option(label="Lost")
    expect(form.locator(".problem")).to_have_text(SENTENCE)
    form.get_by_label("Lost reason").fill("Price")
    form.get_by_role("button", name="Save").click()
    expect(toast(tab)).to_contain_text("was saved")
    assert Person.objects.get(pk=people[1].pk).custom == {"x_lost_reason": "Price"}


def test_without_script_all_is_shown_and_the_server_asks(visit, alice, people, ruled):
    tab = visit(alice, java_script_enabled=False)
    tab.goto("/people/new")
    expect(tab.get_by_label("Lost reason")).to_be_visible()
    tab.get_by_label("Name", exact=True).fill("Dmitri Lost")
    tab.get_by_label("Stage").select_option(label="Lost")
    tab.get_by_role("button", name="Create", exact=True).click()
    expect(tab.locator("#f-x_lost_reason-error")).to_have_text(SENTENCE)
    tab.goto(f"/people/{people[0].pk}/edit/stage")
    tab.get_by_label("Stage").select_option(label="Lost")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_label("Lost reason").fill("Price")
    tab.get_by_role("button", name="Save").click()
    expect(value_of(tab, "Lost reason")).to_contain_text("Price")


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["wide", "phone"])
def test_a_page_is_arranged(visit, dana, alice, people, viewport):
    tab, member = visit(dana, viewport=viewport), visit(alice, viewport=viewport)
    tab.goto("/settings/layout/people/member/")
    tab.get_by_role("button", name="Move Works at to the right").click()
    expect(toast(tab)).to_contain_text("The page was arranged.")
    tab.get_by_role("button", name="Hide Colleagues").click()
    expect(tab.get_by_role("button", name="Show Colleagues")).to_be_visible()
    tab.get_by_role("button", name="Hide Data quality").click()
    expect(tab.get_by_role("button", name="Show Data quality")).to_be_visible()
    member.goto(f"/people/{people[0].pk}/#related")
    expect(member.locator("aside.right h2")).to_have_text(["Files", "Tasks", "Works at"])
    expect(member.locator("aside.left h2")).to_have_count(0)
    tab.get_by_role("link", name="Preview").click()
    expect(tab.locator("aside.right h2")).to_have_text(["Files", "Tasks", "Works at"])
    tab.get_by_role("link", name="Back to the layout").click()
    tab.get_by_role("button", name="As it was").click()
    expect(toast(tab)).to_contain_text("stands as it was")
    member.reload()
    expect(member.locator("aside.left h2")).to_have_text(["Works at", "Colleagues", "Data quality"])
