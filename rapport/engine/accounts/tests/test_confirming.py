"""Please confirm it is you: what matters asks again, and the form that was sent goes on afterwards."""

import json
import re
import time

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.test import Client

from rapport.engine.accounts.actions import set_password
from rapport.engine.accounts.factors import actions as factors
from rapport.engine.accounts.factors import totp
from rapport.engine.accounts.links import make_link
from rapport.engine.accounts.models import ApiToken, User
from rapport.engine.accounts.tests.conftest import PASSWORD
from rapport.engine.accounts.tests.factors import code
from rapport.engine.accounts.tests.test_sign_in import sign_in
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.models import JournalEntry
from rapport.engine.outbox.models import MailServer
from tests.fixtures.passkeys import HOST, SoftKey
from tests.fixtures.signing import signed_in_client

TOKENS = "/settings/tokens/"
NEW = {"name": "Nightly <export>", "scope": "write"}
ASKED = "Please confirm it is you"
LONG_AGO = 16 * 60
MAIL = {
    "host": "mail.northwind.example",
    "port": "587",
    "security": "starttls",
    "username": "crm",
    "password": "the mail secret",
    "from_address": "crm@northwind.example",
    "from_name": "",
}


def kept_on(page):
    return re.search(r'name="confirm-kept" value="([^"]+)"', page.text)[1]


@pytest.fixture
def stale(bob):
    """Bob's browser, a quarter of an hour after he showed who he is."""
    return signed_in_client(bob, ago=LONG_AGO)


@pytest.fixture
def asked(stale):
    page = stale.post(TOKENS, NEW)
    assert page.status_code == 403
    assert ASKED in page.text
    assert not ApiToken.objects.exists()
    return kept_on(page)


def test_the_form_goes_on_with_what_was_typed(stale, asked):
    made = stale.post(TOKENS, {"confirm-kept": asked, "confirm-password": PASSWORD})
    assert "Your new token" in made.text
    token = ApiToken.objects.get()
    assert (token.name, token.scope) == (NEW["name"], NEW["scope"])
    assert stale.post(TOKENS, {"name": "Another", "scope": "read"}).status_code == 200


def test_a_wrong_password_asks_again_and_keeps_it(stale, asked):
    again = stale.post(TOKENS, {"confirm-kept": asked, "confirm-password": "not it"})
    assert "This is not your password." in again.text
    assert kept_on(again) == asked
    assert not ApiToken.objects.exists()
    stale.post(TOKENS, {"confirm-kept": asked, "confirm-password": PASSWORD})
    assert ApiToken.objects.exists()


def test_nothing_at_all_is_no_answer(stale, asked):
    empty = {"confirm-kept": asked, "confirm-password": "", "confirm-code": "", "confirm-credential": ""}
    assert "Fill in one of these." in stale.post(TOKENS, empty).text
    assert not ApiToken.objects.exists()


def test_guessing_is_slowed_down(stale, asked):
    for _guess in range(5):
        stale.post(TOKENS, {"confirm-kept": asked, "confirm-password": "a guess"})
    answer = stale.post(TOKENS, {"confirm-kept": asked, "confirm-password": PASSWORD})
    assert "Too many attempts. Try again in 5 minutes." in answer.text
    assert not ApiToken.objects.exists()


def test_a_code_does_as_well(bob, stale, asked):
    secret = totp.new_secret()
    with open_act(bob.actor) as act:
        factors.add_app(act, bob, secret=secret, period=0)
    wrong = stale.post(TOKENS, {"confirm-kept": asked, "confirm-code": "000000"})
    assert "This code is wrong, or was used before." in wrong.text
    stale.post(TOKENS, {"confirm-kept": asked, "confirm-code": code(secret)})
    assert ApiToken.objects.exists()
    assert JournalEntry.objects.filter(kind="user.factor_used").exists()


def test_a_wrong_password_uses_up_no_code(bob, stale, asked):
    secret = totp.new_secret()
    with open_act(bob.actor) as act:
        factors.add_app(act, bob, secret=secret, period=0)
    shown = code(secret)
    stale.post(TOKENS, {"confirm-kept": asked, "confirm-password": "not it", "confirm-code": shown})
    assert not ApiToken.objects.exists()
    stale.post(TOKENS, {"confirm-kept": asked, "confirm-code": shown})
    assert ApiToken.objects.exists()


def test_a_passkey_does_as_well(bob):
    key = SoftKey()
    with open_act(bob.actor) as act:
        factors.add_passkey(act, bob, name="Blue", credential=key.register())
    browser = signed_in_client(bob, ago=LONG_AGO, headers={"host": HOST})
    page = browser.post(TOKENS, NEW)
    challenge = browser.get("/settings/sign-in/passkeys/using").json()["request_options"]["publicKey"]["challenge"]
    handle = user_pk_to_url_str(bob).encode()
    forged = json.dumps(SoftKey().sign(challenge, handle))
    page = browser.post(TOKENS, {"confirm-kept": kept_on(page), "confirm-credential": forged})
    assert "This passkey did not work." in page.text
    challenge = browser.get("/settings/sign-in/passkeys/using").json()["request_options"]["publicKey"]["challenge"]
    browser.post(TOKENS, {"confirm-kept": kept_on(page), "confirm-credential": json.dumps(key.sign(challenge, handle))})
    assert ApiToken.objects.get().name == NEW["name"]


def test_the_password_of_somebody_else_does_not(bob, stale, asked, dana):
    with open_act(SYSTEM) as act:
        set_password(act, dana, "the password of Dana")
    stale.post(TOKENS, {"confirm-kept": asked, "confirm-password": "the password of Dana"})
    assert not ApiToken.objects.exists()


def test_a_form_kept_for_another_place_or_user_is_worthless(bob, dana, stale, asked):
    for browser, path in (
        (stale, "/settings/sign-in/codes"),
        (signed_in_client(dana, ago=LONG_AGO), TOKENS),
        (signed_in_client(dana, ago=LONG_AGO), f"/settings/users/{bob.pk}/role"),
    ):
        answer = browser.post(path, {"confirm-kept": asked, "confirm-password": PASSWORD})
        assert (answer.status_code, answer["Location"]) == (302, path)
    for broken in ("", "AAAA", "not base64", asked[:-8]):
        stale.post(TOKENS, {"confirm-kept": broken, "confirm-password": PASSWORD})
    assert not ApiToken.objects.exists()


def test_secrets_that_wait_cannot_be_read(dana):
    browser = signed_in_client(dana, ago=LONG_AGO)
    page = browser.post("/settings/mail/", MAIL)
    assert page.status_code == 403
    assert "no-store" in page["Cache-Control"]
    assert MAIL["password"] not in page.text
    assert not MailServer.objects.exists()
    browser.post("/settings/mail/", {"confirm-kept": kept_on(page), "confirm-password": PASSWORD})
    assert MailServer.objects.get().password.open() == MAIL["password"]


def test_a_page_that_tells_a_secret_asks_before_it_tells(stale):
    page = stale.get("/settings/sign-in/app")
    assert page.status_code == 403
    assert 'class="secret"' not in page.text
    assert stale.post("/settings/sign-in/app", {"confirm-password": PASSWORD})["Location"] == "/settings/sign-in/app"
    assert 'class="secret"' in stale.get("/settings/sign-in/app").text


def test_a_forged_form_confirms_nothing(bob):
    browser = signed_in_client(bob, ago=LONG_AGO, enforce_csrf_checks=True)
    answer = browser.post(TOKENS, {"confirm-password": PASSWORD})
    assert answer.status_code == 403
    assert ASKED not in answer.text


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 403)])
def test_a_quarter_of_an_hour_counts(bob, minutes, status):
    assert signed_in_client(bob, ago=minutes * 60).post(TOKENS, NEW).status_code == status


def test_how_long_is_a_setting(bob, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 60
    assert signed_in_client(bob, ago=90).post(TOKENS, NEW).status_code == 403


def test_a_session_that_does_not_say_how_it_began_is_asked(bob, client):
    client.force_login(bob)
    assert client.post(TOKENS, NEW).status_code == 403


def test_what_showed_somebody_else_does_not_count(bob, dana):
    browser = signed_in_client(bob)
    session = browser.session
    session["_auth_user_id"], session["_auth_user_hash"] = str(dana.pk), dana.get_session_auth_hash()
    session.save()
    assert browser.post(TOKENS, NEW).status_code == 403


def test_signing_in_counts(client, bob):
    sign_in(client, bob.email)
    assert client.post(TOKENS, NEW).status_code == 200


class TestWithoutPasswordAndFactor:
    @pytest.fixture
    def eve(self, db):
        return User.objects.create_user("eve@northwind.example")

    def test_a_one_time_link_counts_for_a_while(self, eve):
        browser = Client()
        with open_act(SYSTEM) as act:
            link = "/" + make_link(act, eve).split("/", 3)[3]
        browser.post(link)
        assert browser.post(TOKENS, NEW).status_code == 200

    def test_later_a_password_is_chosen_first(self, eve):
        browser = signed_in_client(eve, ago=LONG_AGO)
        answer = browser.post(TOKENS, NEW, headers={"referer": f"http://testserver{TOKENS}"})
        assert answer["Location"] == "/settings/password/first/?next=http%3A%2F%2Ftestserver%2Fsettings%2Ftokens%2F"
        chosen = {"password1": "another long secret", "password2": "another long secret"}
        back = browser.post(answer["Location"], chosen)
        assert back["Location"].endswith(TOKENS)
        assert browser.post(TOKENS, NEW).status_code == 200

    def test_with_a_passkey_alone_a_password_asks_for_it(self, eve):
        with open_act(eve.actor) as act:
            factors.add_passkey(act, eve, name="Blue", credential=SoftKey().register())
        chosen = {"password1": "another long secret", "password2": "another long secret"}
        browser = signed_in_client(eve, ago=LONG_AGO, headers={"host": HOST})
        page = browser.post("/settings/password/first/", chosen)
        assert ASKED in page.text
        assert "Use a passkey" in page.text
        assert 'name="confirm-password"' not in page.text
        eve.refresh_from_db()
        assert not eve.has_usable_password()


def test_what_lay_between_is_forgotten(bob, stale):
    for _time in range(3):
        stale.get("/settings/sign-in/app")
        stale.post("/settings/sign-in/app", {"confirm-password": PASSWORD})
    records = stale.session["account_authentication_methods"]
    assert len(records) == 2
    assert time.time() - records[-1]["at"] < 60
