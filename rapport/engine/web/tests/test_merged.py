"""Pages of records that were merged: old addresses lead to the survivor, whose page tells both stories."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.records.tests.merging.support import merge, part

PART = {"HX-Request": "true"}


@pytest.fixture
def pair(alice, make):
    return tuple(make(alice, "people", name=name, owner="me") for name in ("Ann Lee", "Anne Lee"))


def test_old_addresses_lead_to_the_survivor(alice, browse, pair):
    ann, anne = pair
    merge(alice, "people", ann, anne)
    client = browse(alice)
    for path in ("", "timeline", "edit/source"):
        answer = client.get(f"/people/{anne.pk}/{path}")
        assert (answer.status_code, answer["Location"]) == (302, f"/people/{ann.pk}/"), path
    answer = client.post(f"/people/{anne.pk}/restore")
    assert (answer.status_code, answer["Location"]) == (302, f"/people/{ann.pk}/")


def test_who_does_not_see_the_survivor_is_led_nowhere(alice, charlie, browse, make, pair):
    ann, _anne = pair
    theirs = make(charlie, "people", name="Annie", owner="me")
    merge(alice, "people", ann, theirs)
    assert browse(charlie).get(f"/people/{theirs.pk}/").status_code == 404


def test_the_survivor_tells_both_stories_by_no_more_queries(alice, browse, make, pair):
    ann, anne = pair
    make(alice, "notes", text="Heard at the fair", about_type="people", about_id=str(anne.pk))
    client = browse(alice)
    client.get(f"/people/{ann.pk}/")
    with CaptureQueriesContext(connection) as before:
        client.get(f"/people/{ann.pk}/")
    merged = merge(alice, "people", ann, anne)
    with CaptureQueriesContext(connection) as after:
        page = client.get(f"/people/{ann.pk}/").content.decode()
    assert "Heard at the fair" in page
    assert "merged 1 other record into it" in page
    assert "created the person" in page
    # What the entries of others point at, the note with its text, what was merged, and what that was called.
    assert len(after) <= len(before) + 6
    part(alice, merged)
    page = client.get(f"/people/{ann.pk}/").content.decode()
    assert "took 1 record out of it again" in page
