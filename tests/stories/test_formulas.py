"""A formula as an administrator makes it: with offers while it is typed, its fault and what it gives shown at once."""

import pytest
from playwright.sync_api import expect

from rapport.engine.records.models import CustomField
from rapport.engine.records.tests.computed.conftest import follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture
def companies(dana, make):
    return [make(dana, "companies", name=f"Fjord {size}", size=size, revenue=f"{size * 250} EUR") for size in (4, 30)]


def test_a_formula_by_keyboard(visit, dana, companies):
    tab = visit(dana)
    tab.goto("/settings/fields/companies/new")
    tab.get_by_role("link", name="Formula").click()
    tab.get_by_label("Name", exact=True).fill("Per head")
    box, tried = tab.get_by_label("Formula", exact=True), tab.locator("#formula-tried")
    box.press_sequentially("round(rev", delay=20)
    expect(tab.locator(".offers").get_by_role("option").first).to_contain_text("revenue")
    box.press("Tab")
    expect(box).to_have_value("round(revenue")
    box.press_sequentially(" / sise, 1)", delay=10)
    expect(tried).to_contain_text("sise is not a field of companies. Did you mean size?")
    box.fill("round(revenue / size, 1)")
    expect(tried).to_contain_text("Gives Money")
    expect(tried).to_contain_text("250.00")
    tab.get_by_role("button", name="Make the field").click()
    expect(tab.get_by_text("The field Per head is there.")).to_be_visible()
    follow()
    tab.goto("/companies/?columns=x_per_head,size&order=-x_per_head")
    expect(tab.locator("tbody tr").first).to_contain_text("250.00")
    tab.get_by_role("link", name="Fjord 30").click()
    expect(tab.locator("dl.fields").first).to_contain_text("Per head")


def test_a_roll_up_without_script(visit, dana, make, companies):
    make(dana, "people", name="Ann", company=str(companies[0].pk))
    tab = visit(dana, java_script_enabled=False)
    tab.goto("/settings/fields/companies/new")
    tab.get_by_role("link", name="Roll-up").click()
    tab.get_by_label("What of each of the companies").select_option(label="number of people")
    tab.get_by_role("button", name="Next").click()
    expect(tab.get_by_label("Formula", exact=True)).to_have_value("count(people)")
    tab.get_by_label("Formula", exact=True).fill("count(people where stage = custumer)")
    tab.get_by_label("Name", exact=True).fill("Staff")
    tab.get_by_role("button", name="Make the field").click()
    expect(tab.get_by_text("Did you mean customer?")).to_be_visible()
    tab.get_by_label("Formula", exact=True).fill("count(people)")
    tab.get_by_role("button", name="Make the field").click()
    follow()
    tab.goto("/companies/?where=x_staff+%3D+1")
    expect(tab.locator("tbody tr")).to_have_count(1)
    key = CustomField.objects.get(slug="x_staff").pk
    tab.goto(f"/settings/fields/companies/{key}/")
    expect(tab.get_by_text("Ready")).to_be_visible()
