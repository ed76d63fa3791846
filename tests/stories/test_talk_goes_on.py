"""What others say arrives while one reads and writes: nothing that one opened or typed goes."""

import pytest
from playwright.sync_api import Page, expect

from rapport.engine.collaboration.actions import Saying, begin_conversation, say_about
from rapport.engine.events.act import open_act
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.browser


def say(user, rtype, record, *texts: str) -> None:
    for text in texts:
        with open_act(user.actor) as act:
            say_about(act, rtype, record, Saying(text))


def look_again(tab: Page) -> None:
    """What the live stream has the page do."""
    tab.evaluate("document.dispatchEvent(new CustomEvent('rapport:record', { detail: {} }))")


def test_a_reply_stays_open_while_others_speak(visit, alice, dana, people):
    rtype = record_type("conversations")
    with open_act(alice.actor) as act:
        talk = begin_conversation(act, [str(dana.pk)])
    say(alice, rtype, talk, "First")
    tab = visit(dana)
    tab.goto(f"/conversations/{talk.pk}/")
    tab.locator("details.reply > summary").click()
    reply = tab.locator("details.reply textarea").first
    reply.fill("half a thought")
    say(alice, rtype, talk, "Second")
    look_again(tab)
    expect(tab.get_by_role("log")).to_contain_text("Second")
    expect(reply).to_be_visible()
    expect(reply).to_be_focused()
    expect(reply).to_have_value("half a thought")


def test_what_was_fetched_of_earlier_stays_and_nothing_between_goes(visit, alice, dana, people):
    amara, rtype = people[0], record_type("people")
    say(alice, rtype, amara, *(f"Word {number}" for number in range(33)))
    tab = visit(dana)
    for said, place, shown in ((33, "?kind=comments", "ol.talk .words"), (34, "", "ol.line .said > div")):
        tab.goto(f"/people/{amara.pk}/{place}")
        expect(tab.locator(shown)).to_have_count(30)
        tab.get_by_role("link", name="Earlier").click()
        expect(tab.locator(shown)).to_have_count(said)
        say(alice, rtype, amara, f"New {said}")
        look_again(tab)
        expect(tab.locator(shown).first).to_have_text(f"New {said}")
        expect(tab.locator(shown)).to_have_count(said + 1)
