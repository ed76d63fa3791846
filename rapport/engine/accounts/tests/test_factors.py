"""Second factors: setting one up, being asked for it, losing it, and what the journal and the mail say."""

import json
import re
import time
from datetime import timedelta

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client

from rapport.engine.accounts.actions import create_token, deactivate_user
from rapport.engine.accounts.factors import actions, totp
from rapport.engine.accounts.factors.queries import factors_of
from rapport.engine.accounts.links import make_link
from rapport.engine.accounts.models import FactorSecret
from rapport.engine.accounts.tests.conftest import PASSWORD
from rapport.engine.accounts.tests.test_sign_in import is_signed_in, sign_in
from rapport.engine.accounts.tokens import authenticate_token
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import JournalEntry, JournalPayload
from rapport.engine.outbox.models import OutgoingMessage
from rapport.engine.outbox.secrets.rotation import retire_keys, rotate
from tests.fixtures.passkeys import HOST, PRESENT_AND_VERIFIED, SoftKey

OWN = "/settings/sign-in/"
SECOND = "/sign-in/second/"
NAMED = '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": %s}'
NONSENSE = ["", "{}", "[]", "null", '{"id": 1}', "no json", '{"response": {"userHandle": 1}}']
NONSENSE += [
    NAMED % said for said in ("{}", '{"clientDataJSON": 1}', '{"clientDataJSON": "*", "attestationObject": "*"}')
]
NONSENSE += [
    NAMED % '{"clientDataJSON": "e30", "attestationObject": "AAAA", "authenticatorData": "AA", "signature": "A"}'
]
WRONG = "This code is wrong, or was used before."


def code(secret, *, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def codes_on(page):
    return re.findall(r"<li><code>([\w-]+)</code>", page.text)


def kinds():
    return list(JournalEntry.objects.filter(kind__startswith="user.").order_by("id").values_list("kind", flat=True))


@pytest.fixture
def mail_server(monkeypatch):
    monkeypatch.setenv("RAPPORT_SMTP_URL", "smtp://127.0.0.1:2525?from=crm@northwind.example")


@pytest.fixture
def secret(bob):
    """Bob's authenticator app, set up a while ago."""
    made = totp.new_secret()
    with open_act(bob.actor) as act:
        actions.add_app(act, bob, secret=made, period=0)
    return made


@pytest.fixture
def passkey(bob):
    made = SoftKey()
    with open_act(bob.actor) as act:
        actions.add_passkey(act, bob, name="Blue key", credential=made.register())
    return made


@pytest.fixture
def half_way(bob):
    """A browser in which Bob's password was right."""

    def opened(**options):
        client = Client(**options)
        assert sign_in(client, bob.email)["Location"] == SECOND
        assert not is_signed_in(client)
        return client

    return opened


class TestApp:
    def test_it_is_set_up_with_its_first_code(self, bob, signed_in):
        browser = signed_in(bob)
        page = browser.get(f"{OWN}app")
        assert "no-store" in page["Cache-Control"]
        made = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page.text)[1].replace(" ", "")
        kept = re.search(r'name="kept" value="([^"]+)"', page.text)[1]
        wrong = browser.post(f"{OWN}app", {"kept": kept, "code": "000000"})
        assert wrong.status_code == 422
        assert made in wrong.text.replace(" ", "")
        assert len(codes_on(browser.post(f"{OWN}app", {"kept": kept, "code": code(made)}))) == 10
        assert factors_of(bob).app is not None
        assert made not in str(Authenticator.objects.values()) + str(FactorSecret.objects.values())

    def test_a_secret_of_somebody_else_is_not_taken(self, bob, dana, signed_in):
        kept = re.search(r'name="kept" value="([^"]+)"', signed_in(dana).get(f"{OWN}app").text)[1]
        answer = signed_in(bob).post(f"{OWN}app", {"kept": kept, "code": "000000"})
        assert answer["Location"] == f"{OWN}app"

    def test_its_code_is_asked_after_the_password(self, secret, half_way):
        browser = half_way()
        assert WRONG in browser.post(SECOND, {"code": "123456"}).text
        assert not is_signed_in(browser)
        assert browser.post(SECOND, {"code": code(secret)})["Location"] == "/"
        assert is_signed_in(browser)
        entry = JournalEntry.objects.select_related("payload").get(kind="user.signed_in")
        assert entry.payload.data == {"how": "password, totp"}

    def test_a_code_works_once_even_while_it_is_shown(self, secret, half_way):
        first, second = half_way(), half_way()
        shown = code(secret)
        first.post(SECOND, {"code": shown})
        assert WRONG in second.post(SECOND, {"code": shown}).text
        assert WRONG in second.post(SECOND, {"code": code(secret, steps=-1)}).text
        second.post(SECOND, {"code": code(secret, steps=1)})
        assert is_signed_in(second)

    @pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (1, True), (2, False)])
    def test_a_clock_may_be_half_a_minute_off(self, secret, steps, right):
        assert (totp.period_of(secret, code(secret, steps=steps)) is not None) is right

    def test_the_secret_survives_a_rotation_of_keys(self, secret, bob, half_way, settings, tmp_path, monkeypatch):
        rotate()
        monkeypatch.setattr("rapport.engine.outbox.secrets.rotation.GRACE", timedelta(0))
        retire_keys()
        browser = half_way()
        browser.post(SECOND, {"code": code(secret)})
        assert is_signed_in(browser)


class TestRecoveryCodes:
    @pytest.fixture
    def codes(self, bob, secret, signed_in):
        return codes_on(signed_in(bob).post(f"{OWN}codes"))

    def test_each_lets_in_once(self, bob, codes, half_way):
        first, second = half_way(), half_way()
        first.post(SECOND, {"code": codes[4].upper().replace("-", " ")})
        assert is_signed_in(first)
        assert WRONG in second.post(SECOND, {"code": codes[4]}).text
        assert "9 codes are left." in first.get(OWN).text

    def test_new_ones_end_the_old_ones(self, bob, codes, signed_in, half_way):
        fresh = codes_on(signed_in(bob).post(f"{OWN}codes"))
        assert not set(fresh) & set(codes)
        assert WRONG in half_way().post(SECOND, {"code": codes[0]}).text
        assert kinds().count("user.codes_renewed") == 2

    def test_they_are_shown_once_and_kept_sealed(self, bob, codes, signed_in):
        assert len(set(codes)) == 10
        written = (
            signed_in(bob).get(OWN).text + str(FactorSecret.objects.values()) + str(JournalPayload.objects.values())
        )
        assert not [one for one in codes if one in written]

    def test_there_are_none_without_a_factor(self, bob, signed_in):
        assert signed_in(bob).post(f"{OWN}codes")["Location"] == OWN
        assert factors_of(bob).codes_left == 0

    def test_they_go_with_the_last_factor(self, bob, codes, passkey, signed_in):
        browser = signed_in(bob)
        browser.post(f"{OWN}app/remove")
        assert factors_of(bob).codes_left == 10
        browser.post(f"{OWN}passkeys/{factors_of(bob).passkeys[0].id}/remove")
        assert not Authenticator.objects.exists()
        assert sign_in(Client(), bob.email)["Location"] == "/"


class TestPasskeys:
    def options(self, browser):
        told = browser.get("/sign-in/passkey", headers={"accept": "application/json"}).json()
        return told["request_options"]["publicKey"]

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
        browser.get(f"{OWN}passkeys/new")
        assert browser.post(f"{OWN}passkeys/new", {"name": "Phone", "credential": sent}).status_code == 422
        assert not factors_of(bob)

    def test_a_user_handle_that_is_none(self, bob, passkey):
        browser = Client(headers={"host": HOST})
        signed = passkey.sign(self.options(browser)["challenge"], b"not a user")
        assert browser.post("/sign-in/passkey", {"credential": json.dumps(signed)})["Location"] == "/sign-in/"

    def test_one_is_made_and_named(self, bob, signed_in):
        browser = signed_in(bob, headers={"host": HOST})
        page = browser.get(f"{OWN}passkeys/new")
        challenge = json.loads(re.search(r"data-options='([^']+)'", page.text)[1])["publicKey"]["challenge"]
        made = SoftKey().register(challenge)
        wrong = browser.post(f"{OWN}passkeys/new", {"name": "", "credential": json.dumps(made)})
        assert wrong.status_code == 422
        challenge = json.loads(re.search(r"data-options='([^']+)'", wrong.text)[1])["publicKey"]["challenge"]
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


class TestNoWayRound:
    """What signs in without a password asks for the second factor all the same."""

    def test_a_one_time_link(self, bob, secret):
        with open_act(SYSTEM) as act:
            link = "/" + make_link(act, bob).split("/", 3)[3]
        browser = Client()
        assert browser.post(link)["Location"] == SECOND
        assert not is_signed_in(browser)

    def test_a_new_password_by_mail(self, bob, secret, mail_server):
        browser = Client()
        browser.post("/sign-in/forgotten/", {"email": bob.email})
        link = re.search(
            r"/sign-in/forgotten/\S+", OutgoingMessage.objects.get(subject__contains="password").content()["text"]
        )
        form = browser.get(link[0])["Location"]
        new = {"password1": "another long secret", "password2": "another long secret"}
        assert browser.post(form, new)["Location"] == SECOND
        assert not is_signed_in(browser)

    def test_pages_half_way(self, secret, half_way):
        browser = half_way()
        for path in ("/people/", OWN, f"{OWN}app", "/settings/password/first/", "/api/v1/people"):
            assert browser.get(path).status_code in {302, 401, 404}, path

    def test_the_second_step_without_the_first(self, db):
        assert Client().get(SECOND)["Location"] == "/sign-in/"

    def test_tokens_are_not_asked(self, bob, secret):
        with open_act(bob.actor) as act:
            _token, made = create_token(act, bob, name="script")
        assert authenticate_token(f"Bearer {made}") is not None


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


def test_adding_and_removing_is_told_by_mail(bob, signed_in, mail_server, secret, passkey):
    signed_in(bob).post(f"{OWN}passkeys/{factors_of(bob).passkeys[0].id}/remove")
    told = [(one.to, one.subject, one.content()["text"]) for one in OutgoingMessage.objects.order_by("id")]
    assert [to for to, _subject, _text in told] == [bob.email] * 3
    assert "Authenticator app was added" in told[0][2]
    assert "Passkey “Blue key” was removed" in told[2][2]


def test_without_a_mail_server_nothing_waits(bob, secret):
    assert not OutgoingMessage.objects.exists()


def test_the_password_is_still_asked_first(bob, secret):
    browser = Client()
    sign_in(browser, bob.email, "not " + PASSWORD)
    assert browser.get(SECOND)["Location"] == "/sign-in/"
