"""Roles and teams as people meet them: a role is made and given, and whoever has it sees their team's people only."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from rapport.engine.accounts.models import Team, TeamMember
from rapport.engine.records.models import Role
from tests.stories.conftest import PHONE
from tests.stories.test_first_light import toast, undo

pytestmark = pytest.mark.browser

SOON = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)).isoformat()


def test_a_role_that_sees_only_its_teams_people(visit, dana, alice, bob, people, make):
    make(dana, "people", name="Dagny Far", stage="lead", owner="me", phones="+47 77 60 12 99")
    tab = visit(dana)
    tab.goto("/settings/teams/")
    tab.get_by_label("Name").fill("North")
    tab.get_by_role("button", name="Make the team").click()
    for name in ("Alice", "Bob"):
        tab.get_by_label("Put into the team").select_option(label=name)
        tab.get_by_role("button", name="Put into the team").click()
        expect(tab.locator(".members")).to_contain_text(name)

    tab.get_by_role("navigation", name="Main", exact=True).get_by_text("Settings").click()
    tab.get_by_role("link", name="Roles").click()
    tab.get_by_role("link", name="New role").click()
    tab.get_by_label("Name").fill("Field sales")
    tab.get_by_role("button", name="Make the role").click()
    row = tab.get_by_role("group", name="People")
    row.get_by_label("Like all other records").uncheck()
    row.get_by_label("See", exact=True).select_option(label="By filter")
    box = row.get_by_label("See what this finds")
    box.press_sequentially("owner = m")
    row.get_by_role("option", name="my team").first.click()
    row.get_by_label("Change", exact=True).select_option(label="Team")
    row.locator("summary").click()
    row.get_by_label("Phone").select_option(label="Hidden")
    tab.get_by_role("button", name="See whom it affects").click()
    expect(tab.locator("main")).to_contain_text("Nobody has this role")
    tab.get_by_role("button", name="Back").click()
    expect(box).to_have_value("owner = my team")
    tab.get_by_role("button", name="See whom it affects").click()
    tab.get_by_role("button", name="Save").click()
    expect(toast(tab)).to_contain_text("The role Field sales was saved.")
    policy = Role.objects.get(slug="field-sales").policies["people"]
    assert policy["where"] == {"read": "owner = my team"}
    assert policy["hidden"] == ["phones"]

    tab.get_by_role("link", name="Users").click()
    tab.get_by_label("More for Bob").click()
    tab.get_by_label("Role of Bob").select_option(label="Field sales")
    tab.get_by_role("button", name="Change role").locator("visible=true").click()
    expect(tab.get_by_role("row", name="Bob")).to_contain_text("Field sales")

    bobs = visit(bob)
    bobs.goto("/people/")
    expect(bobs.locator("main tbody tr")).to_have_count(len(people))
    expect(bobs.locator("main")).not_to_contain_text("Dagny Far")
    expect(bobs.locator("main")).not_to_contain_text("+47 77")
    bobs.goto(f"/people/{people[0].pk}/")
    expect(bobs.locator("h1")).to_contain_text("Amara Okafor")
    expect(bobs.locator("main")).not_to_contain_text("77 60 12 34")


def test_a_change_is_seen_beforehand_and_taken_back(visit, dana, alice, people):
    tab = visit(dana, viewport=PHONE)
    tab.goto("/settings/roles/member/")
    row = tab.get_by_role("group", name="People")
    row.get_by_label("Like all other records").uncheck()
    row.get_by_label("See", exact=True).select_option(label="None")
    tab.get_by_role("button", name="See whom it affects").click()
    expect(tab.locator(".card", has_text="Alice")).to_contain_text("See 3")
    tab.get_by_role("button", name="Save").click()
    expect(toast(tab)).to_contain_text("The role Member was saved.")
    alices = visit(alice, viewport=PHONE)
    alices.goto("/people/")
    expect(alices.locator("main")).to_contain_text("Your role does not let you see people.")
    undo(tab)
    alices.goto("/people/")
    expect(alices.locator("main")).to_contain_text("Amara Okafor")


def test_a_role_without_script(visit, dana, alice, people):
    tab = visit(dana, java_script_enabled=False)
    tab.goto("/settings/roles/member/")
    row = tab.get_by_role("group", name="People")
    box = row.get_by_label("See what this finds")
    expect(box).to_be_hidden()
    row.get_by_label("Like all other records").uncheck()
    row.get_by_label("See", exact=True).select_option(label="By filter")
    expect(box).to_be_visible()
    box.fill("stag = lead")
    tab.get_by_role("button", name="See whom it affects").click()
    expect(row.locator(".problem")).to_contain_text("stag")
    box.fill("stage = lead")
    tab.get_by_role("button", name="See whom it affects").click()
    expect(tab.locator(".card", has_text="Alice")).to_contain_text("2")
    tab.get_by_role("button", name="Save").click()
    expect(row.get_by_label("See what this finds")).to_have_value("stage = lead")


def test_a_team_for_a_time(visit, alice, bob, live_server_url):
    tab = visit(alice)
    tab.goto("/teams/")
    tab.get_by_label("Name").fill("Spring fair")
    tab.get_by_label("Last day").fill(SOON)
    tab.get_by_label("Find somebody").fill("bo")
    tab.get_by_label("Bob").check()
    tab.get_by_role("button", name="Gather").click()
    expect(tab.locator(".members")).to_contain_text("Invited")
    bobs = visit(bob, viewport=PHONE)
    bobs.goto("/bell/")
    bobs.get_by_text("Alice invites you to the team Spring fair").click()
    bobs.get_by_role("button", name="Accept").click()
    expect(toast(bobs)).to_contain_text("You are in the team Spring fair.")
    assert TeamMember.objects.get(user=bob).joined_at
    bobs.get_by_role("button", name="Leave").click()
    expect(toast(bobs).last).to_contain_text("Bob has left")
    undo(bobs)
    assert TeamMember.objects.get(user=bob, deleted_at=None).joined_at
    tab.reload()
    expect(tab.locator(".members")).not_to_contain_text("Invited")
    tab.get_by_role("button", name="End it").click()
    expect(toast(tab)).to_contain_text("The team Spring fair has ended.")
    undo(tab)
    assert Team.objects.get().deleted_at is None
