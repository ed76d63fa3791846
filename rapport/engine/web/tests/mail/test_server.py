"""The mail server's page, against a real mail server."""

import pytest

from rapport.engine.outbox.mail import dispatch_mail
from rapport.engine.outbox.models import MailServer, OutgoingMessage
from rapport.engine.outbox.server import mail_server
from rapport.engine.outbox.smtp import ServerTrouble
from rapport.engine.web.tests.mail.support import MAIL, page_of, problems, save, undo_in

pytestmark = pytest.mark.django_db


def test_a_server_is_set_and_its_password_never_shown(admin):
    assert "No mail server is set yet" in page_of(admin, MAIL)
    assert save(admin).status_code == 302
    found = mail_server({})
    assert (found.host, found.port, found.security) == ("mail.northwind.example", 587, "starttls")
    assert (found.username, found.password, found.from_name) == ("crm", "s3cret-one", "Northwind")
    page = page_of(admin, MAIL)
    assert 'value="mail.northwind.example"' in page
    assert "One is stored" in page
    assert "s3cret" not in page


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("host", ""), ("host", "mail example"), ("port", "70000"), ("port", "many"), ("security", "ssl"),
        ("from_address", "crm"), ("username", ""),
    ],
)  # fmt: skip
def test_a_wrong_setting_stands_at_its_field_with_the_rest_kept(admin, field, wrong):
    answer = save(admin, **{field: wrong})
    assert problems(answer) == field
    assert 'value="Northwind"' in answer.content.decode()
    assert "s3cret-one" not in answer.content.decode()
    assert mail_server({}) is None


def test_a_change_without_a_password_keeps_it_and_can_be_undone(admin):
    save(admin)
    page_of(admin, MAIL)
    save(admin, port="2525", password="")
    assert (mail_server({}).port, mail_server({}).password) == (2525, "s3cret-one")
    admin.post(undo_in(page_of(admin, MAIL))[1])
    assert (mail_server({}).port, mail_server({}).password) == (587, "s3cret-one")


def test_a_changed_password_offers_no_half_undo(admin):
    save(admin)
    page_of(admin, MAIL)
    save(admin, password="s3cret-two")
    assert mail_server({}).password == "s3cret-two"
    assert undo_in(page_of(admin, MAIL)) is None


def test_a_stored_password_goes_to_no_other_server(admin):
    save(admin)
    assert problems(save(admin, host="mail.elsewhere.example", password="")) == "password"
    assert mail_server({}).host == "mail.northwind.example"
    assert save(admin, host="mail.elsewhere.example", password="s3cret-two").status_code == 302
    assert save(admin, host="mail.third.example", username="", password="").status_code == 302
    assert (mail_server({}).host, mail_server({}).password) == ("mail.third.example", "")


def test_the_same_again_changes_nothing(admin):
    save(admin)
    version = MailServer.objects.get().version
    page_of(admin, MAIL)
    save(admin, password="")
    page = page_of(admin, MAIL)
    assert "Nothing was changed" in page
    assert undo_in(page) is None
    assert MailServer.objects.get().version == version


def test_a_removed_server_comes_back_without_its_password(admin):
    save(admin)
    page_of(admin, MAIL)
    admin.post(f"{MAIL}remove")
    assert mail_server({}) is None
    page = page_of(admin, MAIL)
    assert "without its password" in page
    admin.post(undo_in(page)[1])
    assert (mail_server({}).host, mail_server({}).password) == ("mail.northwind.example", "")
    assert "One is stored" not in page_of(admin, MAIL)


def test_removing_nothing_says_so(admin):
    admin.post(f"{MAIL}remove")
    assert "no mail server to remove" in page_of(admin, MAIL)


def test_the_page_says_when_the_environment_overrides_it(admin, monkeypatch):
    save(admin)
    monkeypatch.setenv("RAPPORT_SMTP_URL", "smtps://u:s3cret-env@other.example?from=a@b.example")
    page = page_of(admin, MAIL)
    assert "RAPPORT_SMTP_URL overrides this page" in page
    assert "other.example, port 465, from a@b.example" in page
    assert 'value="mail.northwind.example"' in page
    assert "s3cret-env" not in page


def test_an_unreadable_environment_says_how_to_mend_it(admin, monkeypatch):
    monkeypatch.setenv("RAPPORT_SMTP_URL", "http://mail.example")
    page = page_of(admin, MAIL)
    assert "RAPPORT_SMTP_URL cannot be read" in page
    assert "begin with smtp://" in page
    assert "Send a test mail" not in page


def test_a_test_mail_tells_what_the_server_said(admin, mailbox):
    place = admin.post(f"{MAIL}test")["Location"]
    page = page_of(admin, place)
    assert "on its way" in page
    assert 'hx-trigger="every 2s"' in page
    dispatch_mail()
    page = page_of(admin, place)
    assert "The server took the test mail" in page
    assert "250" in page
    assert "every 2s" not in page
    assert [mail["To"] for mail in mailbox.mails] == ["dana@northwind.example"]


def test_a_refused_test_mail_shows_the_refusal(admin, mailbox):
    mailbox.at_rcpt = "550 Relaying <denied>"
    place = admin.post(f"{MAIL}test")["Location"]
    dispatch_mail()
    page = page_of(admin, place)
    assert "The server refused the test mail" in page
    assert "550 Relaying &lt;denied&gt;" in page


def test_a_server_that_is_down_is_told_as_it_is(admin):
    save(admin, host="127.0.0.1", port="1", security="none", username="", password="")
    place = admin.post(f"{MAIL}test")["Location"]
    with pytest.raises(ServerTrouble):
        dispatch_mail()
    page = page_of(admin, place)
    assert "has not left yet" in page
    assert "127.0.0.1:1 cannot be used" in page


def test_no_test_mail_without_a_server(admin):
    admin.post(f"{MAIL}test")
    assert "Set a mail server first" in page_of(admin, MAIL)
    assert OutgoingMessage.objects.count() == 0
