"""Presence: who looks at a record at this moment, for those who may see it."""

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.notifications import Notice, notify_all
from rapport.engine.collaboration.jobs import sweep_presences
from rapport.engine.collaboration.models import Presence
from rapport.engine.collaboration.presence import WITHIN, come, forget_presences, leave, present
from rapport.engine.collaboration.tests.support import make
from tests.fixtures.pinned import pinned_queries

__all__ = ["pinned_queries"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(alice):
    return make(alice, name="Amara Okafor", owner=str(alice.pk))


def beat(client, row, **more):
    return client.post("/here", {"on": f"people/{row.pk}", **more})


def test_two_at_once_see_each_other_and_leaving_ends_it(alice, dana, browse, amara):
    hers, his = browse(alice), browse(dana)
    assert beat(hers, amara).text.strip() == ""
    assert "Alice is here too" in beat(his, amara).text
    assert "Dana is here too" in beat(hers, amara).text
    assert beat(his, amara, left="1").status_code == 204
    assert beat(hers, amara).text.strip() == ""
    assert present("people", amara.pk) == {alice.pk}


def test_who_says_nothing_for_a_minute_is_gone(alice, dana, amara):
    come(alice.pk, "people", amara.pk)
    Presence.objects.update(seen_at=timezone.now() - WITHIN - timedelta(seconds=1))
    assert present("people", amara.pk) == set()
    assert come(dana.pk, "people", amara.pk) == []


def test_presence_is_of_one_record(alice, amara):
    other = make(alice, name="Bruno")
    come(alice.pk, "people", amara.pk)
    assert present("people", other.pk) == present("companies", amara.pk) == set()


def test_only_who_may_see_the_record_is_there_and_learns_who_is(alice, charlie, browse, amara):
    come(alice.pk, "people", amara.pk)
    client = browse(charlie)
    assert beat(client, amara).status_code == 404
    strange = (f"people/{uuid4()}", "people/x", "", f"nothing/{amara.pk}")
    assert [client.post("/here", {"on": one}).status_code for one in strange] == [404] * 4
    assert present("people", amara.pk) == {alice.pk}


def test_who_only_looks_on_is_not_there(dana, alice, browse, amara):
    client = browse(dana)
    client.post(f"/settings/users/{alice.pk}/view-as")
    assert "r-presence" not in client.get(f"/people/{amara.pk}/").text
    assert beat(client, amara).status_code == 403
    assert present("people", amara.pk) == set()


def test_what_one_looks_at_is_seen(alice, browse, amara):
    notify_all([Notice(user_id=alice.pk, key="1", record_type="people", record_id=amara.pk, title="x")])
    beat(browse(alice), amara)
    assert Notification.objects.get().state == "read"


def test_a_beat_is_cheap(alice, browse, amara, pinned_queries):
    client = browse(alice)
    beat(client, amara)
    with CaptureQueriesContext(connection) as queries:
        beat(client, amara)
    pinned_queries("who is here: a beat", len(queries))


def test_what_is_a_day_old_is_swept_away(alice, dana, amara):
    come(alice.pk, "people", amara.pk)
    Presence.objects.update(seen_at=timezone.now() - timedelta(days=1, minutes=1))
    come(dana.pk, "people", amara.pk)
    sweep_presences.function(None)
    assert set(Presence.objects.values_list("user_id", flat=True)) == {dana.pk}
    assert forget_presences(before=timezone.now() + timedelta(seconds=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_pages_are_woken_by_who_comes_and_goes_and_not_by_who_stays(alice, amara):
    def woken(deed):
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
            listener.execute("LISTEN record")
            deed()
            return [one.payload for one in listener.notifies(timeout=0.3)]

    about = (alice.pk, "people", amara.pk)
    assert woken(lambda: come(*about)) == [str(amara.pk)]
    assert woken(lambda: come(*about)) == []
    assert woken(lambda: leave(*about)) == [str(amara.pk)]
    assert woken(lambda: leave(*about)) == []
