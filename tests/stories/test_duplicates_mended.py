"""`duplicates_and_stale_data_mended`: a dirty import, its duplicates merged and un-merged, better data at the end."""

import re

import pytest
from playwright.sync_api import Page, expect

from rapport.customers.models import Person
from rapport.engine.events.reactions import run_reactions
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records.models import RecordQuality
from tests.stories.test_first_light import toast

pytestmark = pytest.mark.browser

DIRTY = """Name;E-mail;Phone;City
Amara Okafor;amara@fjellfjord.no;+47 77 60 12 34;Oslo
Okafor Amara;amara.okafor@fjellfjord.no;+47 77601234;
Kari Hansen;kari@hansen.example;;Bergen
Per Olsen;;+47 22 33 44 55;Bodø
"""


def quality() -> list[int]:
    run_reactions()
    return sorted(RecordQuality.objects.exclude(quality=None).values_list("quality", flat=True))


def test_duplicates_and_stale_data_mended(visit, dana, live_server_url, tmp_path):
    tab = visit(dana)
    import_all(tab, tmp_path)
    look_through(tab)
    merge_the_two(tab)
    part_them_again(tab)
    mend_in_bulk(tab)


def import_all(tab: Page, folder) -> None:
    path = folder / "dirty.csv"
    path.write_text(DIRTY)
    tab.goto("/people/import")
    tab.get_by_label("A file").set_input_files(path)
    tab.get_by_role("button", name="Read the file").click()
    tab.get_by_role("button", name="Check all").click()
    tab.get_by_role("link", name="To the preview").click()
    tab.get_by_role("button", name="Import 4 rows").click()
    expect(tab.get_by_role("heading", name="Running")).to_be_visible()
    run_waiting_jobs()
    run_reactions()
    assert Person.objects.filter(deleted_at=None).count() == 4


def look_through(tab: Page) -> None:
    tab.goto("/duplicates/")
    tab.get_by_role("button", name="Compare all").click()
    expect(tab.get_by_text("Comparing…")).to_be_visible()
    run_waiting_jobs()
    cluster = tab.locator(".cluster")
    expect(cluster).to_have_count(1)
    expect(cluster).to_contain_text("same phone")
    expect(cluster).to_contain_text("Amara Okafor")


def merge_the_two(tab: Page) -> None:
    tab.get_by_role("button", name="Choose fields…").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Merge 2 people")
    tab.locator("tr", has_text="Name").get_by_role("radio", name="Amara Okafor").last.check()
    tab.get_by_role("button", name="Merge", exact=True).click()
    expect(toast(tab)).to_contain_text("1 record was merged into this one.")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Amara Okafor")
    assert Person.objects.filter(deleted_at=None).count() == 3


def part_them_again(tab: Page) -> None:
    before = quality()
    tab.get_by_role("link", name="Un-merge…").click()
    expect(tab.get_by_text("Nothing: everything is as the merge left it.")).to_be_visible()
    tab.get_by_role("button", name="Un-merge").click()
    expect(toast(tab)).to_contain_text("1 record is back.")
    assert Person.objects.filter(deleted_at=None).count() == 4
    run_reactions()
    tab.goto("/duplicates/people/")
    tab.get_by_role("button", name="Merge", exact=True).click()
    expect(toast(tab)).to_contain_text("2 records are one now")
    assert quality() == before


def mend_in_bulk(tab: Page) -> None:
    before = quality()
    tab.goto("/quality/")
    row = tab.locator("tr", has_text="Has an owner").first
    row.get_by_role("link", name=re.compile("Set for all")).click()
    tab.get_by_label("Owner", exact=True).select_option(label="Dana")
    tab.get_by_role("button", name="Preview").click()
    tab.get_by_role("button", name=re.compile("^Change 3 records")).click()
    expect(toast(tab)).to_contain_text("3")
    assert sum(quality()) > sum(before)
