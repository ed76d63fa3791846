"""The cast at the running site: what they have, and their browsers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import ConsoleMessage, Page, Route

from rapport.engine.accounts.links import make_link
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.actions import create_record
from rapport.engine.records.registry import record_type
from tests.fixtures.cast import _nothing_remembered, alice, dana, make_user

__all__ = ["_nothing_remembered", "alice", "dana"]

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
EXPECTED = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture
def bob(db):
    return make_user("Bob")


@pytest.fixture
def make() -> Callable[..., Any]:
    """Create a record as somebody: `make(alice, "people", name="Amara Okafor")`."""

    def made(user, slug, **values):
        with open_act(user.actor) as act:
            return create_record(act, record_type(slug), values)

    return made


@pytest.fixture
def people(live_server_url, alice, make) -> list[Any]:
    """Three people in one company; names sort as they stand here."""
    company = make(alice, "companies", name="Fjordlink AS", domains="fjordlink.example", owner="me")
    named = [
        ("Amara Okafor", "lead", "Oslo"),
        ("Bruno Lindholm", "customer", "Bergen"),
        ("Chiara Rossi", "lead", "Bari"),
    ]
    found = [
        make(
            alice, "people", name=name, stage=stage, emails=f"{name.split()[0].lower()}@fjordlink.example",
            addresses=[{"city": city}], company=str(company.pk), owner="me", phones="+47 77 60 12 34",
        )
        for name, stage, city in named
    ]  # fmt: skip
    call_command("reindex", stdout=StringIO())
    return found


@pytest.fixture
def link_for(live_server_url) -> Callable[..., str]:
    """A one-time link of a user, as a path."""

    def made(user) -> str:
        with open_act(SYSTEM) as act:
            return "/" + make_link(act, user).split("/", 3)[3]

    return made


@pytest.fixture
def visit(new_context, enter) -> Callable[..., Page]:
    """A tab of somebody: `visit(alice, viewport=PHONE)`. Errors of script and policy end the test that opened it."""
    faults: list[str] = []

    def opened(user: Any = None, *, viewport: Any = None, **options: Any) -> Page:
        context = new_context(viewport=viewport or WIDE, **options)
        if user is not None:
            enter(context, user)
        tab = context.new_page()
        tab.on("pageerror", lambda error: faults.append(f"{tab.url}: script error: {error}"))
        tab.on("console", lambda message: faults.extend(complaint(tab, message)))
        return tab

    yield opened
    assert not faults, "\n".join(faults)


@contextmanager
def answered_late(tab: Page, url: str, *, method: str = "GET") -> Iterator[None]:
    """The first request to an address is answered when the block ends, and the page has heard it then."""
    kept: list[Route] = []

    def hold(route: Route) -> None:
        if kept or route.request.method != method:
            route.continue_()
        else:
            kept.append(route)

    tab.route(url, hold)
    yield
    assert kept, f"nothing was asked of {url}"
    with tab.expect_response(lambda one: one.request == kept[0].request):
        kept[0].continue_()
    tab.evaluate("fetch(location.href).then((answer) => answer.text())")


def complaint(tab: Page, message: ConsoleMessage) -> list[str]:
    """What a console says that it should not: anything but the status of a page that was refused on purpose."""
    if message.type != "error" or message.text.startswith(EXPECTED):
        return []
    return [f"{tab.url}: {message.text}"]
