"""Signing in with more than a password: an authenticator app and passkeys, in a real browser."""

import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from playwright.sync_api import Page, expect

from rapport.engine.accounts import actions
from rapport.engine.accounts.factors.actions import change_rules
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.models import JournalEntry
from tests.fixtures.signing import show_who
from tests.stories.conftest import PHONE
from tests.stories.screens import Screen
from tests.stories.test_accessible import VIEWPORTS, judge, look

pytestmark = pytest.mark.browser

PASSWORD = "a long enough secret"
KEY = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
       "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip


@pytest.fixture
def alice_with_password(alice):
    with open_act(SYSTEM) as act:
        actions.set_password(act, alice, PASSWORD)
    return alice


@pytest.fixture
def by_name(live_server_url):
    """The site by its name: browsers make passkeys for names, not for numbers."""
    return f"http://localhost:{urlsplit(live_server_url).port}"


@contextmanager
def security_key(tab: Page):
    """A security key in the browser of this tab."""
    session = tab.context.new_cdp_session(tab)
    session.send("WebAuthn.enable")
    yield session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    session.detach()


def sign_in(tab: Page, user) -> None:
    tab.goto("/sign-in/")
    tab.get_by_label("E-mail").fill(user.email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab).not_to_have_url(re.compile("/sign-in/$"))


def sign_out(tab: Page) -> None:
    tab.goto("/sign-out/")
    tab.get_by_role("button", name="Sign out").last.click()
    expect(tab).to_have_url(re.compile("/sign-in/$"))


def code_for(secret: str, *, steps: int = 0) -> str:
    now = list(yield_hotp_counters_from_time())[1]
    return format_hotp_value(hotp_value(secret.replace(" ", ""), now + steps))


def test_a_passkey_from_making_to_removing(visit, alice_with_password, by_name):
    tab = visit(base_url=by_name)
    with security_key(tab):
        sign_in(tab, alice_with_password)
        expect(tab).to_have_url(re.compile("/people/$"))
        make_a_passkey(tab)
        sign_out(tab)
        tab.get_by_role("button", name="Use a passkey").click()
        expect(tab).to_have_url(re.compile("/people/$"))
        sign_out(tab)
        sign_in(tab, alice_with_password)
        expect(tab.get_by_role("heading", level=1)).to_have_text("One more step")
        tab.get_by_role("button", name="Use a passkey").click()
        expect(tab).to_have_url(re.compile("/people/$"))
        rename_and_remove(tab)
    kinds = JournalEntry.objects.filter(kind__startswith="user.factor").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["user.factor_added", "user.factor_used", "user.factor_used", "user.factor_removed"]


def make_a_passkey(tab: Page) -> None:
    tab.goto("/settings/sign-in/")
    tab.get_by_role("link", name="Add a passkey").click()
    tab.get_by_label("Name").fill("Blue laptop")
    tab.get_by_role("button", name="Make the passkey").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    expect(tab.locator(".codes code")).to_have_count(10)
    with tab.expect_download() as file:
        tab.get_by_role("link", name="Download").click()
    kept = file.value.path().read_text()
    assert tab.locator(".codes code").first.inner_text() in kept
    tab.get_by_role("link", name="I have kept them").click()
    expect(tab.locator("table")).to_contain_text("Blue laptop")


def rename_and_remove(tab: Page) -> None:
    tab.goto("/settings/sign-in/")
    tab.get_by_role("link", name="Blue laptop").click()
    tab.get_by_label("Name").fill("Grey laptop")
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator("table")).to_contain_text("Grey laptop")
    tab.get_by_role("button", name="Remove Grey laptop").click()
    expect(tab.locator("main")).not_to_contain_text("Grey laptop")
    expect(tab.locator("main")).not_to_contain_text("Recovery codes")


def test_a_passkey_that_is_refused_says_so(visit, alice_with_password, by_name):
    tab = visit(base_url=by_name)
    with security_key(tab):
        sign_in(tab, alice_with_password)
        make_a_passkey(tab)
        tab.goto("/settings/sign-in/passkeys/new")
        tab.get_by_role("button", name="Make the passkey").click()
        expect(tab.locator("form .problem").first).to_contain_text("has a passkey for this account already")


def test_at_an_address_of_numbers_it_says_what_to_do(visit, alice_with_password):
    tab = visit(alice_with_password)
    tab.goto("/settings/sign-in/passkeys/new")
    expect(tab.locator("form .problem").first).to_contain_text("Passkeys need a name in the address bar")
    expect(tab.get_by_role("button", name="Make the passkey")).to_be_disabled()


def test_an_app_on_a_phone_by_keyboard(visit, alice_with_password):
    tab = visit(viewport=PHONE)
    sign_in(tab, alice_with_password)
    tab.goto("/settings/sign-in/app")
    tab.get_by_text("Or type a key").press("Enter")
    secret = tab.locator("code.secret").inner_text()
    tab.get_by_label("Code that the app shows").fill(code_for(secret))
    tab.keyboard.press("Enter")
    expect(tab.locator(".codes code")).to_have_count(10)
    recovery = tab.locator(".codes code").nth(3).inner_text()
    sign_out(tab)
    sign_in(tab, alice_with_password)
    tab.get_by_label("Code").fill(recovery)
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile("/people/$"))


def test_without_script_too(visit, alice_with_password):
    tab = visit(java_script_enabled=False)
    sign_in(tab, alice_with_password)
    tab.goto("/settings/sign-in/app")
    tab.get_by_text("Or type a key").click()
    secret = tab.locator("code.secret").inner_text()
    tab.get_by_label("Code that the app shows").fill(code_for(secret, steps=-1))
    tab.get_by_role("button", name="Turn on").click()
    sign_out(tab)
    sign_in(tab, alice_with_password)
    tab.get_by_label("Code").fill(code_for(secret))
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("People")


@VIEWPORTS
def test_what_stands_in_the_way_is_accessible(visit, alice_with_password, dana, live_server_url, viewport):
    """What asks again, what leads to a second factor, and the codes that one gets then."""
    alice = alice_with_password
    tab = visit(alice, viewport=viewport)
    client = Client()
    client.cookies["session"] = next(one["value"] for one in tab.context.cookies() if one["name"] == "session")
    show_who(client, alice, ago=60 * 60)
    with open_act(dana.actor) as act:
        change_rules(act, everybody_needs_factor=True, asks_about_leaks=False)
    faults = look(tab, Screen("please confirm", "/settings/sign-in/app", status=403), viewport)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Set up an app")
    faults += look(tab, Screen("led to a second factor", "/people/"), viewport)
    expect(tab.get_by_role("heading", level=1)).to_have_text("One more step")
    faults += look(tab, Screen("led to an app", "/settings/sign-in/app"), viewport)
    tab.get_by_text("Or type a key").click()
    tab.get_by_label("Code that the app shows").fill(code_for(tab.locator("code.secret").inner_text()))
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    faults += judge(tab, "recovery codes", viewport)
    tab.get_by_role("link", name="I have kept them").click()
    expect(tab).to_have_url(re.compile("/people/$"))
    assert not faults, "\n".join(faults)


def test_a_form_that_waited_goes_on(visit, alice_with_password):
    tab = visit(alice_with_password)
    client = Client()
    client.cookies["session"] = next(one["value"] for one in tab.context.cookies() if one["name"] == "session")
    show_who(client, alice_with_password, ago=60 * 60)
    tab.goto("/settings/tokens/")
    tab.get_by_label("What is it for?").fill("Nightly export")
    tab.get_by_role("button", name="Make a token").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Please confirm it is you")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.locator("#token")).to_have_value(re.compile("rapport_"))
    expect(tab.locator("main")).to_contain_text("Nightly export")


def test_an_ended_session_leaves_the_page_at_once(visit, alice_with_password):
    here, other = visit(), visit()
    for tab in (here, other):
        sign_in(tab, alice_with_password)
        expect(tab).to_have_url(re.compile("/people/$"))
    other.wait_for_timeout(500)
    here.goto("/settings/sessions/")
    here.get_by_role("button", name="Sign out everywhere else").click()
    expect(here.locator("main")).to_contain_text("You are signed in nowhere else.")
    expect(other).to_have_url(re.compile("/sign-in/"))
