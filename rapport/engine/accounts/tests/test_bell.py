"""The bell: told once, read once, and only one's own."""

import psycopg
import pytest
from django.db import connection

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.notifications import bell_state, notify

BELL = "/bell/"


def test_what_is_told_stands_on_the_page(bob, signed_in):
    notify(bob.pk, title="Import finished", body="412 people", url="/imports/1", key="import:1")
    page = signed_in(bob).get(BELL).text
    assert "Import finished" in page
    assert "412 people" in page
    assert 'href="/imports/1"' in page


def test_the_same_thing_is_told_once(bob):
    assert notify(bob.pk, title="Import finished", url="", key="import:1")
    assert not notify(bob.pk, title="Import finished", url="", key="import:1")
    assert bell_state(bob) == {"unread": 1}


def test_reading_marks_what_the_page_showed(bob, signed_in):
    notify(bob.pk, title="First", url="", key="1")
    shown = Notification.objects.get().pk
    notify(bob.pk, title="Came since", url="", key="2")
    signed_in(bob).post(f"{BELL}read", {"up_to": shown})
    assert bell_state(bob) == {"unread": 1}


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "9" * 30, "1; DROP TABLE"])
def test_a_nonsensical_mark_changes_nothing(bob, signed_in, nonsense):
    notify(bob.pk, title="First", url="", key="1")
    assert signed_in(bob).post(f"{BELL}read", {"up_to": nonsense}).status_code == 302
    assert bell_state(bob) == {"unread": 1}


def test_the_bell_of_others_is_theirs(dana, bob, signed_in):
    notify(bob.pk, title="For Bob alone", url="", key="1")
    browser = signed_in(dana)
    assert "For Bob alone" not in browser.get(BELL).text
    browser.post(f"{BELL}read", {"up_to": Notification.objects.get().pk})
    assert bell_state(bob) == {"unread": 1}


def test_an_empty_bell_says_what_belongs_there(bob, signed_in):
    assert "Nothing new" in signed_in(bob).get(BELL).text


@pytest.mark.django_db(transaction=True)
def test_open_pages_are_woken(bob):
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
        listener.execute("LISTEN bell")
        notify(bob.pk, title="Import finished", url="", key="import:1")
        notices = list(listener.notifies(timeout=5, stop_after=1))
    assert [notice.payload for notice in notices] == [str(bob.pk)]
