"""`rapport mail` from the command line."""

import pytest
from django.core.management import CommandError, call_command

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.outbox.mail import dispatch_mail, send_staff_mail
from rapport.engine.outbox.management.commands import mail as command
from rapport.engine.outbox.server import mail_server
from rapport.engine.outbox.tests.mailbox import accept_only, running_mailbox

pytestmark = pytest.mark.django_db


def test_from_no_server_to_mail_that_left(capsys, monkeypatch):
    with open_act(SYSTEM) as act:
        send_staff_mail(act, to="alice@northwind.example", subject="Welcome", text="Hello", key="welcome")
    dispatch_mail()
    call_command("mail", "show")
    told = capsys.readouterr().out
    assert "Mail server: none" in told
    assert "alice@northwind.example  Welcome  No mail server is set up yet." in told
    with running_mailbox(authenticator=accept_only("crm", "s3cret"), auth_require_tls=False) as box:
        monkeypatch.setattr(command, "getpass", lambda _prompt: "s3cret")
        place = ["127.0.0.1", "--port", str(box.port), "--security", "none"]
        call_command("mail", "server", *place, "--user", "crm", "--from", "crm@northwind.example")
        call_command("mail", "test", "dana@northwind.example")
        assert "Sent. The server said: 250" in capsys.readouterr().out
        call_command("mail", "send")
        dispatch_mail()
        assert [mail["Subject"] for mail in box.mails] == ["Test mail from Rapport", "Welcome"]


def test_faults_are_told_in_words():
    with pytest.raises(CommandError, match="from_address: crm is not an e-mail address"):
        call_command("mail", "server", "mail.example", "--from", "crm")
    assert mail_server() is None
    with pytest.raises(CommandError, match="No mail server is set up yet"):
        call_command("mail", "test", "dana@northwind.example")
    with pytest.raises(CommandError, match="is not an e-mail address"):
        call_command("mail", "test", "dana")
    call_command("mail", "server", "127.0.0.1", "--port", "1", "--security", "none", "--from", "crm@northwind.example")
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("mail", "test", "dana@northwind.example")
