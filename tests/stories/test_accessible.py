"""Every screen, wide and on a phone, light and dark: nothing serious for axe, nothing wider than the phone."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.stories.conftest import PHONE, WIDE
from tests.stories.screens import Screen, screens

pytestmark = pytest.mark.browser

AXE = next(Path(axe_playwright_python.__file__).parent.glob("axe.min.js")).read_text()
RUN = "rules => axe.run(document, {resultTypes: ['violations'], runOnly: rules})"
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES = {"light": EVERYTHING, "dark": ["color-contrast"]}
GRAVE = ("serious", "critical")
# Colours that fade from light to dark are judged when they have arrived.
SETTLE = """async () => {
  for (let round = 0; round < 4; round += 1) {
    await new Promise(requestAnimationFrame);
    document.getAnimations().forEach((one) => one.effect.getTiming().iterations !== Infinity && one.finish());
  }
}"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_screen(visit, dana, alice, people, link_for, viewport):
    inside, outside = visit(dana, viewport=viewport), visit(viewport=viewport)
    every = screens(people, dana, link_for(alice))
    faults = [fault for one in every for fault in look(inside if one.signed_in else outside, one, viewport)]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(dict.fromkeys(faults))


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_an_empty_place(visit, dana, live_server_url, viewport):
    tab = visit(dana, viewport=viewport)
    empty = [Screen("empty list", "/people/"), Screen("empty journal", "/journal/"), Screen("empty bell", "/bell/")]
    faults = [fault for one in empty for fault in look(tab, one, viewport)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_what_opens_on_a_page(visit, dana, people, viewport):
    tab = visit(dana, viewport=viewport)
    tab.goto("/people/")
    faults = judge(tab, "list")
    opened = {"the filter builder": "/", "the keys": "?"} if viewport == WIDE else {}
    for name, key in opened.items():
        tab.keyboard.press(key)
        tab.locator("form.builder" if key == "/" else "dialog[open]").wait_for()
        if key == "/":
            tab.locator("main").focus()
        faults += judge(tab, name)
        tab.keyboard.press("Escape")
    tab.keyboard.press("Control+k")
    tab.locator("dialog.palette[open]").wait_for()
    tab.keyboard.type("amara")
    tab.locator("#palette-people").wait_for()
    faults += judge(tab, "the palette")
    faults += conflict(tab, people)
    assert not faults, "\n".join(faults)


def conflict(tab: Page, people) -> list[str]:
    """The page on which both values of a true conflict stand, as whoever works without script sees it."""
    from rapport.engine.events.act import open_act
    from rapport.engine.events.actor import SYSTEM
    from rapport.engine.records.actions import change_record
    from rapport.engine.records.registry import record_type

    tab.goto(f"/people/{people[0].pk}/edit/source")
    with open_act(SYSTEM) as act:
        change_record(act, record_type("people"), people[0], {"source": "Fair"})
    tab.locator("#f-source").fill("Letter")
    with tab.expect_navigation():
        tab.locator("form.cell").evaluate("form => HTMLFormElement.prototype.submit.call(form)")
    tab.locator(".conflict").wait_for()
    return judge(tab, "conflict")


def look(tab: Page, screen: Screen, viewport) -> list[str]:
    """What is wrong with a screen, in light and in dark."""
    screen.show(tab)
    faults = judge(tab, screen.name)
    if viewport == PHONE and (over := tab.evaluate(TOO_WIDE)) > 0:
        faults.append(f"{screen.name}: {over} px too wide for a phone")
    return faults


def judge(tab: Page, name: str) -> list[str]:
    faults = []
    tab.evaluate(AXE)
    for scheme, rules in SCHEMES.items():
        tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        tab.evaluate(SETTLE)
        found = tab.evaluate(RUN, rules)["violations"]
        grave = [one for one in found if one["impact"] in GRAVE]
        faults += [f"{name} ({scheme}): {one['id']}: {place['html'][:160]} — {place['failureSummary'][:200]}"
                   for one in grave for place in one["nodes"][:3]]  # fmt: skip
    return faults
