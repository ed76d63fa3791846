"""Second factors: setting one up, being asked for it, losing it, and what the journal and the mail say."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from rapport.engine.accounts.actions import create_token
from rapport.engine.accounts.factors import totp
from rapport.engine.accounts.factors.queries import factors_of
from rapport.engine.accounts.links import make_link
from rapport.engine.accounts.models import FactorSecret
from rapport.engine.accounts.tests.conftest import PASSWORD
from rapport.engine.accounts.tests.factors import OWN, SECOND, WRONG, code, codes_on, kinds
from rapport.engine.accounts.tests.test_sign_in import is_signed_in, sign_in
from rapport.engine.accounts.tokens import authenticate_token
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.models import JournalEntry, JournalPayload
from rapport.engine.outbox.mail import dispatch_mail
from rapport.engine.outbox.models import OutgoingMessage
from rapport.engine.outbox.secrets.rotation import retire_keys, rotate
from rapport.engine.outbox.tests.mailbox import running_mailbox


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


@pytest.fixture
def mailbox(monkeypatch):
    with running_mailbox() as box:
        monkeypatch.setenv("RAPPORT_SMTP_URL", f"smtp://127.0.0.1:{box.port}?from=crm@northwind.example")
        yield box


def test_adding_and_removing_is_told_by_mail(bob, signed_in, mailbox, secret, passkey):
    signed_in(bob).post(f"{OWN}passkeys/{factors_of(bob).passkeys[0].id}/remove")
    dispatch_mail()
    told = [(mail["To"], mail["Subject"], mail.get_content()) for mail in mailbox.mails]
    assert [to for to, _subject, _text in told] == [bob.email] * 3
    assert [subject for _to, subject, _text in told] == [
        *["A second factor was added"] * 2,
        "A second factor was removed",
    ]
    assert "Authenticator app was added" in told[0][2]
    assert "Passkey “Blue key” was removed" in told[2][2]
    assert "talk to an administrator at once" in told[2][2]


def test_without_a_mail_server_nothing_waits(bob, secret):
    assert not OutgoingMessage.objects.exists()


def test_the_password_is_still_asked_first(bob, secret):
    browser = Client()
    sign_in(browser, bob.email, "not " + PASSWORD)
    assert browser.get(SECOND)["Location"] == "/sign-in/"
