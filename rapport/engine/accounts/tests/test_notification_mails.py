"""Mails of notifications: once each, when their reader wants them, and never of what is dealt with."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from rapport.engine.accounts.actions import deactivate_user
from rapport.engine.accounts.models import Mails, Notification, NotificationSettings
from rapport.engine.accounts.notifications import Notice, Told, notify, notify_all
from rapport.engine.accounts.notifications.links import link_to
from rapport.engine.accounts.notifications.mailing import mail_user, mail_what_is_due
from rapport.engine.accounts.notifications.settings import change_settings, is_quiet, last_daily, settings_of
from rapport.engine.accounts.notifications.telling import TELLERS
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import JournalEntry
from rapport.engine.outbox.mail import compose
from rapport.engine.outbox.models import OutgoingMessage
from rapport.engine.outbox.server import mail_server as server_in_force
from rapport.engine.records.actions import create_record, delete_records
from rapport.engine.records.registry import record_type

People = record_type("people")
OSLO = ZoneInfo("Europe/Oslo")
NOON = datetime(2026, 11, 23, 12, tzinfo=OSLO)  # a Monday


@pytest.fixture
def clock(monkeypatch, settings):
    """The time of day, which tests put forward themselves."""
    settings.TIME_ZONE = "Europe/Oslo"
    timezone.get_default_timezone.cache_clear()

    class Clock:
        now = NOON

        def go(self, **time):
            self.now += timedelta(**time)

    made = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: made.now)
    yield made
    timezone.get_default_timezone.cache_clear()


@pytest.fixture
def people(dana):
    with open_act(dana.actor) as act:
        return [create_record(act, People, {"name": name}) for name in ("Amara Okafor", "Bruno Costa")]


@pytest.fixture
def choose(bob):
    def chosen(**values):
        with open_act(bob.actor) as act:
            return change_settings(act, bob, **values)

    return chosen


@pytest.fixture
def muted(monkeypatch):
    done = []
    mutings = [lambda user, slug, key: done.append((user.pk, slug, key))]
    monkeypatch.setattr("rapport.engine.accounts.notifications.muting.MUTINGS", mutings)
    return done


def told(user, record, title, **more):
    notice = {"key": f"{record.pk} {title}", "title": title, "record_type": "people", "record_id": record.pk}
    notify_all([Notice(user_id=user.pk, **notice, **more)])


def mailed():
    """Each mail as (to, subject, text)."""
    mail_what_is_due()
    return [(one.to, one.subject, one.content()["text"]) for one in OutgoingMessage.objects.order_by("created_at")]


def subjects():
    return [subject for _to, subject, _text in mailed()]


@pytest.mark.usefixtures("mail_server")
class TestSoon:
    def test_what_is_unread_after_a_quarter_of_an_hour_is_mailed_once(self, bob, people, clock):
        amara, _bruno = people
        told(bob, amara, "Dana spoke", body="Two lines\nof it")
        clock.go(minutes=14)
        assert mailed() == []
        told(bob, amara, "Dana wrote")
        clock.go(minutes=1)
        ((to, subject, text),) = mailed()
        assert to == bob.email
        assert subject == "2 notifications about Amara Okafor"
        assert f"Amara Okafor\nhttp://127.0.0.1:8000/people/{amara.pk}/" in text
        assert "- Dana spoke\n  Two lines\n  of it" in text
        clock.go(hours=1)
        assert len(mailed()) == 1

    def test_one_mail_tells_of_all_records_that_are_due(self, bob, people, clock):
        for one in people:
            told(bob, one, "Spoke")
        notify(bob.pk, title="Import finished", url="/imports/1", key="1")
        clock.go(minutes=16)
        ((_to, subject, text),) = mailed()
        assert subject == "3 notifications"
        assert text.index("Import finished") < text.index("Bruno Costa") < text.index("Amara Okafor")

    def test_a_record_is_mailed_of_every_quarter_of_an_hour_at_most(self, bob, people, clock):
        amara, bruno = people
        told(bob, amara, "First")
        clock.go(minutes=16)
        assert subjects() == ["First"]
        told(bob, amara, "Second")
        told(bob, bruno, "Else")
        clock.go(minutes=10)
        told(bob, amara, "Third")
        assert subjects() == ["First"]
        clock.go(minutes=6)
        assert subjects() == ["First", "3 notifications"]

    def test_what_came_just_now_about_another_record_waits(self, bob, people, clock):
        amara, bruno = people
        told(bob, amara, "First")
        clock.go(minutes=10)
        told(bob, bruno, "Else")
        clock.go(minutes=6)
        assert subjects() == ["First"]
        clock.go(minutes=9)
        assert subjects() == ["First", "Else"]

    @pytest.mark.parametrize("state", ["read_at", "done_at", "snoozed_until"])
    def test_nothing_of_what_is_dealt_with(self, bob, people, clock, state):
        told(bob, people[0], "Spoke")
        Notification.objects.update(**{state: clock.now})
        clock.go(minutes=16)
        assert mailed() == []

    def test_what_is_not_important_is_mailed_to_who_wants_everything(self, bob, dana, people, clock, choose):
        told(bob, people[0], "By the way", is_important=False)
        clock.go(minutes=16)
        assert mailed() == []
        choose(everything=True)
        assert mailed() == []
        told(bob, people[0], "And this", is_important=False)
        clock.go(minutes=16)
        assert subjects() == ["And this"]

    def test_nothing_of_what_the_reader_cannot_see_any_more(self, bob, dana, people, clock):
        amara, bruno = people
        told(bob, amara, "Spoke of Amara")
        told(bob, bruno, "Spoke of Bruno")
        with open_act(dana.actor) as act:
            delete_records(act, People, [amara])
        clock.go(minutes=16)
        ((_to, subject, text),) = mailed()
        assert subject == "Spoke of Bruno"
        assert "Amara" not in text
        assert Notification.objects.get(record_id=amara.pk).state == "done"

    def test_a_user_who_may_not_sign_in_gets_none(self, bob, dana, people, clock):
        told(bob, people[0], "Spoke")
        with open_act(dana.actor) as act:
            deactivate_user(act, bob)
        clock.go(minutes=16)
        assert mailed() == []

    def test_one_who_cannot_be_written_to_holds_up_nobody_else(self, bob, dana, people, clock, monkeypatch):
        def words(actor, notices):
            if actor.name == "Bob":
                raise RuntimeError("This teller is broken.")
            return {one.pk: Told("Made well") for one in notices}

        monkeypatch.setitem(TELLERS, "broken", words)
        told(bob, people[0], "First", kind="broken")
        told(dana, people[0], "Second", kind="broken")
        clock.go(minutes=16)
        with pytest.raises(RuntimeError, match="broken"):
            mail_what_is_due()
        assert [one.subject for one in OutgoingMessage.objects.all()] == ["Made well"]
        assert set(Notification.objects.filter(mailed_at=None).values_list("user", flat=True)) == {bob.pk}

    def test_what_is_more_than_a_mail_holds_is_counted(self, bob, people, clock):
        notify_all([Notice(user_id=bob.pk, key=str(number), title=f"N{number}") for number in range(60)])
        clock.go(minutes=16)
        ((_to, subject, text),) = mailed()
        assert subject == "60 notifications"
        assert text.count("\n- N") + text.startswith("- N") == 50
        assert "And 10 more." in text
        assert len(mailed()) == 1

    def test_what_waited_for_a_week_is_not_mailed(self, bob, people, clock):
        told(bob, people[0], "Spoke")
        clock.go(days=8)
        assert mailed() == []


def test_without_a_mail_server_nothing_is_taken(bob, people, clock, monkeypatch):
    told(bob, people[0], "Spoke")
    clock.go(minutes=16)
    assert mailed() == []
    assert Notification.objects.get().mailed_at is None
    monkeypatch.setenv("RAPPORT_SMTP_URL", "smtp://127.0.0.1:2525?from=crm@northwind.example")
    assert subjects() == ["Spoke"]


@pytest.mark.usefixtures("mail_server")
class TestWhen:
    def test_the_daily_mail_comes_at_its_hour_with_what_is_unread(self, bob, people, clock, choose):
        choose(mails=Mails.DAILY, daily_at=time(8))
        told(bob, people[0], "Spoke")
        clock.go(hours=19, minutes=59)
        assert mailed() == []
        told(bob, people[1], "Wrote")
        clock.go(minutes=1)
        assert subjects() == ["2 notifications"]
        clock.go(minutes=1)
        told(bob, people[0], "Spoke again")
        clock.go(hours=23, minutes=58)
        assert len(mailed()) == 1
        clock.go(minutes=1)
        assert subjects() == ["2 notifications", "Spoke again"]

    def test_never_is_never_not_even_later(self, bob, people, clock, choose):
        choose(mails=Mails.NEVER)
        told(bob, people[0], "Spoke")
        clock.go(minutes=16)
        assert mailed() == []
        choose(mails=Mails.SOON)
        assert mailed() == []

    def test_mails_wait_until_it_is_no_longer_quiet(self, bob, people, clock, choose):
        choose(quiet_from=time(12, 10), quiet_until=time(7))
        told(bob, people[0], "Spoke")
        clock.go(minutes=16)
        assert mailed() == []
        clock.go(hours=18, minutes=43)
        assert mailed() == []
        clock.go(minutes=1)
        assert subjects() == ["Spoke"]

    def test_mails_wait_until_the_weekend_is_over(self, bob, people, clock, choose):
        choose(not_on_weekends=True)
        clock.now = datetime(2026, 11, 28, 0, 5, tzinfo=OSLO)
        told(bob, people[0], "Spoke")
        clock.go(hours=47, minutes=54)
        assert mailed() == []
        clock.go(minutes=1)
        assert subjects() == ["Spoke"]

    def test_the_clock_is_the_readers(self, bob, people, clock, choose):
        with open_act(bob.actor) as act:
            act.change(bob, time_zone="America/New_York")
        choose(quiet_from=time(6), quiet_until=time(7))
        told(bob, people[0], "Spoke")
        clock.go(minutes=16)
        assert mailed() == []
        clock.go(minutes=45)
        assert subjects() == ["Spoke"]


def test_nobody_chooses_for_somebody_else(bob, dana):
    with pytest.raises(NotAllowed), open_act(dana.actor) as act:
        change_settings(act, bob, mails=Mails.NEVER)
    assert settings_of(bob).mails == Mails.SOON


@pytest.mark.parametrize(
    ("begins", "ends", "at", "quiet"),
    [
        ("22:00", "07:00", "23:30", True),
        ("22:00", "07:00", "06:59", True),
        ("22:00", "07:00", "07:00", False),
        ("12:00", "13:00", "12:00", True),
        ("12:00", "13:00", "13:00", False),
    ],
)
def test_quiet_hours_may_pass_midnight(begins, ends, at, quiet):
    row = NotificationSettings(quiet_from=time.fromisoformat(begins), quiet_until=time.fromisoformat(ends))
    assert is_quiet(row, datetime.combine(NOON.date(), time.fromisoformat(at), OSLO), OSLO) == quiet


def test_the_hour_of_the_daily_mail_is_that_of_the_wall_also_when_the_clock_is_put_back():
    now = datetime(2026, 10, 25, 12, tzinfo=OSLO)
    assert last_daily(time(8), now, OSLO).isoformat() == "2026-10-25T08:00:00+01:00"
    assert last_daily(time(13), now, OSLO).isoformat() == "2026-10-24T13:00:00+02:00"


@pytest.mark.usefixtures("mail_server")
class TestLinks:
    @pytest.fixture
    def mail(self, bob, people, clock, muted):
        told(bob, people[0], "Spoke", body="<script>")
        clock.go(minutes=16)
        mail_what_is_due()
        return message_from_bytes(compose(OutgoingMessage.objects.get(), server_in_force()), policy=default)

    @pytest.fixture
    def stranger(self):
        return Client(enforce_csrf_checks=True)

    def test_a_mail_says_the_same_as_text_and_as_html(self, mail):
        text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
        assert set(re.findall(r"http://\S+", text)) == set(re.findall(r'href="([^"]+)"', html))
        assert "&lt;script&gt;" in html

    def test_mail_programs_stop_it_by_one_click(self, mail, stranger, bob):
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        path = mail["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
        assert stranger.get(path).status_code == 200
        assert settings_of(bob).mails == Mails.SOON
        assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert settings_of(bob).mails == Mails.NEVER
        entry = JournalEntry.objects.order_by("-at").first()
        assert (entry.user_id, entry.reason) == (bob.pk, "link in a mail")

    def test_each_link_does_what_it_says(self, mail, stranger, bob, people, muted):
        text = mail.get_body(["plain"]).get_content()
        paths = {line.split(": ")[0].strip(): line.split("8000")[-1] for line in text.splitlines() if "/mail/" in line}
        assert set(paths) == {"Less about this", "A daily mail instead", "No more mails"}
        assert "Less about Amara Okafor" in stranger.get(paths["Less about this"]).text
        assert muted == []
        stranger.post(paths["Less about this"])
        assert muted == [(bob.pk, "people", people[0].pk)]
        stranger.post(paths["A daily mail instead"])
        assert settings_of(bob).mails == Mails.DAILY

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_link_that_was_changed_does_nothing(self, bob, stranger, method):
        path = link_to(bob, "never").removeprefix("http://127.0.0.1:8000")
        for wrong in (path[:-3] + "abc", "/bell/mail/x", "/bell/mail/" + "a:b:c"):
            assert getattr(stranger, method)(wrong).status_code == 410
        assert settings_of(bob).mails == Mails.SOON

    def test_the_link_of_who_may_not_sign_in_does_nothing(self, bob, dana, stranger):
        path = link_to(bob, "never").removeprefix("http://127.0.0.1:8000")
        with open_act(dana.actor) as act:
            deactivate_user(act, bob)
        assert stranger.post(path).status_code == 410


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("mail_server")
class TestAtOnce:
    def test_who_dies_on_the_way_neither_mails_nor_marks(self, bob, people, clock):
        told(bob, people[0], "Spoke")
        clock.go(minutes=16)
        with transaction.atomic():
            assert mail_user(bob.pk, clock.now) == 1
            transaction.set_rollback(True)
        assert not OutgoingMessage.objects.exists()
        assert subjects() == ["Spoke"]

    def test_two_workers_mail_it_once(self, bob, people, clock):
        told(bob, people[0], "Spoke")
        clock.go(minutes=16)
        with ThreadPoolExecutor(1) as other, transaction.atomic():
            assert mail_user(bob.pk, clock.now) == 1
            other.submit(in_another_process).result(timeout=20)
        assert subjects() == ["Spoke"]


def in_another_process():
    mail_what_is_due()
    connection.close()
