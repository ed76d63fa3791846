"""The mail server's settings: who may change them, what is refused, and that the password is never seen again."""

import json
import ssl
from uuid import uuid4

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import MEMBER, SYSTEM, Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import JournalEntry, JournalPayload
from rapport.engine.events.reactions import run_reactions
from rapport.engine.events.undo import undo_batch
from rapport.engine.outbox import actions, queries, server
from rapport.engine.outbox.actions import BadSetting, MailSettings
from rapport.engine.outbox.mail import dispatch_mail
from rapport.engine.outbox.models import MailServer, State
from rapport.engine.outbox.secrets.rotation import keys_in_use
from rapport.engine.outbox.tests.mailbox import running_mailbox

pytestmark = pytest.mark.django_db

GOOD = MailSettings(
    "mail.northwind.example", 587, "starttls", "crm@northwind.example", "Northwind", "crm", "s3cret-one"
)
CHARLIE = Actor(kind="user", name="Charlie", id=uuid4(), roles=frozenset({MEMBER}))


def set_server(settings=GOOD, actor=SYSTEM, **changes):
    with open_act(actor) as act:
        actions.set_mail_server(act, MailSettings(**{**vars(settings), **changes}))
    return act


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("host", ""),
        ("host", "mail example"),
        ("port", 0),
        ("port", 70_000),
        ("security", "ssl"),
        ("from_address", "crm"),
        ("username", ""),
    ],
)
def test_a_wrong_setting_names_its_field_and_changes_nothing(field, wrong):
    with pytest.raises(BadSetting) as caught:
        set_server(**{field: wrong})
    assert caught.value.field == field
    assert server.mail_server({}) is None


def test_the_password_is_kept_when_none_is_given_and_changed_when_one_is():
    set_server()
    set_server(host="other.northwind.example", password=None)
    assert server.mail_server({}).password == "s3cret-one"
    assert server.mail_server({}).host == "other.northwind.example"
    set_server(password="s3cret-two")
    assert server.mail_server({}).password == "s3cret-two"
    assert MailServer.objects.count() == 1
    set_server(password="")
    assert server.mail_server({}).password == ""


def test_the_password_stands_nowhere_in_clear():
    set_server()
    set_server(password="s3cret-two")
    journal = json.dumps(list(JournalPayload.objects.values_list("before", "after", "data")))
    assert "password_set_at" in journal
    assert '"password":' not in journal
    row = MailServer.objects.get()
    for text in (
        journal,
        repr(row),
        str(row.password),
        repr(row.password),
        str(row.__dict__),
        bytes(row.password).hex(),
    ):
        assert "s3cret" not in text
        assert b"s3cret".hex() not in text
    assert "s3cret" not in repr(server.mail_server({}))


def test_every_change_is_in_the_journal():
    set_server()
    set_server(port=465, security="tls", password=None)
    kinds = JournalEntry.objects.filter(about_type="outbox.mailserver").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["created", "changed"]


def test_a_change_can_be_undone_and_leaves_the_password():
    set_server()
    act = set_server(port=465, security="tls", password=None)
    with open_act(SYSTEM) as undoing:
        undo_batch(undoing, act.batch)
    found = server.mail_server({})
    assert (found.port, found.security, found.password) == (587, "starttls", "s3cret-one")


def test_only_administrators():
    with pytest.raises(NotAllowed):
        set_server(actor=CHARLIE)
    set_server()
    for forbidden in (
        actions.remove_mail_server,
        lambda act: actions.send_test_mail(act, to="charlie@northwind.example"),
        lambda act: actions.hand_over(act, []),
        lambda act: actions.hold(act, []),
    ):
        with pytest.raises(NotAllowed), open_act(CHARLIE) as act:
            forbidden(act)
    assert server.mail_server({}) is not None


def test_a_removed_server_leaves_no_password_behind():
    set_server()
    with open_act(SYSTEM) as act:
        actions.remove_mail_server(act)
    assert server.mail_server({}) is None
    assert keys_in_use() == {}
    set_server(password="s3cret-two")
    assert server.mail_server({}).password == "s3cret-two"


def test_a_test_mail_tells_what_the_server_said(mail_server):
    with open_act(SYSTEM) as act:
        message_id = actions.send_test_mail(act, to="dana@northwind.example")
    dispatch_mail()
    row = queries.message(message_id)
    assert (row.state, row.answer[:3]) == (State.SENT, "250")
    assert mail_server.mails[0]["Subject"] == "Test mail from Rapport"
    assert [message.id for message in queries.left_the_house(act.batch)] == [message_id]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost?from=a@b.example", ("localhost", 25, "none", "", "")),
        ("smtps://u:p%40ss@m.example?from=a@b.example", ("m.example", 465, "tls", "u", "p@ss")),
        ("smtp+starttls://u%40x:p@m.example:2525?from=a@b.example", ("m.example", 2525, "starttls", "u@x", "p")),
    ],
)
def test_the_environment_overrides_the_settings(url, expected):
    set_server()
    found = server.mail_server({"RAPPORT_SMTP_URL": url})
    assert (found.host, found.port, found.security, found.username, found.password) == expected
    assert found.from_address == "a@b.example"
    assert found.is_from_environment


@pytest.mark.parametrize("url", ["mail.example", "http://m.example?from=a@b.example", "smtp://m.example", "smtp://"])
def test_a_wrong_address_in_the_environment_says_how_to_mend_it(url):
    with pytest.raises(ValueError, match="RAPPORT_SMTP_URL"):
        server.mail_server({"RAPPORT_SMTP_URL": url})


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encrypted_connections_check_the_certificate(security, certificate, monkeypatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with running_mailbox(**({"ssl_context": context} if security == "tls" else {"tls_context": context})) as box:
        set_server(MailSettings("localhost", box.port, security, "crm@northwind.example"))
        with open_act(SYSTEM) as act:
            message_id = actions.send_test_mail(act, to="dana@northwind.example")
        with pytest.raises(Exception, match="certificate"):
            dispatch_mail()
        assert box.mails == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        dispatch_mail()
        assert queries.message(message_id).state == State.SENT


@pytest.mark.django_db(transaction=True)
def test_mail_of_an_undone_act_is_held():
    set_server()
    with open_act(SYSTEM) as act:
        message_id = actions.send_test_mail(act, to="dana@northwind.example")
        actions.remove_mail_server(act)
    with open_act(SYSTEM) as undoing:
        undo_batch(undoing, act.batch)
    run_reactions()
    row = queries.message(message_id)
    assert (row.state, row.answer) == (State.HELD, "What it was about was undone.")
    assert JournalEntry.objects.filter(kind="message.held", about_id=message_id).exists()
