"""Whoever guesses is slowed down, from one address or from many; the owner of an account gets in all the same."""

import pytest
from django.core import signing
from django.test import Client

from rapport.engine.accounts import known
from rapport.engine.accounts.factors import actions as factors
from rapport.engine.accounts.factors import totp
from rapport.engine.accounts.links import make_link
from rapport.engine.accounts.models import Remembered
from rapport.engine.accounts.tests.factors import SECOND, code
from rapport.engine.accounts.tests.test_sign_in import is_signed_in, sign_in
from rapport.engine.accounts.throttles import when
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM

TOO_MANY = "Too many attempts. Try again"


def from_address(number, **options):
    return Client(REMOTE_ADDR=f"203.0.{number // 250}.{number % 250 + 1}", **options)


@pytest.fixture
def attacked(bob):
    """Bob's account, guessed at from fifty addresses."""
    for number in range(50):
        assert TOO_MANY not in sign_in(from_address(number), bob.email, "a guess").text
    return bob


def test_one_account_from_many_addresses(attacked):
    answer = sign_in(from_address(60), attacked.email)
    assert f"{TOO_MANY} in" in answer.text
    assert "minutes." in answer.text
    assert not is_signed_in(from_address(60))


def test_its_owner_gets_in_from_a_browser_that_is_known(bob, request):
    known = from_address(100)
    sign_in(known, bob.email)
    known.post("/sign-out/")
    request.getfixturevalue("attacked")
    moved = from_address(101)
    moved.cookies["browser"] = known.cookies["browser"].value
    sign_in(moved, bob.email)
    assert is_signed_in(moved)


def test_a_browser_is_known_for_its_own_accounts_only(bob, dana, request):
    known = from_address(100)
    sign_in(known, dana.email)
    known.post("/sign-out/")
    request.getfixturevalue("attacked")
    assert TOO_MANY in sign_in(known, bob.email).text


@pytest.mark.parametrize("cookie", ["", "x", "eyJuYW1lIjoiYSIsImFjY291bnRzIjpbXX0:1abc:def"])
def test_a_made_up_cookie_is_no_browser(attacked, cookie):
    browser = from_address(70)
    browser.cookies["browser"] = cookie
    assert TOO_MANY in sign_in(browser, attacked.email).text


def test_a_cookie_that_was_signed_for_something_else_is_none(attacked):
    browser = from_address(70)
    told = {"name": "a", "accounts": [known._mark(attacked.email)]}
    browser.cookies["browser"] = signing.dumps(told, salt="another")
    assert TOO_MANY in sign_in(browser, attacked.email).text
    browser.cookies["browser"] = signing.dumps(told, salt=known.SALT)
    assert TOO_MANY not in sign_in(browser, attacked.email).text


def test_the_cookie_is_kept_from_scripts(bob):
    browser = Client()
    sign_in(browser, bob.email)
    cookie = browser.cookies["browser"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert bob.email not in cookie.value


def test_a_one_time_link_gets_the_owner_in_as_well(attacked):
    browser = from_address(70)
    with open_act(SYSTEM) as act:
        link = "/" + make_link(act, attacked).split("/", 3)[3]
    browser.post(link)
    assert is_signed_in(browser)


def test_many_accounts_from_one_address(bob, client):
    for number in range(10):
        sign_in(client, f"somebody{number}@northwind.example", "a guess")
    assert f"{TOO_MANY} in a minute." in sign_in(client, bob.email).text
    assert not is_signed_in(client)


def test_right_passwords_are_not_counted(bob):
    for _time in range(12):
        browser = Client()
        sign_in(browser, bob.email)
        assert is_signed_in(browser)


def test_counters_outlive_the_process(bob, client):
    sign_in(client, bob.email, "a guess")
    rows = Remembered.objects.filter(cache_key__contains="rapport:guesses")
    assert rows.filter(cache_key__contains="127.0.0.1").exists()
    assert not rows.filter(cache_key__contains=bob.email).exists()


class TestCodes:
    @pytest.fixture
    def secret(self, bob):
        made = totp.new_secret()
        with open_act(bob.actor) as act:
            factors.add_app(act, bob, secret=made, period=0)
        return made

    def half_way(self, bob, number):
        browser = from_address(number)
        sign_in(browser, bob.email)
        return browser

    def test_guesses_are_counted_for_the_account_whatever_the_address(self, bob, secret):
        for number in range(5):
            self.half_way(bob, number).post(SECOND, {"code": "000000"})
        other = self.half_way(bob, 9)
        answer = other.post(SECOND, {"code": code(secret)})
        assert f"{TOO_MANY} in 5 minutes." in answer.text
        assert not is_signed_in(other)

    def test_a_known_browser_is_counted_by_itself(self, bob, secret):
        known = self.half_way(bob, 100)
        known.post(SECOND, {"code": code(secret, steps=-1)})
        known.post("/sign-out/")
        for number in range(5):
            self.half_way(bob, number).post(SECOND, {"code": "000000"})
        sign_in(known, bob.email)
        known.post(SECOND, {"code": code(secret)})
        assert is_signed_in(known)


def test_the_page_says_when_to_try_again(bob, client, monkeypatch):
    monkeypatch.setenv("RAPPORT_SMTP_URL", "smtp://127.0.0.1:2525?from=crm@northwind.example")
    for _time in range(5):
        client.post("/sign-in/forgotten/", {"email": bob.email})
    answer = client.post("/sign-in/forgotten/", {"email": bob.email})
    assert answer.status_code == 429
    assert "Try again in 60 minutes." in answer.text
    assert 3500 < int(answer["Retry-After"]) <= 3600


def test_one_time_links_too(client, db):
    for number in range(30):
        client.get(f"/sign-in/link/guess-{number}")
    answer = client.get("/sign-in/link/guess")
    assert "Try again in a minute." in answer.text
    assert 0 < int(answer["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "in a minute"), (60, "in a minute"), (61, "in 2 minutes"), (5400, "in 90 minutes"), (5401, "in 2 hours")],
)
def test_waits_in_words(seconds, words):
    assert when(seconds) == words
