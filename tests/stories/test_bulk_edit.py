"""Many records at once, as people do it: a few picked, all that match, without script, and back again."""

import re

import pytest
from playwright.sync_api import Page, expect

from rapport.customers.models import Person
from rapport.engine.events.act import open_act
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records.actions import insert_records
from rapport.engine.records.bulk import doors
from rapport.engine.records.bulk.running import go_on
from rapport.engine.records.models import BulkRun
from rapport.engine.records.registry import record_type
from tests.stories.conftest import answered_late

pytestmark = pytest.mark.browser
MANY = doors.AT_ONCE + 20


@pytest.fixture
def crowd(people, alice):
    """More leads than are edited while somebody waits, in Rome."""
    drafts = [{"name": f"Lead {n:03}", "stage": "lead", "source": "Fair", "tags": []} for n in range(MANY)]
    with open_act(alice.actor) as act:
        return insert_records(act, record_type("people"), drafts)


def add_field(tab: Page, label: str) -> None:
    tab.get_by_label(re.compile("Field to change|Another field")).select_option(label=label)
    tab.get_by_role("button", name="Add", exact=True).click()
    expect(tab.locator(".change legend", has_text=label)).to_have_count(1)


def test_all_that_match(visit, alice, crowd):
    tab = visit(alice)
    tab.goto('/people/?where=source = "Fair"')
    tab.get_by_label("Select all on this page").check()
    expect(tab.get_by_text("50 selected")).to_be_visible()
    tab.get_by_role("button", name=f"Select all {MANY} that match").click()
    expect(tab.get_by_text(f"All {MANY} that match are selected")).to_be_visible()
    tab.get_by_role("link", name="Edit…").click()
    add_field(tab, "Stage")
    tab.get_by_label("Stage", exact=True).select_option(label="Customer")
    add_field(tab, "Tags")
    tab.get_by_label("Tags", exact=True).fill("ice, snow")
    tab.get_by_role("button", name="Preview").click()
    expect(tab.get_by_text(f"It is about {MANY} records.")).to_be_visible()
    expect(tab.locator(".examples > li")).to_have_count(5)
    expect(tab.locator(".examples > li").first).to_contain_text("ice")
    tab.get_by_role("button", name=f"Change {MANY} records").click()
    expect(tab.get_by_role("heading", name="Looking for the records")).to_be_visible()
    run = BulkRun.objects.get()
    go_on(run)
    expect(tab.get_by_role("heading", name="It is done")).to_be_visible()
    expect(tab.get_by_text("records changed")).to_be_visible()
    assert Person.objects.filter(stage="customer", tags=["ice", "snow"]).count() == MANY
    tab.get_by_role("button", name="Undo").click()
    expect(tab.get_by_text(f"Undone: {MANY} changes.")).to_be_visible()
    assert not Person.objects.filter(tags__contains=["ice"]).exists()


def test_a_count_that_comes_late_is_not_said_of_another_list(visit, alice, crowd):
    tab = visit(alice)
    tab.goto('/people/?where=source = "Fair"')
    tab.locator("r-selection").evaluate("one => { one.dataset.countUrl = '/people/count?where=stage = customer'; }")
    with answered_late(tab, "**/people/count?*"):
        tab.get_by_label("Select all on this page").check()
        tab.get_by_role("button", name=f"Select all {MANY} that match").click()
        tab.locator(".filter a").click()
        expect(tab.locator("[data-all-count]").first).to_have_text(str(MANY + 3))
    expect(tab.locator("[data-all-count]").first).to_have_text(str(MANY + 3))


def test_a_few_that_are_picked(visit, alice, people):
    tab = visit(alice)
    tab.goto("/people/?order=name")
    tab.get_by_label("Select Amara Okafor").check()
    tab.get_by_label("Select Chiara Rossi").check()
    expect(tab.get_by_role("button", name=re.compile("Select all"))).to_have_count(0)
    tab.get_by_role("button", name="Edit…").click()
    expect(tab.get_by_text("2 selected")).to_be_visible()
    add_field(tab, "Source")
    tab.get_by_label("Source", exact=True).fill("Letter")
    tab.get_by_label("Source", exact=True).press("Enter")
    expect(tab.locator(".examples > li").first).to_contain_text("Letter")
    tab.get_by_label("Source", exact=True).fill("Another letter")
    tab.get_by_role("button", name="Change 2 records").click()
    expect(tab.get_by_text("This is not what you looked at")).to_be_visible()
    tab.get_by_role("button", name="Change 2 records").click()
    expect(tab.get_by_text("2 records were changed.")).to_be_visible()
    expect(tab).to_have_url(re.compile("order=name"))
    assert Person.objects.filter(source="Another letter").count() == 2
    tab.locator(".toast").get_by_role("button", name="Undo").click()
    expect(tab.get_by_text("Undone: 2 changes.")).to_be_visible()
    assert not Person.objects.filter(source="Another letter").exists()


def test_delete_and_restore(visit, alice, people):
    tab = visit(alice)
    tab.goto("/people/")
    tab.get_by_label("Select Amara Okafor").check()
    tab.get_by_role("button", name="Delete").click()
    expect(tab.get_by_text("1 record was deleted.")).to_be_visible()
    tab.goto("/people/?deleted=1")
    tab.get_by_label("Select Amara Okafor").check()
    tab.get_by_role("button", name="Restore").click()
    expect(tab.get_by_text("1 record is back.")).to_be_visible()
    assert Person.objects.filter(deleted_at=None).count() == 3


def test_without_script(visit, alice, crowd):
    tab = visit(alice, java_script_enabled=False)
    tab.goto('/people/?where=source = "Fair"')
    tab.get_by_role("link", name="Delete all that match…").click()
    expect(tab.get_by_text(f"It is about {MANY} records.")).to_be_visible()
    tab.goto('/people/?where=source = "Fair"')
    tab.get_by_role("link", name="Edit all that match…").click()
    add_field(tab, "Source")
    tab.get_by_label("What to do with Source").select_option(label="Clear")
    tab.get_by_role("button", name="Preview").click()
    tab.get_by_role("button", name=f"Change {MANY} records").click()
    run_waiting_jobs()
    tab.get_by_role("link", name="Look again").click()
    expect(tab.get_by_role("heading", name="It is done")).to_be_visible()
    assert not Person.objects.filter(source="Fair").exists()


def test_it_can_be_cancelled_from_the_page(visit, alice, crowd):
    tab = visit(alice)
    tab.goto('/people/bulk/delete?all=1&where=source = "Fair"')
    tab.get_by_role("button", name=f"Delete {MANY} records").click()
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.get_by_text("Ending this slice…")).to_be_visible()
    run_waiting_jobs()
    expect(tab.get_by_role("heading", name="It was cancelled")).to_be_visible()
    assert Person.objects.filter(deleted_at=None).count() == MANY + 3
