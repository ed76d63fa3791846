"""Passwords: changing one, setting the first, and forgetting it."""

from django.test import Client

from rapport.engine.accounts import actions
from rapport.engine.accounts.models import User
from rapport.engine.accounts.tests.conftest import PASSWORD
from rapport.engine.accounts.tests.test_sign_in import is_signed_in, sign_in
from rapport.engine.accounts.tokens import authenticate_token
from rapport.engine.events.act import open_act
from rapport.engine.events.models import JournalEntry, JournalPayload

CHANGE = "/settings/password/"
NEW = "another long secret"


def change(browser, old=PASSWORD, new=NEW):
    return browser.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


def test_a_change_ends_every_other_session_and_every_token(bob, signed_in):
    here, elsewhere = signed_in(bob), signed_in(bob)
    with open_act(bob.actor) as act:
        _token, secret = actions.create_token(act, bob, name="script")
    assert change(here)["Location"] == "/settings/sign-in/"
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert authenticate_token(f"Bearer {secret}") is None
    fresh = Client()
    sign_in(fresh, bob.email, PASSWORD)
    assert not is_signed_in(fresh)
    sign_in(fresh, bob.email, NEW)
    assert is_signed_in(fresh)


def test_a_change_needs_the_password_that_was(bob, signed_in):
    answer = change(signed_in(bob), old="not it")
    assert "This is not your current password." in answer.text
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)


def test_a_weak_password_is_refused_with_a_reason(bob, signed_in):
    answer = change(signed_in(bob), new="password")
    assert "too short" in answer.text
    assert "too common" in answer.text


def test_the_journal_says_that_but_not_what(bob, signed_in):
    before = bob.password
    change(signed_in(bob))
    bob.refresh_from_db()
    entry = JournalEntry.objects.select_related("payload").get(about_id=bob.pk, kind="changed")
    assert set(entry.payload.after) == {"password_set_at"}
    assert bob.version == 2
    written = str(list(JournalPayload.objects.values_list("before", "after", "data")))
    for secret in (before, bob.password, bob.session_seed, "argon2", PASSWORD, NEW):
        assert secret not in written


def test_a_first_password_needs_no_old_one(client, db):
    eve = User.objects.create_user("eve@northwind.example")
    client.force_login(eve)
    assert client.get(CHANGE)["Location"] == "/settings/password/first/"
    client.post("/settings/password/first/", {"password1": NEW, "password2": NEW})
    eve.refresh_from_db()
    assert eve.check_password(NEW)
    assert is_signed_in(client)
    assert client.get("/settings/password/first/")["Location"] == CHANGE


def test_a_wrong_password_is_hashed_once(bob, client, monkeypatch):
    asked = []
    check = User.check_password
    monkeypatch.setattr(User, "check_password", lambda user, raw: asked.append(raw) or check(user, raw))
    sign_in(client, bob.email, "not it")
    assert not is_signed_in(client)
    assert asked == ["not it"]


def test_a_session_begun_by_an_earlier_version_goes_on(bob, client):
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert is_signed_in(client)
