"""Sales and service work as one: a mention, an answer, a direct message, a call, a workspace for what comes next."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rapport.engine.collaboration.models import Presence
from rapport.engine.events.reactions import run_reactions
from rapport.engine.jobs.tests.support import wait_until

pytestmark = pytest.mark.browser


def told() -> None:
    """The worker is not part of these tests: what it would do at once is done here."""
    run_reactions()


def bell(tab: Page) -> Any:
    return tab.locator("[data-bell] [data-bell-count]")


def test_departments_work_as_one(visit, alice, dana, people):
    page = f"/people/{people[0].pk}/"
    sales, service = visit(alice), visit(dana)
    mention_by_keys(sales, page)
    answer_from_the_bell(service)
    hear_of_the_answer(sales)
    what_was_looked_at_is_told_no_more(service, page)
    speak_to_each_other(sales, service)
    call_each_other(sales, service)
    share_a_workspace(sales, service, page)


def mention_by_keys(sales: Page, page: str) -> None:
    sales.goto(page)
    sales.keyboard.press("m")
    sales.keyboard.type("@Dan")
    expect(sales.locator("r-mention [role=option]").first).to_contain_text("Dana")
    sales.keyboard.press("Enter")
    sales.keyboard.type("her boat leaks, can you help?")
    sales.keyboard.press("Control+Enter")
    expect(sales.locator("ol.line")).to_contain_text("her boat leaks")
    # Who still looked at the record would not be told of the answer.
    sales.goto("/people/")
    wait_until(lambda: not Presence.objects.exists(), what="Alice left the record")
    told()


def answer_from_the_bell(service: Page) -> None:
    service.goto("/people/")
    expect(bell(service)).to_have_text("1")
    service.goto("/bell/")
    service.get_by_role("link", name="Alice mentioned you").click()
    thread = service.locator("ol.talk > li").first
    thread.locator("summary", has_text="Reply").click()
    thread.get_by_label("Write a reply").fill("A new one leaves today.")
    thread.get_by_role("button", name="Reply", exact=True).click()
    expect(service.locator("ol.talk")).to_contain_text("A new one leaves today.")
    told()


def hear_of_the_answer(sales: Page) -> None:
    sales.goto("/bell/")
    expect(sales.locator("main")).to_contain_text("A new one leaves today.")


def what_was_looked_at_is_told_no_more(service: Page, page: str) -> None:
    with service.expect_response("**/here"):
        service.goto(page)
    service.goto("/people/")
    expect(bell(service)).to_have_text("")


def speak_to_each_other(sales: Page, service: Page) -> None:
    sales.goto("/conversations/new")
    sales.get_by_label("With").select_option(label="Dana")
    sales.get_by_label("Write the first message").fill("Shall we talk about the season?")
    sales.get_by_role("button", name="Start", exact=True).click()
    expect(sales.get_by_role("heading", level=1)).to_have_text("Dana")
    told()
    service.goto("/conversations/")
    line = service.locator(".talklist .lines li").first
    expect(line).to_contain_text("Shall we talk about the season?")
    expect(line.locator(".chip")).to_contain_text("1")
    line.get_by_role("link").click()
    expect(service.get_by_role("log")).to_contain_text("Shall we talk about the season?")


def call_each_other(sales: Page, service: Page) -> None:
    service.get_by_role("button", name="Start a call").click()
    expect(service.get_by_role("link", name="Join the call").first).to_be_visible()
    sales.reload()
    assert (sales.get_by_role("link", name="Join the call").get_attribute("href") or "").startswith(
        "https://meet.jit.si/"
    )


def share_a_workspace(sales: Page, service: Page, page: str) -> None:
    sales.goto("/workspaces/new")
    sales.get_by_label("Name").fill("Spring fair")
    sales.get_by_label("Members").select_option(label=["Alice", "Dana"])
    sales.get_by_role("button", name="Create", exact=True).click()
    expect(sales.get_by_role("heading", level=1)).to_have_text("Spring fair")
    space = sales.url
    sales.goto(f"{page}pin")
    sales.get_by_role("button", name="Spring fair").click()
    expect(sales.locator("r-toast")).to_contain_text("Undo")
    service.goto(space)
    expect(service.locator("#related")).to_contain_text("Amara Okafor")
