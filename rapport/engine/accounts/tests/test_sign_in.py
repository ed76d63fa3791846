"""Signing in and out with a password."""

import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from rapport.engine.accounts.models import User
from rapport.engine.accounts.tests.conftest import PASSWORD
from rapport.engine.events.models import JournalEntry

SIGN_IN = "/sign-in/"


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def is_signed_in(client):
    return client.get("/settings/account/").status_code == 200


def test_the_right_password_signs_in(client, bob):
    answer = sign_in(client, "bob@northwind.example")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_the_case_of_an_address_does_not_matter(client, bob):
    sign_in(client, "Bob@Northwind.Example")
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_are_told_alike(client, bob):
    wrong = sign_in(client, "bob@northwind.example", "not his password")
    unknown = sign_in(client, "nobody@northwind.example", "not his password")
    sentence = "This e-mail address and password do not belong together."
    assert sentence in wrong.text
    assert sentence in unknown.text
    assert not is_signed_in(client)


def test_users_without_a_password_cannot_sign_in_with_one(client, db):
    User.objects.create_user("sample@northwind.example")
    sign_in(client, "sample@northwind.example", "")
    sign_in(client, "sample@northwind.example", "None")
    assert not is_signed_in(client)


def test_guessing_is_throttled_for_the_address_that_guesses(client, bob):
    for _guess in range(5):
        sign_in(client, "bob@northwind.example", "a guess")
    assert "Too many attempts" in sign_in(client, "bob@northwind.example").text
    assert not is_signed_in(client)
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    sign_in(elsewhere, "bob@northwind.example")
    assert is_signed_in(elsewhere)


def test_the_session_gets_a_new_key(client, bob):
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["session"] = before = session.session_key
    sign_in(client, "bob@northwind.example")
    assert client.session.session_key != before
    assert not is_signed_in(_browser_with(before))


def test_forms_of_other_sites_are_refused(bob):
    browser = Client(enforce_csrf_checks=True)
    form = {"login": bob.email, "password": PASSWORD}
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(SIGN_IN).text)[1]
    assert browser.post(SIGN_IN, form).status_code == 403
    assert browser.post(SIGN_IN, form | {"csrfmiddlewaretoken": token}).status_code == 302


def test_signing_out_needs_a_post(client, bob):
    sign_in(client, "bob@northwind.example")
    client.get("/sign-out/")
    assert is_signed_in(client)
    key = client.session.session_key
    assert client.post("/sign-out/")["Location"] == SIGN_IN
    assert not is_signed_in(client)
    assert not is_signed_in(_browser_with(key))


def test_pages_ask_for_a_sign_in_and_return(client, bob):
    asked = client.get("/settings/tokens/?sort=name")
    assert asked["Location"] == "/sign-in/?next=/settings/tokens/%3Fsort%3Dname"
    answer = sign_in(client, "bob@northwind.example", next="/settings/tokens/?sort=name")
    assert answer["Location"] == "/settings/tokens/?sort=name"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client, db):
    answer = client.get("/bell/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, SIGN_IN)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_leads_nowhere_else(client, bob, elsewhere):
    assert sign_in(client, "bob@northwind.example", next=elsewhere)["Location"] == "/"


def test_signing_in_is_noted_and_changes_no_version(client, bob):
    sign_in(client, "bob@northwind.example")
    bob.refresh_from_db()
    assert bob.last_login is not None
    assert bob.version == 1
    entry = JournalEntry.objects.select_related("payload").get(kind="user.signed_in")
    assert (entry.about_id, entry.user_id, entry.payload.data) == (bob.pk, bob.pk, {"how": "password"})


@pytest.mark.parametrize("address", ["/sign-up/", "/signup/", "/sign-in/signup/", "/accounts/signup/"])
def test_nobody_can_register(client, db, address):
    client.post(address, {"email": "eve@nowhere.example", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def _browser_with(session_key):
    client = Client()
    client.cookies["session"] = session_key
    return client
