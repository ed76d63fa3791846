"""What administrators do about second factors: help who lost one, and ask everybody for one."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from rapport.engine.accounts.actions import create_token
from rapport.engine.accounts.factors import actions
from rapport.engine.accounts.tests.factors import OWN, code, codes_on
from rapport.engine.accounts.tests.test_sign_in import sign_in
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import JournalEntry
from rapport.engine.outbox.models import OutgoingMessage


class TestAdministrators:
    def test_they_help_who_lost_a_device(self, bob, dana, secret, signed_in, mail_server):
        browser = signed_in(dana)
        assert "Take away the second factor" in browser.get("/settings/users/").text
        browser.post(f"/settings/users/{bob.pk}/second-factor/remove")
        assert not Authenticator.objects.exists()
        assert sign_in(Client(), bob.email)["Location"] == "/"
        entry = JournalEntry.objects.get(kind="user.factor_removed")
        assert (entry.about_id, entry.user_id) == (bob.pk, dana.pk)
        mail = OutgoingMessage.objects.get()
        assert mail.to == bob.email
        assert "Dana took away the second factor" in mail.content()["text"]

    def test_members_cannot(self, bob, dana, secret, signed_in):
        assert signed_in(bob).post(f"/settings/users/{bob.pk}/second-factor/remove").status_code == 403
        with pytest.raises(NotAllowed), open_act(bob.actor) as act:
            actions.take_second_factor(act, bob)
        with pytest.raises(NotAllowed), open_act(dana.actor) as act:
            actions.renew_codes(act, bob)

    def test_the_command_takes_it_away(self, bob, secret, capsys):
        call_command("user", "second-factor", bob.email)
        assert "has a second factor" in capsys.readouterr().out
        assert Authenticator.objects.exists()
        call_command("user", "second-factor", bob.email, "--remove")
        assert not Authenticator.objects.exists()
        with pytest.raises(CommandError, match="no second factor"):
            call_command("user", "second-factor", bob.email, "--remove")


class TestEverybodyNeedsOne:
    @pytest.fixture
    def asked(self, dana, signed_in):
        signed_in(dana).post("/settings/users/rules", {"everybody_needs_factor": "on"})

    def test_who_has_none_reaches_nothing_else(self, bob, asked):
        browser = Client()
        sign_in(browser, bob.email)
        for path in ("/people/", "/bell/", "/settings/account/", "/settings/tokens/", "/search?q=x", "/"):
            assert browser.get(path)["Location"] == OWN, path
        assert browser.post("/settings/tokens/", {"name": "x", "scope": "read"})["Location"] == OWN
        assert browser.get("/api/v1/people").status_code == 401
        assert browser.get("/people/", headers={"HX-Request": "true"})["HX-Redirect"] == OWN
        page = browser.get(OWN)
        assert "Here everybody needs a second factor" in page.text
        assert "/people/" not in page.text

    def test_setting_one_up_opens_the_door(self, bob, asked):
        browser = Client()
        sign_in(browser, bob.email)
        page = browser.get(f"{OWN}app")
        made = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page.text)[1].replace(" ", "")
        kept = re.search(r'name="kept" value="([^"]+)"', page.text)[1]
        assert len(codes_on(browser.post(f"{OWN}app", {"kept": kept, "code": code(made)}))) == 10
        assert browser.get("/people/").status_code == 200

    def test_sessions_of_an_earlier_version_are_led_there_too(self, bob, asked, client):
        client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/people/")["Location"] == OWN

    def test_who_has_one_and_programs_go_on(self, bob, secret, asked, signed_in):
        assert signed_in(bob).get("/people/").status_code == 200
        with open_act(SYSTEM) as act:
            _token, made = create_token(act, bob, name="script")
        assert Client(headers={"authorization": f"Bearer {made}"}).get("/api/v1/people").status_code == 200

    def test_members_set_no_rules(self, bob, signed_in):
        assert signed_in(bob).post("/settings/users/rules", {"everybody_needs_factor": "on"}).status_code == 403
        with pytest.raises(NotAllowed), open_act(bob.actor) as act:
            actions.change_rules(act, everybody_needs_factor=True, asks_about_leaks=False)
