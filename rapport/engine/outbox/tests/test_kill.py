"""kill -9 while mail is handed over: nothing is sent twice, nothing is lost without saying so."""

import random
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.jobs.tests.support import child, wait_until
from rapport.engine.outbox import queries
from rapport.engine.outbox.mail import dispatch_mail, send_staff_mail
from rapport.engine.outbox.models import OutgoingMessage, State

pytestmark = pytest.mark.django_db(transaction=True)


def send(number):
    with open_act(SYSTEM) as act:
        return send_staff_mail(
            act, to=f"person{number}@northwind.example", subject=f"{number}", text="Hello", key=f"welcome:{number}"
        )


def sender():
    return child("-m", "rapport.engine.outbox.tests.sample_sender")


def let_leases_end():
    """As if the lease of five minutes were over."""
    leased = OutgoingMessage.objects.filter(state=State.LEASED)
    leased.update(lease_until=timezone.now() - timedelta(seconds=1))


def test_killed_while_the_server_thinks_about_the_message(mail_server):
    message_id = send(1)
    mail_server.at_data = "hang"
    with sender():
        wait_until(lambda: mail_server.mails, what="the server has the message")
    assert queries.message(message_id).state == State.LEASED
    assert dispatch_mail() == 0
    let_leases_end()
    assert dispatch_mail() == 0
    row = queries.message(message_id)
    assert row.state == State.UNKNOWN
    assert "may have arrived" in row.answer
    assert len(mail_server.mails) == 1


def test_killed_before_the_message_began(mail_server):
    message_id = send(1)
    mail_server.at_rcpt = "hang"
    with sender():
        wait_until(lambda: queries.message(message_id).state == State.LEASED, what="it is claimed")
    mail_server.at_rcpt = "250 OK"
    let_leases_end()
    assert dispatch_mail() == 1
    assert queries.message(message_id).state == State.SENT
    assert len(mail_server.mails) == 1


def test_killed_anywhere_nobody_gets_a_mail_twice(mail_server):
    count, seed = 60, random.randrange(10**6)
    chance = random.Random(seed)
    ids = [send(number) for number in range(count)]
    for _kill in range(6):
        arrived = len(mail_server.mails)
        with sender():
            wait_until(lambda arrived=arrived: len(mail_server.mails) > arrived, what="it sends")
            time.sleep(chance.random() * 0.05)
        let_leases_end()
    while dispatch_mail():
        pass
    states = [queries.message(one).state for one in ids]
    subjects = [mail["Subject"] for mail in mail_server.mails]
    assert set(states) <= {State.SENT, State.UNKNOWN}, f"seed {seed}"
    assert states.count(State.UNKNOWN) <= 6, f"seed {seed}"
    assert len(subjects) == len(set(subjects)), f"seed {seed}"
    sent = {str(number) for number, state in enumerate(states) if state == State.SENT}
    assert sent <= set(subjects), f"seed {seed}"


def test_two_senders_share_the_work(mail_server):
    ids = [send(number) for number in range(50)]
    with sender() as first, sender() as second, sender() as third:
        assert [process.wait(30) for process in (first, second, third)] == [0, 0, 0]
    while dispatch_mail():
        pass
    assert all(queries.message(one).state == State.SENT for one in ids)
    assert len(mail_server.mails) == 50
