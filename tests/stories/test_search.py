"""Search as people use it: by keyboard through the palette, as a page without script, and at once for who is new."""

import re

import pytest
from playwright.sync_api import Page, expect

from rapport.engine.jobs.tests.support import child, wait_until
from tests.stories.test_first_light import toast

pytestmark = pytest.mark.browser


def test_by_keyboard_from_anywhere(visit, alice, people):
    tab = visit(alice)
    tab.goto("/journal/")
    tab.keyboard.press("Control+k")
    tab.keyboard.type("fjordlink")
    expect(tab.get_by_role("option", name="Fjordlink AS")).to_be_visible()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Fjordlink AS")
    tab.keyboard.press("Control+k")
    tab.keyboard.type("77 60 12 34")
    expect(tab.get_by_role("dialog").get_by_role("option").first).to_contain_text(re.compile("Okafor|Lindholm|Rossi"))
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile("/people/[0-9a-f-]{36}/$"))


def test_without_script(visit, alice, people):
    tab = visit(alice, java_script_enabled=False)
    tab.goto("/people/")
    tab.locator("nav.side").get_by_role("link", name="Search or jump to").click()
    tab.get_by_label("Search everything").fill("chiara rosi")
    tab.get_by_role("button", name="Search").click()
    expect(tab.get_by_label("Search everything")).to_have_value("chiara rosi")
    tab.get_by_role("link", name="Chiara Rossi").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Chiara Rossi")
    tab.go_back()
    tab.get_by_label("Search everything").fill("qqqqzzzz")
    tab.get_by_role("button", name="Search").click()
    expect(tab.get_by_role("heading", name="Nothing found")).to_be_visible()


def test_who_is_new_is_found_and_who_is_gone_is_not(visit, alice, people):
    """Nobody says `reindex`: the worker that runs beside the site follows what people write."""
    tab = visit(alice)
    with child("-m", "rapport", "worker"):
        tab.goto("/people/new")
        tab.get_by_label("Name", exact=True).fill("Ingrid Sørensen")
        tab.get_by_role("button", name="Create", exact=True).click()
        expect(toast(tab)).to_contain_text("was created")
        record = tab.url
        wait_until(lambda: finds(tab, "sorensen"), what="the new person is found")
        tab.goto(record)
        tab.locator("h1 [data-edit]").hover()
        tab.keyboard.press("e")
        tab.locator("h1 form.cell input:not([type=hidden])").fill("Ingrid Haugland")
        tab.keyboard.press("Enter")
        expect(toast(tab)).to_contain_text("was saved")
        wait_until(lambda: finds(tab, "haugland") and not finds(tab, "sorensen"), what="the new name is found")
        tab.goto(record)
        tab.locator(".deeds summary[aria-label^=More]").click()
        tab.get_by_role("button", name="Delete").first.click()
        expect(toast(tab)).to_contain_text("was deleted")
        wait_until(lambda: not finds(tab, "haugland"), what="the deleted person is found no more")


def finds(tab: Page, words: str) -> bool:
    tab.goto(f"/search?q={words}")
    return tab.locator(".found").get_by_role("link", name="Ingrid").count() > 0
