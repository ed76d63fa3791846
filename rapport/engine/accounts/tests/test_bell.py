"""The notification centre: grouped by record, in four states, and only one's own."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.notifications import Notice, bell_state, notify, notify_all
from rapport.engine.accounts.notifications.groups import groups_of
from rapport.engine.accounts.notifications.snoozing import bring_back, snooze_times
from rapport.engine.events.act import open_act
from rapport.engine.records.actions import create_record
from rapport.engine.records.registry import record_type

BELL = "/bell/"
People = record_type("people")


@pytest.fixture
def people(dana):
    with open_act(dana.actor) as act:
        return [create_record(act, People, {"name": name}) for name in ("Amara Okafor", "Bruno Costa")]


def told(user, record, title, key=None, **more):
    key = key or f"{record.pk} {title}"
    notify_all([Notice(user_id=user.pk, key=key, title=title, record_type="people", record_id=record.pk, **more)])
    return Notification.objects.get(user=user, key=key)


def states(user):
    return {one.title: one.state for one in Notification.objects.filter(user=user)}


def record(one):
    return f"people/{one.pk}"


def now():
    return timezone.now().isoformat()


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


def test_notices_stand_below_their_record_the_newest_group_first(bob, dana, people, signed_in):
    amara, bruno = people
    for number in range(5):
        told(bob, amara, f"Spoke {number}", who_id=dana.pk)
    told(bob, bruno, "Wrote")
    told(bob, amara, "Spoke last")
    page = signed_in(bob).get(BELL).text
    places = [page.index(words) for words in ("Amara Okafor</a>", "Spoke last", "3 earlier", "Bruno Costa</a>")]
    assert places == sorted(places)
    assert page.count("Amara Okafor</a>") == 1
    assert page.index("Spoke 3") < page.index("3 earlier") < page.index("Spoke 2")


def test_pages_of_groups_lead_on(bob, signed_in):
    for number in range(30):
        notify(bob.pk, title=f"Number {number:02}", url="", key=str(number))
    browser = signed_in(bob)
    first = browser.get(BELL)
    assert "Number 05" in first.text
    assert "Number 04" not in first.text
    next_page = first.text.split('rel="next"')[0].split('href="')[-1].rstrip('" ').replace("&amp;", "&")
    second = browser.get(next_page).text
    assert "Number 04" in second
    assert "Number 05" not in second


def test_a_record_stands_on_one_page_whatever_else_is_told_of_it(bob, people, signed_in, monkeypatch):
    monkeypatch.setattr("rapport.engine.accounts.notifications.groups.CHUNK", 3)
    amara, bruno = people
    told(bob, amara, "Oldest")
    for number in range(24):
        notify(bob.pk, title=f"Number {number:02}", url="", key=str(number))
        told(bob, bruno, f"Wrote {number}")
    told(bob, amara, "Newest")
    notify(bob.pk, title="Last", url="", key="last")
    first = groups_of(bob, "unread")
    titles = [group.newest.title for group in first.groups]
    assert titles[:4] == ["Last", "Newest", "Wrote 23", "Number 23"]
    assert len(titles) == 25
    assert [group.total for group in first.groups[:4]] == [1, 2, 24, 1]
    second = groups_of(bob, "unread", after=first.next)
    assert [group.newest.title for group in second.groups] == ["Number 01", "Number 00"]
    assert second.next is None


@pytest.mark.parametrize("before", ["x", "~", "2026-01-01~1", "2026-01-01T00:00:00+00:00~x", f"{datetime.max}~9"])
def test_a_nonsensical_place_is_the_first(bob, signed_in, before):
    notify(bob.pk, title="First", url="", key="1")
    answer = signed_in(bob).get(BELL, {"before": before})
    assert answer.status_code == 200


class TestDeeds:
    @pytest.fixture(autouse=True)
    def _told(self, bob, people, signed_in):
        self.amara, self.bruno = people
        for number in (1, 2):
            told(bob, self.amara, f"Amara {number}")
        told(bob, self.bruno, "Bruno")
        self.browser = signed_in(bob)

    def do(self, deed, **said):
        answer = self.browser.post(f"{BELL}{deed}", said)
        assert answer.status_code == 302
        return answer

    def test_done_is_about_the_record_up_to_what_the_page_showed(self, bob):
        shown = now()
        told(bob, self.amara, "Came since")
        self.do("done", record=record(self.amara), up_to=shown)
        assert states(bob) == {"Amara 1": "done", "Amara 2": "done", "Bruno": "unread", "Came since": "unread"}
        assert "Amara 1" in self.browser.get(f"{BELL}?state=done").text

    def test_the_way_back_after_done_stands_in_the_toast(self, bob):
        self.do("read", record=record(self.bruno), up_to=now())
        self.do("done", state="all", up_to=now())
        assert set(states(bob).values()) == {"done"}
        page = self.browser.get(BELL).text
        way_back = re.search(r'action="(/bell/back\?done_at=[^"]+)"', page)
        self.browser.post(way_back[1])
        assert states(bob) == {"Amara 1": "unread", "Amara 2": "unread", "Bruno": "read"}

    def test_what_is_done_earlier_is_not_put_back_with_it(self, bob):
        self.do("done", record=record(self.bruno), up_to=now())
        self.do("done", record=record(self.amara), up_to=now())
        moment = Notification.objects.filter(record_id=self.amara.pk).first().done_at
        self.browser.post(f"{BELL}back", {"done_at": moment.isoformat()})
        assert states(bob) == {"Amara 1": "unread", "Amara 2": "unread", "Bruno": "done"}

    def test_read_and_unread(self, bob):
        self.do("read", record=record(self.amara), up_to=now())
        assert bell_state(bob) == {"unread": 1}
        self.do("unread", state="all", record=record(self.amara), up_to=now())
        assert states(bob) == {"Amara 1": "read", "Amara 2": "unread", "Bruno": "unread"}

    def test_one_notice_is_meant_by_its_number(self, bob):
        one = Notification.objects.get(title="Amara 1")
        self.do("read", notice=one.pk)
        assert states(bob) == {"Amara 1": "read", "Amara 2": "unread", "Bruno": "unread"}

    def test_snoozed_leaves_the_list_and_comes_back_unread_and_first(self, bob):
        self.do("read", record=record(self.amara), up_to=now())
        self.do("snooze", state="all", record=record(self.amara), up_to=now(), until="hour")
        assert states(bob)["Amara 1"] == states(bob)["Amara 2"] == "snoozed"
        assert "Amara" not in self.browser.get(f"{BELL}?state=all").text
        assert "Amara 2" in self.browser.get(f"{BELL}?state=snoozed").text
        assert not bring_back()
        assert bell_state(bob) == {"unread": 1}
        over = timezone.now() - timedelta(seconds=1)
        Notification.objects.filter(snoozed_until__isnull=False).update(snoozed_until=over)
        bring_back()
        assert bell_state(bob) == {"unread": 3}
        page = self.browser.get(BELL).text
        assert page.index("Amara 2") < page.index("Bruno")

    def test_snoozed_can_be_put_back_at_once(self, bob):
        self.do("snooze", record=record(self.bruno), up_to=now(), until="monday")
        self.do("back", state="snoozed", record=record(self.bruno), up_to=now())
        assert states(bob)["Bruno"] == "unread"

    def test_less_of_a_record_is_offered_where_a_room_does_it(self, bob, monkeypatch):
        muted = []
        monkeypatch.setattr("rapport.engine.accounts.notifications.muting.MUTINGS", [])
        assert "Less of this" not in self.browser.get(BELL).text
        monkeypatch.setattr(
            "rapport.engine.accounts.notifications.muting.MUTINGS",
            [lambda user, slug, key: muted.append((user.pk, slug, key))],
        )
        assert "Less of this" in self.browser.get(BELL).text
        self.do("mute", record=record(self.amara), up_to=now())
        assert muted == [(bob.pk, "people", self.amara.pk)]
        assert states(bob)["Amara 1"] == "read"

    @pytest.mark.parametrize(
        "said",
        [{}, {"up_to": "x"}, {"up_to": "2026-01-01"}, {"notice": "x"}, {"notice": "9" * 30}, {"record": "people/x"}],
    )
    @pytest.mark.parametrize("deed", ["done", "read", "snooze", "back"])
    def test_nonsense_changes_nothing(self, bob, deed, said):
        before = states(bob)
        self.do(deed, **said)
        assert states(bob) == before

    def test_there_are_no_other_deeds(self):
        assert self.browser.post(f"{BELL}destroy", {"up_to": now()}).status_code == 404

    def test_the_bell_of_others_is_theirs(self, bob, dana, signed_in):
        browser, before = signed_in(dana), states(bob)
        assert "Bruno" not in browser.get(BELL).text
        for deed in ("done", "read", "snooze"):
            for said in ({"up_to": now()}, {"record": record(self.amara)}, {"notice": Notification.objects.first().pk}):
                browser.post(f"{BELL}{deed}", {"until": "hour", **said})
        assert states(bob) == before

    def test_whoever_looks_on_changes_nothing_and_sees_their_own(self, bob, dana, signed_in):
        browser, before = signed_in(dana), states(bob)
        notify(dana.pk, title="For Dana", url="", key="dana")
        browser.post(f"/settings/users/{bob.pk}/view-as")
        page = browser.get(BELL).text
        assert "For Dana" in page
        assert "Bruno" not in page
        assert browser.post(f"{BELL}done", {"up_to": now()}).status_code == 403
        assert states(dana) == {"For Dana": "unread"}
        assert states(bob) == before


def test_an_empty_bell_says_what_belongs_there(bob, signed_in):
    browser = signed_in(bob)
    assert "Nothing new" in browser.get(BELL).text
    assert "Nothing snoozed" in browser.get(f"{BELL}?state=snoozed").text
    assert "Nothing done" in browser.get(f"{BELL}?state=done").text


def test_a_page_costs_the_same_for_many_groups(bob, dana, signed_in, pinned_queries):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(BELL).status_code == 200
        return len(asked)

    browser = signed_in(bob)
    browser.get(BELL)
    with open_act(dana.actor) as act:
        some = [create_record(act, People, {"name": f"Person {number}"}) for number in range(20)]
    told(bob, some[0], "Spoke", who_id=dana.pk)
    browser.get(BELL)
    first = cost()
    for one in some[1:]:
        told(bob, one, "Spoke", who_id=dana.pk)
        told(bob, one, "Spoke again", who_id=dana.pk)
    assert cost() == first
    pinned_queries("notifications", first)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # The clock is put forward in the night before the Sunday.
        ("2026-03-28T20:00", ["2026-03-28T21:00+01:00", "2026-03-29T09:00+02:00", "2026-03-30T09:00+02:00"]),
        (
            "2026-11-23T10:00",
            ["2026-11-23T11:00+01:00", "2026-11-23T14:00+01:00", "2026-11-24T09:00+01:00", "2026-11-30T09:00+01:00"],
        ),
    ],
)
def test_snoozing_goes_by_the_clock_on_the_readers_wall(moment, expected):
    zone = ZoneInfo("Europe/Oslo")
    offered = snooze_times(datetime.fromisoformat(moment).replace(tzinfo=zone).astimezone(UTC), zone)
    times = [at.astimezone(zone).isoformat(timespec="minutes") for _label, at in offered.values()]
    assert times == expected
