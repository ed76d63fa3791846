"""Passkeys: signing in with one alone, making, naming, and what is no passkey."""

import json

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.test import Client

from rapport.engine.accounts.actions import deactivate_user
from rapport.engine.accounts.factors.queries import factors_of
from rapport.engine.accounts.tests.factors import OWN, codes_on
from rapport.engine.accounts.tests.test_sign_in import is_signed_in
from rapport.engine.events.act import open_act
from tests.fixtures.passkeys import HOST, PRESENT_AND_VERIFIED, SoftKey

NAMED = '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": %s}'
NONSENSE = ["", "{}", "[]", "null", '{"id": 1}', "no json", '{"response": {"userHandle": 1}}']
NONSENSE += [
    NAMED % said for said in ("{}", '{"clientDataJSON": 1}', '{"clientDataJSON": "*", "attestationObject": "*"}')
]
NONSENSE += [
    NAMED % '{"clientDataJSON": "e30", "attestationObject": "AAAA", "authenticatorData": "AA", "signature": "A"}'
]


class TestPasskeys:
    def options(self, browser):
        told = browser.get("/sign-in/passkey", headers={"accept": "application/json"}).json()
        return told["request_options"]["publicKey"]

    def making(self, browser):
        return browser.get(f"{OWN}passkeys/making").json()["request_options"]["publicKey"]["challenge"]

    def send(self, browser, bob, passkey, **more):
        challenge = self.options(browser)["challenge"]
        signed = passkey.sign(challenge, user_pk_to_url_str(bob).encode(), **more)
        return browser.post("/sign-in/passkey", {"credential": json.dumps(signed), "next": "/bell/"})

    def test_one_signs_in_alone(self, bob, passkey):
        browser = Client(headers={"host": HOST})
        assert self.send(browser, bob, passkey)["Location"] == "/bell/"
        assert is_signed_in(browser)

    def test_not_without_finger_face_or_pin(self, bob, passkey):
        browser = Client(headers={"host": HOST})
        answer = self.send(browser, bob, passkey, flags=PRESENT_AND_VERIFIED & ~4)
        assert answer["Location"] == "/sign-in/"
        assert "This did not work. Try again." in browser.get("/sign-in/").text
        assert not is_signed_in(browser)

    def test_not_for_somebody_who_is_deactivated(self, bob, dana, passkey):
        with open_act(dana.actor) as act:
            deactivate_user(act, bob)
        browser = Client(headers={"host": HOST})
        self.send(browser, bob, passkey)
        assert not is_signed_in(browser)

    def test_not_for_somebody_else_and_not_twice(self, bob, dana, passkey):
        browser = Client(headers={"host": HOST})
        self.send(browser, dana, passkey)
        assert not is_signed_in(browser)
        challenge = self.options(browser)["challenge"]
        signed = {"credential": json.dumps(passkey.sign(challenge, user_pk_to_url_str(bob).encode()))}
        browser.post("/sign-in/passkey", signed)
        assert is_signed_in(browser)
        browser.post("/sign-out/")
        browser.post("/sign-in/passkey", signed)
        assert not is_signed_in(browser)

    @pytest.mark.parametrize("sent", NONSENSE)
    def test_nonsense_is_refused_kindly(self, db, sent):
        browser = Client(headers={"host": HOST})
        self.options(browser)
        assert browser.post("/sign-in/passkey", {"credential": sent})["Location"] == "/sign-in/"

    @pytest.mark.parametrize("sent", NONSENSE)
    def test_nonsense_makes_no_passkey(self, bob, signed_in, sent):
        browser = signed_in(bob, headers={"host": HOST})
        self.making(browser)
        assert browser.post(f"{OWN}passkeys/new", {"name": "Phone", "credential": sent}).status_code == 422
        assert not factors_of(bob)

    def test_a_user_handle_that_is_none(self, bob, passkey):
        browser = Client(headers={"host": HOST})
        signed = passkey.sign(self.options(browser)["challenge"], b"not a user")
        assert browser.post("/sign-in/passkey", {"credential": json.dumps(signed)})["Location"] == "/sign-in/"

    def test_one_is_made_and_named(self, bob, signed_in):
        browser = signed_in(bob, headers={"host": HOST})
        challenge = self.making(browser)
        made = SoftKey().register(challenge)
        wrong = browser.post(f"{OWN}passkeys/new", {"name": "", "credential": json.dumps(made)})
        assert wrong.status_code == 422
        challenge = self.making(browser)
        sent = {"name": "Phone", "credential": json.dumps(SoftKey().register(challenge))}
        assert len(codes_on(browser.post(f"{OWN}passkeys/new", sent))) == 10
        assert [one.name for one in factors_of(bob).passkeys] == ["Phone"]
        assert browser.post(f"{OWN}passkeys/new", sent).status_code == 422

    def test_those_of_others_are_not_there(self, bob, dana, passkey, signed_in):
        theirs = factors_of(bob).passkeys[0].id
        browser = signed_in(dana)
        assert browser.get(f"{OWN}passkeys/{theirs}").status_code == 404
        assert browser.post(f"{OWN}passkeys/{theirs}/remove").status_code == 404
        assert factors_of(bob).passkeys
