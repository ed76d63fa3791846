"""The outbox, against a real mail server."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.outbox import smtp
from rapport.engine.outbox.mail import dispatch_mail
from rapport.engine.outbox.models import State
from rapport.engine.outbox.tests.mailbox import running_mailbox
from rapport.engine.web.tests.mail.support import (
    MAIL,
    OUTBOX,
    page_of,
    put_in,
    save,
    shown,
    state_of,
    write,
)

pytestmark = pytest.mark.django_db


def test_messages_stand_under_their_state_with_counts_and_never_what_they_say(admin):
    tabs = {
        "waiting": [State.QUEUED, State.LEASED], "sent": [State.SENT], "not_sent": [State.NOT_SENT],
        "unknown": [State.UNKNOWN], "failed": [State.FAILED], "held": [State.HELD],
    }  # fmt: skip
    found = {state: str(put_in(state, number)) for number, state in enumerate(State)}
    assert sorted(shown(page_of(admin, OUTBOX))) == sorted(found.values())
    for tab, states in tabs.items():
        page = page_of(admin, OUTBOX, state=tab)
        assert sorted(shown(page)) == sorted(found[state] for state in states)
        counted = re.search(rf'href="\?state={tab}"[^>]*>[^<]*<span class="dim num">(\d+)', page)
        assert int(counted[1]) == len(states)
        assert "s3cret-token" not in page


@pytest.mark.parametrize("tab", ["", "waiting", "sent", "not_sent", "unknown", "failed", "held", "nonsense"])
def test_an_empty_tab_says_what_belongs_there(admin, tab):
    assert 'class="empty"' in page_of(admin, OUTBOX, state=tab)


def test_pages_follow_one_another(admin, monkeypatch):
    monkeypatch.setattr("rapport.engine.web.views.outbox.PAGE_SIZE", 3)
    ids = [str(put_in(State.HELD, number)) for number in range(7)]
    seen, place = [], f"{OUTBOX}?state=held"
    while place:
        page = page_of(admin, place)
        seen += shown(page)
        earlier = re.search(r'href="(\?state=held&amp;before=[^"]+)" rel="next"', page)
        place = OUTBOX + earlier[1].replace("&amp;", "&") if earlier else ""
    assert seen == ids[::-1]
    assert "Nothing earlier" in page_of(admin, OUTBOX, state="held", before=ids[0])
    assert shown(page_of(admin, OUTBOX, state="held", before="nonsense")) == ids[:3:-1]


def test_a_message_is_held_and_sent(admin, mailbox):
    message = write()
    answer = admin.post(f"{OUTBOX}{message}/hold?state=waiting")
    assert answer["Location"] == f"{OUTBOX}?state=waiting"
    assert dispatch_mail() == 0
    assert "Held by Dana." in page_of(admin, OUTBOX, state="held")
    admin.post(f"{OUTBOX}{message}/hand-over?state=held")
    dispatch_mail()
    assert len(mailbox.mails) == 1
    assert "250 OK" in page_of(admin, OUTBOX, state="sent")


def test_a_sent_message_has_no_buttons_and_is_not_sent_again(admin, mailbox):
    message = write()
    dispatch_mail()
    assert f"{message}/" not in page_of(admin, OUTBOX)
    admin.post(f"{OUTBOX}{message}/hand-over")
    admin.post(f"{OUTBOX}{message}/hold")
    assert "Nothing was queued" in page_of(admin, OUTBOX)
    assert dispatch_mail() == 0


def test_an_unknown_message_says_that_it_may_come_twice(admin, mailbox, monkeypatch):
    monkeypatch.setattr(smtp, "LAST_PATIENCE", 0.3)
    message = write()
    mailbox.at_data = "drop"
    dispatch_mail()
    page = page_of(admin, OUTBOX, state="unknown")
    assert "Sending it again may deliver it twice" in page
    assert "may have arrived" in page
    mailbox.at_data = "250 OK"
    admin.post(f"{OUTBOX}{message}/hand-over?state=unknown")
    dispatch_mail()
    assert state_of(message) == State.SENT
    assert len(mailbox.mails) == 2


def test_all_that_was_not_sent_leaves_once_a_server_is_set(admin):
    ids = [write(number) for number in range(3)]
    dispatch_mail()
    page = page_of(admin, OUTBOX, state="not_sent")
    assert "No mail server is set" in page
    assert "hand-over" not in page
    admin.post(f"{OUTBOX}hand-over?state=not_sent")
    assert {state_of(one) for one in ids} == {State.NOT_SENT}
    with running_mailbox() as box:
        save(admin, host="127.0.0.1", port=str(box.port), security="none", username="", password="")
        assert f"{OUTBOX}hand-over?state=not_sent" in page_of(admin, OUTBOX, state="not_sent")
        admin.post(f"{OUTBOX}hand-over?state=not_sent")
        assert "3 messages are queued" in page_of(admin, OUTBOX, state="not_sent")
        dispatch_mail()
        assert len(box.mails) == 3


def test_all_that_was_not_sent_is_held(admin, mailbox):
    ids = [put_in(State.NOT_SENT, number) for number in range(3)]
    failed = put_in(State.FAILED, 3)
    admin.post(f"{OUTBOX}hold?state=not_sent")
    assert {state_of(one) for one in ids} == {State.HELD}
    assert state_of(failed) == State.FAILED


@pytest.mark.parametrize("address", [MAIL, OUTBOX])
def test_a_page_costs_the_same_for_few_messages_and_many(admin, mailbox, address):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page_of(admin, address)
        return len(seen)

    write()
    page_of(admin, address)
    few = cost()
    for number in range(2, 30):
        put_in(list(State)[number % len(State)], number)
    assert cost() == few
