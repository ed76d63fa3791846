"""Two at the same record: they see each other, following is two clicks, and who leaves is gone."""

import pytest
from playwright.sync_api import Page, expect

from rapport.engine.collaboration.models import Follow, Presence

pytestmark = pytest.mark.browser

LOOK_AGAIN = "document.dispatchEvent(new CustomEvent('rapport:record'))"  # what the live stream says of a change


def others(tab: Page):
    return tab.locator("r-presence")


def test_two_at_one_record_see_each_other_until_one_leaves(visit, alice, dana, people):
    amara, bruno = (f"/people/{one.pk}/" for one in people[:2])
    hers, his = visit(alice), visit(dana)
    hers.goto(amara)
    expect(others(hers)).to_have_count(1)
    his.goto(amara)
    expect(others(his)).to_contain_text("Alice is here too")
    hers.wait_for_timeout(1_100)
    hers.evaluate(LOOK_AGAIN)
    expect(others(hers)).to_contain_text("Dana is here too")
    his.goto(bruno)
    expect(others(his)).to_have_count(1)
    expect(others(his)).not_to_contain_text("here too")
    hers.wait_for_timeout(1_100)
    hers.evaluate(LOOK_AGAIN)
    expect(others(hers)).not_to_contain_text("here too")
    assert set(Presence.objects.values_list("user__name", "record_id")) == {
        ("Alice", people[0].pk),
        ("Dana", people[1].pk),
    }


def test_a_link_within_takes_one_along(visit, alice, people):
    tab = visit(alice)
    tab.goto(f"/people/{people[0].pk}/")
    expect(others(tab)).to_have_count(1)
    with tab.expect_response("**/here"):
        tab.locator("nav.side a", has_text="People").first.click()
    expect(others(tab)).to_have_count(0)
    tab.wait_for_load_state("networkidle")
    assert not Presence.objects.exists()


def test_following_is_two_clicks_and_undone_by_one(visit, dana, people):
    tab = visit(dana)
    tab.goto(f"/people/{people[0].pk}/")
    tab.locator("summary.follow").click()
    tab.get_by_role("button", name="Everything").click()
    expect(tab.locator("summary.follow.on")).to_have_attribute("aria-label", "Following: everything")
    assert Follow.objects.get(user=dana).level == "all"
    tab.locator(".toast").get_by_role("button", name="Undo").click()
    expect(tab.locator("summary.follow")).to_have_attribute("aria-label", "Follow")
