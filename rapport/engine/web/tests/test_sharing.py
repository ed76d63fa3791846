"""Sharing a record by its page: who gets there, what it says, and what comes of each form."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.records import gate
from rapport.engine.records.models import Share
from tests.fixtures.cast import make_user


@pytest.fixture
def tom(monkeypatch, db):
    """His role reaches what is his own."""
    monkeypatch.setitem(gate.POLICIES, "own", {"*": gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own"))})
    return make_user("Tom", "own")


@pytest.fixture
def amara(make, alice):
    return make(alice, "people", name="Amara Okafor", owner="me")


@pytest.fixture
def path(amara):
    return f"/people/{amara.pk}/"


def shared_with(tom, **more):
    return {"holder": f"user:{tom.pk}", "level": "read", "until": "", **more}


def text_of(answer):
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def test_somebody_is_let_in_by_the_page_and_out_again(alice, tom, browse, path):
    hers, his = browse(alice), browse(tom)
    assert his.get(path).status_code == 404
    page = hers.post(f"{path}share", shared_with(tom, until="2099-03-31"), follow=True)
    assert "Shared with Tom." in page.content.decode()
    assert 'value="2099-03-31"' in page.content.decode()
    assert his.get(path).status_code == 200
    share = Share.objects.get()
    assert 'aria-label="Shared with others"' in hers.get(path).content.decode()
    page = hers.post(f"{path}share/{share.pk}", {"level": "change", "until": ""}, follow=True)
    assert "The share with Tom was changed." in page.content.decode()
    assert his.post(f"{path}edit/source", {"source": "His"}).status_code == 302
    page = hers.post(f"{path}share/{share.pk}/end", follow=True)
    assert "No longer shared with Tom." in page.content.decode()
    assert his.get(path).status_code == 404
    assert 'aria-label="Shared with others"' not in hers.get(path).content.decode()
    undo = re.search(r'action="(/batches/[^"]+/undo)"', page.content.decode())
    hers.post(undo[1])
    assert his.get(path).status_code == 200


def test_who_only_sees_it_is_offered_nothing_and_refused(alice, tom, browse, path):
    hers, his = browse(alice), browse(tom)
    hers.post(f"{path}share", shared_with(tom))
    share = Share.objects.get()
    page = his.get(path).content.decode()
    assert f"{path}share" not in page
    assert f"{path}why" not in page
    assert "data-edit" not in page
    assert "/notes" not in page
    for answer in (
        his.get(f"{path}share"),
        his.post(f"{path}share", shared_with(tom, level="change")),
        his.post(f"{path}share/{share.pk}", {"level": "change"}),
        his.post(f"{path}share/{share.pk}/end"),
        his.get(f"{path}why"),
    ):
        assert answer.status_code == 403
    share.refresh_from_db()
    assert (share.level, share.is_deleted) == ("read", False)


def test_who_had_it_by_the_share_alone_and_ends_that_is_led_to_the_list(alice, tom, browse, path):
    browse(alice).post(f"{path}share", shared_with(tom, level="change"))
    answer = browse(tom).post(f"{path}share/{Share.objects.get().pk}/end")
    assert answer["Location"] == "/people/"


def test_what_is_wrong_is_said_and_what_was_typed_stays(alice, tom, browse, path):
    hers = browse(alice)
    answer = hers.post(f"{path}share", shared_with(tom, until="2020-01-01"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This day is over" in page
    assert 'value="2020-01-01"' in page
    assert f'value="user:{tom.pk}" selected' in page
    assert "Choose with whom" in hers.post(f"{path}share", {"holder": ""}).content.decode()
    hers.post(f"{path}share", shared_with(tom))
    answer = hers.post(f"{path}share/{Share.objects.get().pk}", {"level": "read", "until": "soon"}, follow=True)
    assert "Write the last day as a date" in answer.content.decode()


def test_whoever_has_it_and_oneself_are_not_offered(alice, tom, dana, browse, path):
    hers = browse(alice)
    hers.post(f"{path}share", shared_with(tom))
    page = hers.get(f"{path}share").content.decode()
    assert f"user:{dana.pk}" in page
    assert f"user:{tom.pk}" not in page
    assert f"user:{alice.pk}" not in page


def test_whose_role_keeps_it_from_them_is_told(alice, tom, browse, path, monkeypatch):
    browse(alice).post(f"{path}share", shared_with(tom))
    assert "does not let them" not in browse(alice).get(f"{path}share").content.decode()
    monkeypatch.setitem(gate.POLICIES, "own", {})
    assert "Their role does not let them see people." in browse(alice).get(f"{path}share").content.decode()


def test_a_deleted_record_is_not_shared_and_shows_no_sign(alice, tom, browse, path):
    hers = browse(alice)
    hers.post(f"{path}share", shared_with(tom))
    hers.post(f"{path}delete")
    assert hers.get(f"{path}share").status_code == 404
    assert f"{path}share" not in hers.get(path).content.decode()
    hers.post(f"{path}restore")
    assert 'aria-label="Shared with others"' in hers.get(path).content.decode()


def test_the_timeline_tells_it_in_words(alice, tom, browse, path):
    hers = browse(alice)
    hers.post(f"{path}share", shared_with(tom, until="2099-03-31"))
    share = Share.objects.get()
    hers.post(f"{path}share/{share.pk}", {"level": "change", "until": "2099-03-31"})
    hers.post(f"{path}share/{share.pk}/end")
    words = text_of(hers.get(path))
    for said in ("shared it with Tom until 31 Mar 2099", "lets Tom change it", "no longer shares it with Tom"):
        assert said in words, said


def test_a_page_costs_more_only_where_there_are_shares(alice, tom, browse, path, make):
    hers, other = browse(alice), make(alice, "people", name="Bruno", owner="me")
    hers.post(f"{path}share", shared_with(tom))
    hers.get(path)
    asked = {}
    for name, page in (("shared", path), ("plain", f"/people/{other.pk}/")):
        with CaptureQueriesContext(connection) as queries:
            hers.get(page)
        asked[name] = len(queries)
    # The share; the names of users and of teams for the words on the timeline stand in memory.
    assert asked["shared"] - asked["plain"] == 1
