"""A list as a chart, as people use it: chosen, read, followed to the records, on a phone, without script."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from rapport.customers.models import Person
from tests.stories.conftest import PHONE

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES")


@pytest.fixture
def many(people, alice, make):
    """Forty more people over a year and a half, by stage and source."""
    from datetime import UTC, datetime, timedelta

    stages, sources = ["lead", "customer", "qualified", "subscriber", ""], ["Fair", "Web", "Letter", "A friend of ours"]
    for index in range(40):
        one = make(alice, "people", name=f"N {index}", stage=stages[index % 7 % 5], source=sources[index % 5 % 4])
        moment = datetime(2025, 4, 3, tzinfo=UTC) + timedelta(days=(index * index) % 500)
        Person.objects.filter(pk=one.pk).update(created_at=moment)


def picture(tab, name):
    if PICTURES:
        tab.screenshot(path=Path(PICTURES) / f"{name}.png")


def test_a_chart_is_chosen_read_and_followed(visit, alice, many):
    tab = visit(alice)
    tab.goto("/people/")
    tab.get_by_role("navigation", name="Layout").get_by_role("link", name="Chart").click()
    drawing = tab.locator("svg.drawing:visible")
    expect(drawing).to_have_count(1)
    expect(tab.get_by_role("heading", name="Number of people · Stage")).to_be_visible()
    tab.get_by_label("split by").focus()
    tab.get_by_label("split by").select_option("source")
    expect(tab).to_have_url(re.compile("series=source"))
    expect(tab.get_by_role("heading", name="Number of people · Stage · Source")).to_be_visible()
    expect(tab.get_by_label("split by")).to_be_focused()
    tab.get_by_label("split by").select_option("")
    expect(tab.get_by_role("heading", name="Number of people · Stage", exact=True)).to_be_visible()
    tab.locator("summary", has_text="The numbers as a table").click()
    count = tab.get_by_role("row", name="Customer").get_by_role("link").inner_text()
    drawing.get_by_role("link", name=f"Customer: {count}").click()
    expect(tab.locator("table.grid tbody tr")).to_have_count(int(count))
    expect(tab.locator(".filter", has_text="Customer")).to_be_visible()
    tab.go_back()
    expect(tab.locator("svg.drawing:visible")).to_have_count(1)


def test_a_chart_needs_no_script(visit, alice, many):
    tab = visit(alice, java_script_enabled=False)
    tab.goto("/people/?layout=chart&where=stage = lead")
    tab.get_by_role("combobox", name="by", exact=True).select_option("source")
    tab.get_by_role("button", name="Draw").click()
    expect(tab).to_have_url(re.compile("where=stage"))
    expect(tab.locator("svg.drawing:visible")).to_have_count(1)


def test_a_chart_on_a_phone_stays_on_its_page(visit, alice, many):
    tab = visit(alice, viewport=PHONE)
    for asked in (
        "by=stage",
        "by=source&series=stage",
        "by=created_at:month&series=stage",
        "by=created_at:month&chart=lines",
    ):
        tab.goto(f"/people/?layout=chart&{asked}")
        box = tab.locator("svg.drawing:visible").bounding_box()
        assert box["width"] >= 340
        assert box["x"] + box["width"] <= 390
        picture(tab, f"phone-{asked}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures(visit, alice, many, scheme):
    """Each way to draw stays inside its page, in light and dark."""
    tab = visit(alice, color_scheme=scheme)
    for asked in ("", "by=source&series=stage", "by=created_at:month", "by=created_at:month&series=stage&chart=lines",
                  "by=created_at:month&series=stage", "by=stage&series=source&measure=birthday:unique"):  # fmt: skip
        tab.goto(f"/people/?layout=chart&{asked}")
        assert tab.locator("svg.drawing:visible").bounding_box()["width"] <= 1400
        picture(tab, f"{scheme}-{asked}")
