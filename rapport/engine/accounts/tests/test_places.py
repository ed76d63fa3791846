"""Where users are signed in: what the page says, how often it is noted, and that ending ends."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapport.engine.accounts import actions, places
from rapport.engine.accounts.browsers import in_words
from rapport.engine.accounts.jobs import clear_old_access
from rapport.engine.accounts.models import Place, Remembered, User
from rapport.engine.accounts.tests.conftest import PASSWORD
from rapport.engine.accounts.tests.test_live import Page, bell_in
from rapport.engine.accounts.tests.test_sign_in import is_signed_in, sign_in
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.models import JournalEntry

PLACES = "/settings/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LIKE = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1"
EDGE = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {LIKE} Safari/537.36 Edg/138.0.0.0"
CHROME = f"Mozilla/5.0 (Linux; Android 10; K) {LIKE} Mobile Safari/537.36"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.4 Safari/605.1.15"


@pytest.fixture
def enter(bob):
    """Sign Bob in through the door, from a browser and an address."""

    def entered(agent=FIREFOX, address="203.0.113.7"):
        client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
        sign_in(client, bob.email)
        assert is_signed_in(client)
        return client

    return entered


def place_of(browser):
    return Place.objects.get(session_key=browser.session.session_key)


def test_the_page_tells_browsers_apart(enter):
    here, phone = enter(), enter(IPHONE, "198.51.100.4")
    page = here.get(PLACES).text
    assert page.index("Firefox on Linux") < page.index("This one") < page.index("Safari on iPhone")
    assert "198.51.100.4" in page
    for browser in (here, phone):
        assert browser.session.session_key not in page


def test_ending_one_ends_it_at_once_and_the_journal_tells(bob, enter):
    here, phone = enter(), enter(IPHONE)
    assert here.post(f"{PLACES}{place_of(phone).pk}/end")["Location"] == PLACES
    assert not is_signed_in(phone)
    assert is_signed_in(here)
    entry = JournalEntry.objects.select_related("payload").get(kind="user.session_ended")
    assert (entry.about_id, entry.user_id, entry.payload.data) == (bob.pk, bob.pk, {"browser": "Safari on iPhone"})


def test_ending_all_others_leaves_this_one(enter):
    here, others = enter(), [enter(IPHONE), enter(EDGE)]
    here.post(f"{PLACES}end-others")
    assert is_signed_in(here)
    assert not any(is_signed_in(one) for one in others)
    assert Place.objects.count() == 1
    assert "You are signed in nowhere else." in here.get(PLACES).text


def test_those_of_others_cannot_be_seen_or_ended(enter, dana, signed_in):
    bobs = enter()
    danas = signed_in(dana)
    assert "203.0.113.7" not in danas.get(PLACES).text
    assert danas.post(f"{PLACES}{place_of(bobs).pk}/end").status_code == 404
    assert is_signed_in(bobs)


def test_it_is_noted_to_the_minute_without_a_write_each_time(enter, monkeypatch):
    browser = enter()
    place = place_of(browser)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        browser.get(PLACES)
    assert not [one for one in queries.captured_queries if not one["sql"].startswith("SELECT")]
    clock = places.time.monotonic() + 61
    monkeypatch.setattr(places.time, "monotonic", lambda: clock)
    browser.get(PLACES)
    again = place_of(browser)
    assert again.seen_at > place.seen_at
    assert again.begun_at == place.begun_at


def test_a_new_password_ends_the_others_and_their_rows(bob, enter):
    here, phone = enter(), enter(IPHONE)
    new = {"oldpassword": PASSWORD, "password1": "another long secret", "password2": "another long secret"}
    here.post("/settings/password/", new)
    assert is_signed_in(here)
    assert not is_signed_in(phone)
    assert Session.objects.count() == 1
    assert here.get(PLACES).text.count("Firefox on Linux") == 1


def test_signed_out_and_expired_ones_are_not_shown_and_are_cleared(bob, enter):
    here, gone, expired = enter(), enter(IPHONE), enter(EDGE)
    key = expired.session.session_key
    gone.post("/sign-out/")
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(days=1))
    page = here.get(PLACES).text
    assert "Safari on iPhone" not in page
    assert "Edge on Windows" not in page
    Remembered.objects.create(cache_key="older", value="", expires=timezone.now() - timedelta(days=1))
    clear_old_access.function(None)
    assert [place.browser for place in Place.objects.all()] == [FIREFOX]
    assert not Remembered.objects.filter(cache_key="older").exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (IPHONE, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        (CHROME, "Chrome on Android"),
        (MAC, "Safari on Mac"),
        ("curl/8.5.0", "Another program"),
        ("", "Another program"),
        ("<script>alert(1)</script>", "Another program"),
    ],
)
def test_what_browsers_say_in_words(agent, words):
    assert in_words(agent) == words


@pytest.mark.parametrize("address", ["", "unix:", "not an address", "fe80::1%eth0", "2001:db8::17"])
def test_a_strange_address_breaks_nothing(bob, address):
    browser = Client(REMOTE_ADDR=address)
    browser.force_login(bob)
    assert browser.get(PLACES).status_code == 200
    kept = place_of(browser).address
    assert kept == (address.partition("%")[0] if ":" in address and "unix" not in address else None)


def test_a_strange_browser_breaks_nothing(enter):
    browser = enter("<b>" + "x" * 2000)
    assert "<b>x" not in browser.get(PLACES).text


@pytest.mark.django_db(transaction=True)
def test_the_live_stream_of_an_ended_session_ends_and_others_go_on():
    bob = User.objects.create_user("bob@northwind.example", PASSWORD)
    browsers = [Client(), Client()]
    for browser in browsers:
        sign_in(browser, bob.email)
        browser.get(PLACES)
    ended, going = browsers

    def end():
        with open_act(bob.actor) as act:
            places.end_place(act, place_of(ended))

    async def watch(one, other):
        opened = [asyncio.create_task(page.open()) for page in (one, other)]
        for page in (one, other):
            await page.next()
            await page.next()
        await asyncio.sleep(0.5)
        await sync_to_async(end)()
        while (message := await one.next())["more_body"]:
            pass
        assert message["body"].startswith(b"event: signed-out")
        assert bell_in(await other.next()) == {"unread": 0}
        other.left.set()
        await asyncio.gather(*opened)

    asyncio.run(watch(*(Page(f"session={one.session.session_key}") for one in (ended, going))))


def test_a_deactivation_leaves_no_place(bob, enter):
    enter()
    with open_act(SYSTEM) as act:
        actions.deactivate_user(act, bob)
    assert not Place.objects.exists()
    assert not Session.objects.exists()
