"""Requests through the outbox to a real web server."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.outbox import posting, queries
from rapport.engine.outbox.client import Limits
from rapport.engine.outbox.http import dispatch_requests, send_request
from rapport.engine.outbox.models import OutgoingMessage, State
from rapport.engine.outbox.tests.web import running_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(monkeypatch):
    with running_site() as running:
        monkeypatch.setenv("RAPPORT_ALLOWED_TARGETS", f"127.0.0.1:{running.port}")
        yield running


def send(url, key="order:1", **more):
    with open_act(SYSTEM) as act:
        return send_request(act, url=url, body={"order": 1}, headers={"X-Signature": "abc"}, key=key, **more)


def settled(message_id):
    dispatch_requests()
    return queries.message(message_id)


def test_a_request_arrives_once_with_its_key(site):
    row = settled(send(f"{site.url}/hook"))
    assert (row.state, row.answer) == (State.SENT, "200 noted")
    (request,) = site.requests
    assert request["body"] == {"order": 1}
    assert request["headers"]["idempotency-key"] == "order:1"
    assert request["headers"]["x-signature"] == "abc"
    assert dispatch_requests() == 0


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (204, State.SENT),
        (302, State.FAILED),
        (400, State.FAILED),
        (410, State.FAILED),
        (500, State.QUEUED),
        (503, State.QUEUED),
    ],
)
def test_what_an_answer_means(site, status, state):
    site.answers = [status]
    assert settled(send(f"{site.url}/hook")).state == state


def test_a_server_that_asks_for_patience_gets_it(site):
    site.answers = [429]
    asked = timezone.now()
    row = settled(send(f"{site.url}/hook"))
    assert row.state == State.QUEUED
    assert row.next_try >= asked + timedelta(seconds=7200)


@pytest.mark.parametrize("trouble", ["drop", "hang"])
@pytest.mark.parametrize(("repeatable", "state"), [(False, State.UNKNOWN), (True, State.QUEUED)])
def test_a_lost_answer_is_unknown_unless_the_receiver_knows_doubles(site, monkeypatch, trouble, repeatable, state):
    monkeypatch.setattr(posting, "LIMITS", Limits(seconds=0.5))
    site.answers = [trouble]
    assert settled(send(f"{site.url}/hook", repeatable=repeatable)).state == state


def test_the_own_network_is_not_reached(site, monkeypatch):
    monkeypatch.delenv("RAPPORT_ALLOWED_TARGETS")
    row = settled(send(f"{site.url}/hook"))
    assert row.state == State.FAILED
    assert "cannot be called" in row.answer
    assert site.requests == []


def test_a_dead_receiver_is_tried_again(site, monkeypatch):
    monkeypatch.setenv("RAPPORT_ALLOWED_TARGETS", "127.0.0.1:1")
    row = settled(send("http://127.0.0.1:1/hook"))
    assert (row.state, row.attempts) == (State.QUEUED, 1)


def test_after_a_kill_only_repeatable_requests_go_out_again(site):
    ids = [send(f"{site.url}/hook", key=f"order:{flag}", repeatable=flag) for flag in (True, False)]
    ago = timezone.now() - timedelta(minutes=6)
    OutgoingMessage.objects.update(state=State.LEASED, lease=ids[0], lease_until=ago, handed_at=ago)
    dispatch_requests()
    assert [queries.message(one).state for one in ids] == [State.SENT, State.UNKNOWN]
    assert len(site.requests) == 1
