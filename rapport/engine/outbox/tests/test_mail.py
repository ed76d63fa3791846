"""Mail through the outbox to a real SMTP server that answers well, badly, late or not at all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.jobs import stopping
from rapport.engine.outbox import actions, queries, smtp
from rapport.engine.outbox.mail import dispatch_mail, send_staff_mail
from rapport.engine.outbox.models import OutgoingMessage, State
from rapport.engine.outbox.smtp import ServerTrouble
from rapport.engine.outbox.tests.mailbox import accept_only, running_mailbox

pytestmark = pytest.mark.django_db


def send(key="welcome:1", to="alice@northwind.example", **more):
    with open_act(SYSTEM) as act:
        content = {"subject": "Hello", "text": "Good morning\n.\nA dot began that line.\n", **more}
        return send_staff_mail(act, to=to, key=key, **content)


def due_again():
    OutgoingMessage.objects.filter(state=State.QUEUED).update(next_try=timezone.now())


def test_a_mail_arrives_once_and_whole(mail_server):
    message_id = send(subject="Grüße\r\nBcc: eve@evil.example", html="<p>Good <b>morning</b></p>")
    assert dispatch_mail() == 1
    assert dispatch_mail() == 0
    (arrived,) = mail_server.mails
    assert arrived["To"] == "alice@northwind.example"
    assert arrived["From"] == "Northwind <crm@northwind.example>"
    assert arrived["Subject"] == "Grüße Bcc: eve@evil.example"
    assert arrived["Bcc"] is None
    assert arrived["Message-ID"] == f"<{message_id}@northwind.example>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    text, html = arrived.iter_parts()
    assert text.get_content().splitlines() == ["Good morning", ".", "A dot began that line."]
    assert html.get_content().strip() == "<p>Good <b>morning</b></p>"
    assert all(byte < 128 for byte in mail_server.raw[0])
    row = queries.message(message_id)
    assert row.state == State.SENT
    assert row.answer.startswith("250")
    assert row.attempts == 1


def test_the_same_key_is_queued_once(mail_server):
    assert send() == send(text="Another text")
    dispatch_mail()
    assert len(mail_server.mails) == 1


def test_a_mail_shares_the_fate_of_its_act(mail_server):
    def fail():
        with open_act(SYSTEM) as act:
            send_staff_mail(act, to="alice@northwind.example", subject="x", text="x", key="x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert dispatch_mail() == 0
    assert OutgoingMessage.objects.count() == 0


@pytest.mark.parametrize("wrong", ["", "alice", "alice@", "a b@c.example", "alice@x.example\r\nBcc: eve@evil.example"])
def test_what_is_no_address_is_refused_at_once(wrong):
    with pytest.raises(ValueError, match="not an e-mail address"):
        send(to=wrong)


def test_an_address_with_letters_of_its_own_reaches_its_domain(mail_server):
    send(to="alice@blåbær.example")
    dispatch_mail()
    assert mail_server.mails[0]["To"] == "alice@xn--blbr-roah.example"


@pytest.mark.parametrize("step", ["at_mail", "at_rcpt", "at_data"])
def test_a_4xx_is_tried_again_later_and_then_arrives(mail_server, step):
    message_id = send()
    setattr(mail_server, step, "451 Try later")
    tried = timezone.now()
    assert dispatch_mail() == 1
    row = queries.message(message_id)
    assert row.state == State.QUEUED
    assert row.answer == "451 Try later"
    assert tried <= row.next_try - timedelta(seconds=60) <= timezone.now()
    assert dispatch_mail() == 0
    setattr(mail_server, step, "250 OK")
    due_again()
    dispatch_mail()
    assert queries.message(message_id).state == State.SENT


@pytest.mark.parametrize("step", ["at_mail", "at_rcpt", "at_data"])
def test_a_5xx_fails_alone(mail_server, step):
    bad = send()
    setattr(mail_server, step, "550 No such person")
    dispatch_mail()
    setattr(mail_server, step, "250 OK")
    good = send(key="welcome:2", to="bob@northwind.example")
    dispatch_mail()
    assert queries.message(bad).state == State.FAILED
    assert queries.message(bad).answer == "550 No such person"
    assert queries.message(good).state == State.SENT


def test_one_refused_recipient_does_not_hold_up_the_others_of_its_slice(mail_server):
    ids = [send(key=f"welcome:{number}", to=f"person{number}@northwind.example") for number in range(5)]
    refused = mail_server.handle_RCPT

    async def refuse_one(server, session, envelope, address, options):
        if address.startswith("person2@"):
            return "554 No"
        return await refused(server, session, envelope, address, options)

    mail_server.handle_RCPT = refuse_one
    assert dispatch_mail() == 5
    states = [queries.message(one).state for one in ids]
    assert states == [State.SENT, State.SENT, State.FAILED, State.SENT, State.SENT]
    assert len(mail_server.mails) == 4


@pytest.mark.parametrize("behaviour", ["drop", "hang"])
def test_an_answer_lost_after_the_message_is_unknown_and_never_resent_by_itself(mail_server, monkeypatch, behaviour):
    monkeypatch.setattr(smtp, "LAST_PATIENCE", 0.3)
    message_id = send()
    mail_server.at_data = behaviour
    dispatch_mail()
    row = queries.message(message_id)
    assert row.state == State.UNKNOWN
    assert "may have arrived" in row.answer
    mail_server.at_data = "250 OK"
    OutgoingMessage.objects.update(next_try=timezone.now(), lease_until=timezone.now())
    assert dispatch_mail() == 0
    assert len(mail_server.mails) == 1
    with open_act(SYSTEM) as act:
        assert actions.hand_over(act, [message_id]) == 1
    dispatch_mail()
    assert queries.message(message_id).state == State.SENT
    assert len(mail_server.mails) == 2
    assert mail_server.mails[0]["Message-ID"] == mail_server.mails[1]["Message-ID"]


@pytest.mark.parametrize("step", ["at_mail", "at_rcpt"])
def test_a_line_dropped_before_the_message_is_tried_again(mail_server, step):
    message_id = send()
    setattr(mail_server, step, "drop")
    dispatch_mail()
    assert queries.message(message_id).state == State.QUEUED
    setattr(mail_server, step, "250 OK")
    due_again()
    dispatch_mail()
    assert queries.message(message_id).state == State.SENT
    assert len(mail_server.mails) == 1


def test_it_gives_up_in_the_end(mail_server):
    message_id = send()
    mail_server.at_rcpt = "450 Mailbox busy"
    for _try in range(9):
        due_again()
        dispatch_mail()
    row = queries.message(message_id)
    assert (row.state, row.attempts) == (State.FAILED, 9)
    assert dispatch_mail() == 0


def test_without_a_server_mail_waits_and_is_handed_over_when_asked():
    message_id = send()
    assert dispatch_mail() == 0
    assert queries.message(message_id).state == State.NOT_SENT
    with running_mailbox() as box:
        with open_act(SYSTEM) as act:
            settings = actions.MailSettings("127.0.0.1", box.port, "none", "crm@northwind.example")
            actions.set_mail_server(act, settings)
        assert dispatch_mail() == 0
        with open_act(SYSTEM) as act:
            actions.hand_over(act, [message_id])
        assert dispatch_mail() == 1
        assert len(box.mails) == 1


def test_a_server_that_is_down_costs_no_message_a_try(mail_server, monkeypatch):
    ids = [send(key=f"welcome:{number}") for number in range(3)]
    monkeypatch.setenv("RAPPORT_SMTP_URL", "smtp://127.0.0.1:1?from=crm@northwind.example")
    with pytest.raises(ServerTrouble, match=r"127\.0\.0\.1:1 cannot be used"):
        dispatch_mail()
    rows = [queries.message(one) for one in ids]
    assert {(row.state, row.attempts) for row in rows} == {(State.QUEUED, 0)}
    assert "cannot be used" in rows[2].answer
    monkeypatch.delenv("RAPPORT_SMTP_URL")
    dispatch_mail()
    assert len(mail_server.mails) == 3


def test_a_wrong_password_is_the_servers_trouble_and_a_right_one_works(db):
    options = {"authenticator": accept_only("crm", "s3cret"), "auth_require_tls": False}
    with running_mailbox(**options) as box:
        for password in ("wrong", "s3cret"):
            with open_act(SYSTEM) as act:
                settings = ("127.0.0.1", box.port, "none", "crm@northwind.example", "", "crm", password)
                actions.set_mail_server(act, actions.MailSettings(*settings))
            message_id = send()
            if password == "wrong":
                with pytest.raises(ServerTrouble, match="does not accept the user name and password"):
                    dispatch_mail()
            else:
                dispatch_mail()
                assert queries.message(message_id).state == State.SENT


def test_a_server_that_cannot_encrypt_is_not_used_in_clear(mail_server, mailbox):
    with open_act(SYSTEM) as act:
        settings = actions.MailSettings("127.0.0.1", mailbox.port, "starttls", "crm@northwind.example")
        actions.set_mail_server(act, settings)
    send()
    with pytest.raises(ServerTrouble, match="STARTTLS"):
        dispatch_mail()
    assert mailbox.mails == []


def test_a_held_mail_stays_until_it_is_released(mail_server):
    message_id = send()
    with open_act(SYSTEM) as act:
        assert actions.hold(act, [message_id]) == 1
    assert dispatch_mail() == 0
    with open_act(SYSTEM) as act:
        actions.hand_over(act, [message_id])
    dispatch_mail()
    assert len(mail_server.mails) == 1


def test_what_a_mail_says_is_not_readable_in_the_database(mail_server):
    send(text="Sign in: https://crm.example/link/s3cret-token")
    assert b"s3cret-token" not in bytes(OutgoingMessage.objects.get().payload)


def test_a_long_slice_is_left_when_the_worker_stops(mail_server):
    ids = [send(key=f"welcome:{number}") for number in range(4)]
    usual = mail_server.handle_DATA

    async def stop_meanwhile(server, session, envelope):
        stopping.ask_to_stop()
        return await usual(server, session, envelope)

    mail_server.handle_DATA = stop_meanwhile
    try:
        dispatch_mail()
    finally:
        stopping._stop.clear()
    states = [queries.message(one).state for one in ids]
    assert states == [State.SENT, State.QUEUED, State.QUEUED, State.QUEUED]
