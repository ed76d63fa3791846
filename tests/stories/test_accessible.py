"""Every screen, wide and on a phone, light and dark: nothing serious for axe, nothing wider than the phone."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from rapport.engine.accounts.links import make_link
from rapport.engine.accounts.models import Purpose
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.actions import change_record
from rapport.engine.records.registry import record_type
from tests.stories.conftest import PHONE, WIDE
from tests.stories.screens import Screen, World, furnish, screens

pytestmark = pytest.mark.browser

AXE = next(Path(axe_playwright_python.__file__).parent.glob("axe.min.js")).read_text()
RUN = "([part, rules]) => axe.run(part || document, {resultTypes: ['violations'], runOnly: rules})"
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
LIGHT, DARK = {"light": EVERYTHING}, {"dark": ["color-contrast"]}
GRAVE = ("serious", "critical")
# Colours that fade from light to dark are judged when they have arrived.
SETTLE = """async () => {
  for (let round = 0; round < 4; round += 1) {
    await new Promise(requestAnimationFrame);
    document.getAnimations().forEach((one) => one.effect.getTiming().iterations !== Infinity && one.finish());
  }
}"""
OPEN = "details.menu[open]"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
VIEWPORTS = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])


@pytest.fixture
def world(people, dana, alice, link_for) -> World:
    made = World(people[0], people[1], dana, alice, links={"sign in": link_for(alice)})
    furnish(made)
    return made


@VIEWPORTS
def test_every_screen(visit, world, viewport):
    inside, outside, member = visit(world.dana, viewport=viewport), visit(viewport=viewport), None
    faults = []
    for one in screens(world):
        if one.is_member:
            member = member or visit(world.alice, viewport=viewport)
        tab = outside if not one.signed_in else member if member and one.is_member else inside
        faults += look(tab, one, viewport)
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(dict.fromkeys(faults))


@VIEWPORTS
def test_an_empty_place(visit, dana, live_server_url, viewport):
    tab = visit(dana, viewport=viewport)
    paths = (
        "/people/",
        "/people/?deleted=1",
        "/people/?layout=board",
        "/journal/",
        "/bell/",
        "/conversations/",
        "/jobs/",
        "/outbox/",
        "/settings/mail/",
        "/settings/teams/",
        "/teams/",
        "/imports/",
        "/settings/audit/",
    )
    faults = [fault for path in paths for fault in look(tab, Screen(f"empty {path}", path), viewport)]
    assert not faults, "\n".join(faults)


@VIEWPORTS
def test_the_first_page_of_all(visit, transactional_db, live_server_url, viewport):
    tab = visit(viewport=viewport)
    with open_act(SYSTEM) as act:
        link = "/" + make_link(act, None, purpose=Purpose.FIRST_ADMINISTRATOR).split("/", 3)[3]
    wrong = {"#id_email": "no"}
    both = [
        Screen("first administrator", link, False),
        Screen("first administrator, no", link, False, wrong, "form button"),
    ]
    faults = [fault for one in both for fault in look(tab, one, viewport)]
    assert not faults, "\n".join(faults)


@VIEWPORTS
def test_what_opens_on_a_page(visit, dana, people, viewport):
    tab = visit(dana, viewport=viewport)
    opens = open_wide if viewport == WIDE else open_on_a_phone
    faults = [fault for name, part in opens(tab, people) for fault in judge(tab, name, viewport, part)]
    tab.goto("/people/")
    tab.keyboard.press("Control+k")
    tab.locator("dialog.palette[open]").wait_for()
    tab.keyboard.type("amara")
    tab.locator("#palette-people").wait_for()
    faults += judge(tab, "the palette", viewport)
    conflict(tab, people)
    faults += judge(tab, "conflict", viewport)
    assert not faults, "\n".join(faults)


def open_wide(tab: Page, people):
    """Opens one thing after the other, and says what is open; what lies over other things is judged alone."""
    tab.goto("/people/")
    tab.keyboard.press("/")
    tab.locator("form.builder").wait_for()
    tab.locator("main").focus()
    yield "the filter builder", ""
    tab.keyboard.press("?")
    tab.locator("dialog[open]").wait_for()
    yield "the keys", "dialog[open]"
    tab.keyboard.press("Escape")
    yield from open_over_a_list(tab)
    yield from open_over_a_board(tab)
    tab.goto(f"/people/{people[0].pk}/")
    tab.locator("aside.left .empties summary").click()
    tab.locator(".deeds summary[aria-label^=More]").click()
    yield "the menu of a record, all its fields", OPEN
    tab.keyboard.press("e")
    tab.locator("h1 form.cell input:not([type=hidden])").fill("Amara Adeyemi")
    tab.keyboard.press("Enter")
    tab.locator("r-toast .toast").wait_for()
    yield "a toast with its way back", ""


def open_over_a_list(tab: Page):
    """What lies over a list, or comes up in it."""
    tab.set_viewport_size({"width": 1000, "height": 800})
    tab.locator("tbody .beside").first.click()
    tab.locator("aside.peek[aria-modal] ol.line").wait_for()
    yield "a record in a drawer", ""
    tab.keyboard.press("Escape")
    tab.locator("aside.peek").wait_for(state="detached")
    tab.set_viewport_size(WIDE)
    tab.locator("summary", has_text="Columns").click()
    yield "the menu of columns", OPEN
    tab.keyboard.press("Escape")
    tab.locator("summary", has_text="Group").click()
    yield "the menu of groups", OPEN
    tab.keyboard.press("Escape")
    tab.locator("summary", has_text="Sort").click()
    yield "the menu of sorting", OPEN
    tab.keyboard.press("Escape")
    tab.get_by_label("Total of City").click()
    yield "the menu of totals", OPEN
    tab.keyboard.press("Escape")
    tab.locator("nav.side summary.brand").click()
    yield "the menu of the account", OPEN
    tab.keyboard.press("Escape")
    tab.locator(".pick").first.check()
    tab.locator("tbody td[data-edit]:not(.title)", has_text="@").first.click()
    tab.locator("td form.cell").wait_for()
    yield "a selected row and a cell that is edited", ""


def open_over_a_board(tab: Page):
    """What lies over a board."""
    tab.goto("/people/?layout=board")
    tab.locator("summary", has_text="Board").click()
    yield "the menu of the board", OPEN
    tab.keyboard.press("Escape")
    tab.locator(".tile").first.hover()
    tab.locator(".tile .move").first.click()
    tab.locator("dialog[open] form").wait_for()
    yield "where to move a card", "dialog[open]"


def open_on_a_phone(tab: Page, people):
    tab.goto("/people/")
    tab.locator(".bottombar summary").click()
    yield "the menu at the bottom", OPEN
    for part in ("fields", "related"):
        tab.goto(f"/people/{people[0].pk}/#{part}")
        yield f"a record's {part}", ""


def conflict(tab: Page, people) -> None:
    """The page on which both values of a true conflict stand, as whoever works without script sees it."""
    tab.goto(f"/people/{people[0].pk}/edit/source")
    with open_act(SYSTEM) as act:
        change_record(act, record_type("people"), people[0], {"source": "Fair"})
    tab.locator("#f-source").fill("Letter")
    with tab.expect_navigation():
        tab.locator("form.cell").evaluate("form => HTMLFormElement.prototype.submit.call(form)")
    tab.locator(".conflict").wait_for()


def look(tab: Page, screen: Screen, viewport) -> list[str]:
    """What is wrong with a screen."""
    screen.show(tab)
    faults = judge(tab, screen.name, viewport)
    if viewport == PHONE and (over := tab.evaluate(TOO_WIDE)) > 0:
        faults.append(f"{screen.name}: {over} px too wide for a phone")
    return faults


def judge(tab: Page, name: str, viewport, part: str = "") -> list[str]:
    """What axe finds in light, and in dark where it is wide: the colours are the same on a phone."""
    faults = []
    tab.evaluate(AXE)
    for scheme, rules in (LIGHT | DARK if viewport == WIDE else LIGHT).items():
        tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        tab.evaluate(SETTLE)
        found = tab.evaluate(RUN, [part, rules])["violations"]
        grave = [one for one in found if one["impact"] in GRAVE]
        faults += [f"{name} ({scheme}): {one['id']}: {place['html'][:160]} — {place['failureSummary'][:200]}"
                   for one in grave for place in one["nodes"][:3]]  # fmt: skip
    return faults
