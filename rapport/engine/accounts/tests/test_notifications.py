"""Telling users about records: once, in sets, with words made when they are read."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.notifications import (
    Notice,
    Told,
    bell_state,
    forget_old_notifications,
    mark_seen,
    notify_all,
    read_out,
    register_teller,
    unread_by_record,
    wake_record,
)
from rapport.engine.accounts.notifications.telling import TELLERS
from rapport.engine.events.act import open_act
from rapport.engine.records.actions import create_record, delete_records
from rapport.engine.records.registry import record_type

People = record_type("people")


@pytest.fixture
def amara(dana):
    with open_act(dana.actor) as act:
        return create_record(act, People, {"name": "Amara Okafor"})


@pytest.fixture
def heard():
    """What is said on a channel while something is done."""

    def listening(channel, deed):
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
            listener.execute(f"LISTEN {channel}")
            deed()
            return {one.payload for one in listener.notifies(timeout=0.3)}

    return listening


def about(user, record, number=1, **more):
    key = f"{record.pk} {number}"
    return Notice(user_id=user.pk, key=key, record_type="people", record_id=record.pk, title="Spoken to", **more)


def test_many_are_told_at_once_and_each_once(bob, dana, amara, django_assert_num_queries):
    notices = [about(user, amara, number) for user in (bob, dana) for number in range(30)]
    with django_assert_num_queries(4):
        assert notify_all([*notices, notices[0]]) == 60
    assert notify_all(notices) == 0
    assert bell_state(bob) == {"unread": 30}


def test_all_that_a_notice_says_is_kept(bob, dana, amara):
    source = uuid4()
    more = {"kind": "sample", "source_id": source, "who_id": dana.pk, "data": {"by": 1}, "is_important": False}
    notify_all([about(bob, amara, **more)])
    one = Notification.objects.get()
    assert {name: getattr(one, name) for name in more} == more
    assert one.state == "unread"


def test_who_looks_at_the_record_has_seen_it(bob, amara):
    assert notify_all([about(bob, amara, seen=True)]) == 1
    assert Notification.objects.get().state == "read"
    assert bell_state(bob) == {"unread": 0}


def test_looking_at_a_record_reads_what_is_about_it_alone(bob, dana, amara):
    other = uuid4()
    elsewhere = Notice(user_id=bob.pk, key="2", record_type="people", record_id=other, title="Else")
    notify_all([about(bob, amara), about(bob, amara, 2), about(dana, amara), elsewhere])
    assert unread_by_record(bob.pk, "people") == {amara.pk: 2, other: 1}
    assert mark_seen(bob.pk, "people", amara.pk) == 2
    assert mark_seen(bob.pk, "people", amara.pk) == 0
    assert unread_by_record(bob.pk, "people") == {other: 1}
    assert unread_by_record(dana.pk, "people") == {amara.pk: 1}


def test_what_is_put_off_or_done_is_not_counted(bob, amara):
    notify_all([about(bob, amara, number) for number in range(3)])
    first, second, _third = Notification.objects.order_by("pk")
    Notification.objects.filter(pk=first.pk).update(done_at=timezone.now())
    Notification.objects.filter(pk=second.pk).update(snoozed_until=timezone.now() + timedelta(days=1))
    assert bell_state(bob) == {"unread": 1}
    assert unread_by_record(bob.pk, "people") == {amara.pk: 1}


class TestTellers:
    @pytest.fixture(autouse=True)
    def _teller(self, monkeypatch):
        monkeypatch.setattr("rapport.engine.accounts.notifications.telling.TELLERS", dict(TELLERS))
        self.asked = []
        register_teller("sample", self.words)

    def words(self, actor, notices):
        self.asked.append([one.pk for one in notices])
        return {one.pk: Told(f"To {actor.name}", "Body", "/x/") for one in notices if not one.data.get("secret")}

    def test_words_are_made_by_kind_and_others_are_as_stored(self, bob, amara):
        notify_all([about(bob, amara, kind="sample"), about(bob, amara, 2)])
        made, stored = Notification.objects.order_by("pk")
        reading = read_out(bob.actor, [made, stored])
        assert reading.told == {made.pk: Told("To Bob", "Body", "/x/"), stored.pk: Told("Spoken to")}
        assert reading.titles == {("people", amara.pk): "Amara Okafor"}

    def test_what_a_teller_leaves_out_is_done(self, bob, amara):
        notify_all([about(bob, amara, kind="sample", data={"secret": True})])
        assert read_out(bob.actor, Notification.objects.all()).told == {}
        assert Notification.objects.get().state == "done"
        assert bell_state(bob) == {"unread": 0}

    def test_what_is_about_a_record_that_is_gone_is_not_even_asked_about(self, dana, bob, amara):
        notify_all([about(bob, amara, kind="sample"), about(bob, amara, 2)])
        with open_act(dana.actor) as act:
            delete_records(act, People, [amara])
        assert read_out(bob.actor, Notification.objects.all()).told == {}
        assert self.asked == []
        assert bell_state(bob) == {"unread": 0}

    def test_whoever_looks_on_puts_nothing_away(self, dana, bob):
        notify_all([Notice(user_id=bob.pk, key="1", record_type="people", record_id=uuid4())])
        assert read_out(replace(bob.actor, onlooker=dana.pk), Notification.objects.all()).told == {}
        assert bell_state(bob) == {"unread": 1}

    def test_a_kind_has_one_teller(self):
        with pytest.raises(ValueError, match="two tellers"):
            register_teller("sample", lambda _actor, _notices: {})


def test_what_was_read_or_done_long_ago_is_forgotten(bob, amara):
    notify_all([about(bob, amara, number) for number in range(4)])
    unread, read, done, snoozed = Notification.objects.order_by("pk")
    now, old = timezone.now(), timezone.now() - timedelta(days=91)
    Notification.objects.filter(pk=read.pk).update(read_at=old)
    Notification.objects.filter(pk=done.pk).update(done_at=old)
    Notification.objects.filter(pk=snoozed.pk).update(read_at=old, snoozed_until=now)
    forget_old_notifications(before=now - timedelta(days=90))
    assert set(Notification.objects.all()) == {unread, snoozed}


@pytest.mark.django_db(transaction=True)
def test_pages_are_woken_only_by_what_is_new_and_unread(bob, dana, amara, heard):
    seen = [about(bob, amara), about(dana, amara, seen=True)]
    assert heard("bell", lambda: notify_all(seen)) == {str(bob.pk)}
    assert heard("bell", lambda: notify_all(seen)) == set()
    assert heard("bell", lambda: mark_seen(bob.pk, "people", amara.pk)) == {str(bob.pk)}
    assert heard("bell", lambda: mark_seen(bob.pk, "people", amara.pk)) == set()
    assert heard("record", lambda: wake_record(amara.pk)) == {str(amara.pk)}
