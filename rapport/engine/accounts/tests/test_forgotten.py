"""A forgotten password: by mail where a mail server is set, else through somebody who can help."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from rapport.engine.accounts import actions
from rapport.engine.accounts.tests.conftest import PASSWORD
from rapport.engine.accounts.tests.test_sign_in import is_signed_in, sign_in
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.outbox.models import OutgoingMessage

FORGOTTEN = "/sign-in/forgotten/"
SENT = "/sign-in/forgotten/sent/"
NEW = "another long secret"


@pytest.fixture
def mail_server(monkeypatch):
    monkeypatch.setenv("RAPPORT_SMTP_URL", "smtp://127.0.0.1:2525?from=crm@northwind.example")


@pytest.fixture
def session_before(bob, signed_in):
    return signed_in(bob)


@pytest.fixture
def mailed_link(client, bob, mail_server):
    client.post(FORGOTTEN, {"email": "BOB@northwind.example"})
    mail = OutgoingMessage.objects.get()
    assert mail.to == "bob@northwind.example"
    return urlsplit(re.search(r"https?://\S+", mail.content()["text"])[0]).path


def choose(browser, link, new=NEW):
    form = browser.get(link)["Location"]
    return browser.post(form, {"password1": new, "password2": new})


def test_the_mailed_link_sets_a_new_password_and_signs_in(bob, session_before, mailed_link):
    browser = Client()
    assert choose(browser, mailed_link)["Location"] == "/"
    assert is_signed_in(browser)
    assert not is_signed_in(session_before)
    fresh = Client()
    sign_in(fresh, bob.email, NEW)
    assert is_signed_in(fresh)


def test_the_link_works_once(bob, mailed_link):
    choose(Client(), mailed_link)
    assert "This link no longer works" in Client().get(mailed_link).text


def test_it_dies_when_its_user_is_deactivated(dana, bob, mailed_link):
    with open_act(SYSTEM) as act:
        actions.deactivate_user(act, bob)
    assert "This link no longer works" in Client().get(mailed_link).text


def test_the_link_names_this_site_whatever_host_asked(client, bob, mail_server):
    client.post(FORGOTTEN, {"email": bob.email}, headers={"host": "localhost"})
    assert "http://127.0.0.1:8000/sign-in/forgotten/" in OutgoingMessage.objects.get().content()["text"]


def test_an_unknown_address_is_answered_like_a_known_one(client, bob, mail_server):
    known = client.post(FORGOTTEN, {"email": bob.email}, follow=True)
    unknown = client.post(FORGOTTEN, {"email": "nobody@northwind.example"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain == [(SENT, 302)]
    assert OutgoingMessage.objects.count() == 1


def test_without_a_mail_server_the_page_says_whom_to_ask(client, bob):
    page = client.get(FORGOTTEN)
    assert "Ask an administrator for a one-time link." in page.text
    assert client.post(FORGOTTEN, {"email": bob.email}).status_code == 200
    assert not OutgoingMessage.objects.exists()


def test_asking_again_and_again_is_throttled(client, bob, mail_server):
    answers = [client.post(FORGOTTEN, {"email": bob.email}).status_code for _ask in range(6)]
    assert answers == [302] * 5 + [429]


def test_a_weak_password_is_refused(bob, mailed_link):
    answer = choose(Client(), mailed_link, "password")
    assert "too common" in answer.text
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)
