"""Notifications over the API: one's own, in each state, and the settings of their mails."""

from datetime import timedelta

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from rapport.engine.accounts import actions
from rapport.engine.accounts.models import Notification, NotificationSettings, Scope
from rapport.engine.accounts.notifications import Notice, notify, notify_all
from rapport.engine.accounts.notifications.settings import change_settings
from rapport.engine.events.act import open_act
from rapport.engine.events.undo import undo_batch
from rapport.engine.records.actions import create_record
from rapport.engine.records.registry import record_type


class Program:
    """A program with a token of a user."""

    def __init__(self, user, scope=Scope.WRITE):
        with open_act(user.actor) as act:
            _token, secret = actions.create_token(act, user, name="program", scope=scope)
        self.headers = {"Authorization": f"Bearer {secret}"}

    def __call__(self, method, path, body=None):
        sent = b"" if body is None else orjson.dumps(body)
        answer = Client().generic(
            method, f"/api/v1/{path}", sent, content_type="application/json", headers=self.headers
        )
        return answer.status_code, orjson.loads(answer.content)


@pytest.fixture
def program(bob):
    return Program(bob)


@pytest.fixture
def amara(dana):
    with open_act(dana.actor) as act:
        return create_record(act, record_type("people"), {"name": "Amara Okafor"})


@pytest.fixture
def about_amara(bob, dana, amara):
    about = {"record_type": "people", "record_id": amara.pk, "who_id": dana.pk}
    notify_all([Notice(user_id=bob.pk, key="amara", title="Spoke", body="Body", is_important=False, **about)])
    return Notification.objects.get(key="amara")


def test_a_notice_says_what_it_is_about(program, about_amara, amara, dana):
    status, answer = program("GET", "notifications")
    assert status == 200
    (item,) = answer["items"]
    assert item["record"] == {"type": "people", "id": str(amara.pk), "title": "Amara Okafor"}
    expected = {
        "id": str(about_amara.pk),
        "state": "unread",
        "title": "Spoke",
        "body": "Body",
        "url": f"/people/{amara.pk}/",
        "who": str(dana.pk),
        "important": False,
        "until": None,
    }
    assert expected.items() <= item.items()


def test_pages_of_the_list_lead_on(bob, program):
    for number in range(5):
        notify(bob.pk, title=f"N{number}", url="", key=str(number))
    _status, first = program("GET", "notifications?limit=3")
    _status, second = program("GET", f"notifications?limit=3&cursor={first['next']}")
    assert [one["title"] for one in (*first["items"], *second["items"])] == ["N4", "N3", "N2", "N1", "N0"]
    assert second["next"] is None


@pytest.mark.parametrize("wrong", ["state=lost", "cursor=x", "limit=0", "what=1"])
def test_what_makes_no_sense_is_refused(program, wrong):
    assert program("GET", f"notifications?{wrong}")[0] == 400


def test_each_state_can_be_set_and_asked_for(bob, program, about_amara):
    until = (timezone.now() + timedelta(days=1)).isoformat()
    for state in ("read", "done", "snoozed", "unread", "snoozed", "done", "unread"):
        body = {"state": state} | ({"until": until} if state == "snoozed" else {})
        status, item = program("PATCH", f"notifications/{about_amara.pk}", body)
        assert (status, item["state"]) == (200, state)
        for asked in ("unread", "read", "snoozed", "done"):
            _status, answer = program("GET", f"notifications?state={asked}")
            assert len(answer["items"]) == (asked == state)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"state": "lost"},
        {"state": "snoozed"},
        {"state": "snoozed", "until": "2020-01-01T00:00Z"},
        {"state": "snoozed", "until": "2026-01-01"},
        {"state": "read", "title": "Mine"},
    ],
)
def test_a_state_that_makes_no_sense_is_refused(program, about_amara, body):
    assert program("PATCH", f"notifications/{about_amara.pk}", body)[0] == 422
    about_amara.refresh_from_db()
    assert about_amara.state == "unread"


def test_all_that_is_about_a_record_is_done_at_once(bob, program, about_amara, amara):
    notify(bob.pk, title="Import finished", url="", key="import")
    body = {"record_type": "people", "record_id": str(amara.pk)}
    assert program("POST", "notifications/done", body)[1]["done"] == 1
    assert program("POST", "notifications/done", {})[1]["done"] == 1
    assert program("POST", "notifications/done", {"record_type": "people"})[0] == 422


def test_notices_of_others_are_not_there(dana, about_amara):
    stranger = Program(dana)
    assert stranger("GET", "notifications")[1]["items"] == []
    assert stranger("PATCH", f"notifications/{about_amara.pk}", {"state": "done"})[0] == 404
    assert stranger("POST", "notifications/done", {})[1]["done"] == 0
    about_amara.refresh_from_db()
    assert about_amara.state == "unread"


def test_a_token_that_reads_changes_nothing(bob, about_amara):
    reader = Program(bob, Scope.READ)
    assert len(reader("GET", "notifications")[1]["items"]) == 1
    assert reader("PATCH", f"notifications/{about_amara.pk}", {"state": "done"})[0] == 403
    assert reader("PUT", "notification-settings", {"mails": "never"})[0] == 403


def test_whoever_looks_on_sees_their_own(dana, about_amara, bob, signed_in):
    browser = signed_in(dana)
    browser.post(f"/settings/users/{bob.pk}/view-as")
    assert browser.get("/api/v1/notifications").json()["items"] == []


class TestSettings:
    def test_they_are_as_by_default_until_somebody_chooses(self, program, bob):
        status, default = program("GET", "notification-settings")
        assert status == 200
        assert default["mails"] == "soon"
        assert default["daily_at"] == "08:00"
        chosen = default | {"mails": "daily", "daily_at": "07:30", "quiet_from": "22:00", "quiet_until": "06:00"}
        assert program("PUT", "notification-settings", chosen) == (200, chosen)
        assert program("GET", "notification-settings") == (200, chosen)
        assert program("PUT", "notification-settings", {"everything": True})[1] == default | {"everything": True}
        assert NotificationSettings.objects.count() == 1

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            ({"mails": "often"}, "/mails"),
            ({"daily_at": "25:00"}, "/daily_at"),
            ({"daily_at": None}, "/daily_at"),
            ({"quiet_from": "22:00"}, "/quiet_until"),
            ({"quiet_from": "22:00", "quiet_until": "22:00"}, "/quiet_until"),
            ({"everything": "yes"}, "/everything"),
            ({"colour": "red"}, "/colour"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, program, body, place):
        status, problem = program("PUT", "notification-settings", body)
        assert status == 422
        assert [one["pointer"] for one in problem["errors"]] == [place]
        assert not NotificationSettings.objects.exists()

    def test_a_person_sets_them_on_a_page(self, bob, signed_in):
        browser, page = signed_in(bob), "/settings/notifications/"
        said = {"mails": "never", "daily_at": "09:00", "not_on_weekends": "on"}
        assert browser.post(page, said).status_code == 302
        row = NotificationSettings.objects.get()
        assert (row.user, row.mails, row.not_on_weekends) == (bob, "never", True)
        answer = browser.post(page, said | {"quiet_from": "22:00"})
        assert answer.status_code == 422
        assert "leave both empty" in answer.text

    @pytest.mark.parametrize(("by", "left"), [("bob", "daily"), ("dana", "never")])
    def test_a_change_is_taken_back_by_its_user_alone(self, bob, dana, program, by, left):
        program("PUT", "notification-settings", {"mails": "daily"})
        with open_act(bob.actor) as act:
            change_settings(act, bob, mails="never")
        batch = act.batch
        with open_act({"bob": bob, "dana": dana}[by].actor) as act:
            undo_batch(act, batch)
        assert NotificationSettings.objects.get().mails == left
