"""Sharing a record and asking who sees it, by the pages and the API, and the news for whom it is shared with."""

import datetime as dt
import json

import pytest

from rapport.engine.accounts.models import Notification
from rapport.engine.api.tests.conftest import make_token
from rapport.engine.events.reactions import run_reactions
from rapport.engine.records import gate
from rapport.engine.records.actions import delete_records, restore_records
from rapport.engine.records.definitions import check_again
from rapport.engine.records.models import Share
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.gate.test_reaching import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(alice, charlie, make, browse):
    """Share a person of Alice's with Charlie by the page. Returns the person and the answer."""
    person = make(alice, "people", name="Amara Okafor", owner="me")

    def sharing(**form):
        sent = {"holder": f"user:{charlie.pk}", "level": "read", "until": "", **form}
        answer = browse(alice).post(f"/people/{person.pk}/share", sent)
        check_again()
        return person, answer

    return sharing


def page_of(client, path):
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


def test_a_record_is_shared_changed_and_shared_no_more(alice, charlie, shared, browse):
    person, answer = shared()
    here = f"/people/{person.pk}/"
    assert (answer.status_code, answer["Location"]) == (302, f"{here}share")
    said = browse(alice).get(f"{here}share").content.decode()
    assert "Charlie" in said
    assert "shared by Alice" in said
    status, page = page_of(browse(charlie), here)
    assert status == 200
    assert f"{here}edit/source" not in page
    assert f"{here}edit/source" in page_of(browse(alice), here)[1]
    assert browse(charlie).post(f"{here}edit/source", {"source": "x"}).status_code == 403
    share = Share.objects.get()
    until = dt.date.today() + dt.timedelta(days=3)
    browse(alice).post(f"{here}share/{share.pk}", {"level": "change", "until": str(until)})
    assert f'value="{until}"' in browse(alice).get(f"{here}share").content.decode()
    assert browse(charlie).post(f"{here}edit/source", {"source": "x"}).status_code == 302
    browse(alice).post(f"{here}share/{share.pk}", {"end": "1"})
    assert page_of(browse(charlie), here)[0] == 404
    page = " ".join(browse(alice).get(here).content.decode().split())
    for said in ("shared it with Charlie", "changed the share with Charlie", "shares it with Charlie no more"):
        assert said in page


def test_sharing_is_undone(alice, charlie, shared, browse):
    person, _answer = shared()
    batch = browse(alice).get(f"/people/{person.pk}/share")
    assert batch.status_code == 200
    share = Share.objects.get()
    client = browse(alice)
    client.post(f"/people/{person.pk}/share/{share.pk}", {"end": "1"})
    toast = client.get(f"/people/{person.pk}/share").content.decode()
    undo = toast[toast.index("/batches/") :].partition('"')[0]
    client.post(undo)
    check_again()
    assert page_of(browse(charlie), f"/people/{person.pk}/")[0] == 200


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"holder": ""}, "Choose with whom to share."),
        ({"holder": "user:01a20153-1d69-70c5-a94f-5721a05ce8b4"}, "Choose with whom to share."),
        ({"level": "own"}, "A share lets one do one of"),
        ({"until": "someday"}, "Write the last day as a date"),
        ({"until": "2020-01-01"}, "This day is over"),
    ],
)
def test_what_is_wrong_is_said_and_kept(alice, shared, form, said):
    _person, answer = shared(**form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Share.objects.exists()


def test_who_may_not_change_a_record_neither_shares_it_nor_asks_who_sees_it(alice, charlie, shared, browse):
    person, _answer = shared()
    for place in ("share", "why"):
        assert browse(charlie).get(f"/people/{person.pk}/{place}").status_code == 404
    _status, page = page_of(browse(charlie), f"/people/{person.pk}/")
    assert f"/people/{person.pk}/share" not in page
    assert f"/people/{person.pk}/share" in page_of(browse(alice), f"/people/{person.pk}/")[1]


def test_a_share_rests_with_a_deleted_record_and_comes_back_with_it(alice, charlie, shared, browse):
    person, _answer = shared()
    rtype = record_type("people")
    do(alice, delete_records, rtype, [person])
    assert not gate.visible(charlie.actor, rtype).exists()
    do(alice, restore_records, rtype, [person])
    assert gate.visible(charlie.actor, rtype).get() == person


@pytest.mark.django_db(transaction=True)
def test_whom_it_is_shared_with_is_told_once(alice, charlie, shared):
    shared()
    shared(level="change")
    run_reactions()
    (told,) = Notification.objects.all()
    assert told.user == charlie
    assert told.title == "Alice shared Amara Okafor with you"


@pytest.mark.django_db(transaction=True)
def test_who_sees_no_titles_is_told_without_one(alice, charlie, shared, monkeypatch):
    own = gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own"), hidden=frozenset({"name"}))
    monkeypatch.setitem(gate.POLICIES, "stranger", {"*": own})
    shared()
    run_reactions()
    assert Notification.objects.get().title == "Alice shared person with you"


def test_the_page_says_who_sees_a_record_and_why(alice, charlie, dana, shared, browse):
    person, _answer = shared()
    page = browse(alice).get(f"/people/{person.pk}/why").content.decode()
    assert page.count("Why?</a>") == 3
    answer = browse(alice).get(f"/people/{person.pk}/why?user={charlie.pk}").content.decode()
    assert "Alice shared it with Charlie." in answer
    assert "The role Stranger reaches their own records, and this belongs to somebody else." in answer
    assert "The role Stranger hides “Phone”." in answer
    answer = browse(alice).get(f"/people/{person.pk}/why?user={dana.pk}").content.decode()
    assert "The role Administrator reaches all records." in answer
    assert "Nobody here is called that." in browse(alice).get(f"/people/{person.pk}/why?q=zzz").content.decode()


def test_programs_share_too(alice, charlie, make, client):
    person = make(alice, "people", name="Amara Okafor", owner="me")
    headers = {"Authorization": f"Bearer {make_token(alice)}"}
    path = f"/api/v1/people/{person.pk}/shares"

    def call(method, path, body=None):
        return client.generic(
            method, path, b"" if body is None else json.dumps(body), "application/json", headers=headers
        )

    made = call("POST", path, {"holder": str(charlie.pk), "until": "2099-01-31"})
    assert made.status_code == 201, made.content
    assert (made.json()["holder"]["name"], made.json()["level"]) == ("Charlie", "read")
    assert made["Location"] == f"{path}/{made.json()['id']}"
    assert [one["id"] for one in call("GET", path).json()["items"]] == [made.json()["id"]]
    changed = call("PATCH", made["Location"], {"level": "change", "until": ""})
    assert (changed.json()["level"], changed.json()["ends_at"]) == ("change", None)
    assert call("PATCH", made["Location"], {"holder": str(alice.pk)}).status_code == 400
    assert call("POST", path, {"holder": "nobody"}).status_code == 422
    assert call("DELETE", made["Location"]).status_code == 204
    assert call("GET", made["Location"]).status_code == 404
    assert call("GET", "/api/v1/notes/" + str(person.pk) + "/shares").status_code == 404


def test_what_filters_of_roles_ask_is_told_to_administrators_only(alice, charlie, dana, shared, browse, monkeypatch):
    own = {"read": "filter", "change": "own"}
    monkeypatch.setitem(gate.POLICIES, "stranger", {"*": gate.Policy(own, where={"read": "source = Fair"})})
    person, _answer = shared()
    path = f"/people/{person.pk}/why?user={charlie.pk}"
    assert "source = Fair" not in browse(alice).get(path).content.decode()
    assert "its filter finds, and it does not find this record" in browse(alice).get(path).content.decode()
    assert "source = Fair" in browse(dana).get(path).content.decode()


def test_who_ends_their_own_share_is_led_to_the_list(alice, charlie, shared, browse):
    person, _answer = shared(level="change")
    share = Share.objects.get()
    answer = browse(charlie).post(f"/people/{person.pk}/share/{share.pk}", {"end": "1"})
    assert answer["Location"] == "/people/"


def test_a_share_that_is_over_gives_way_to_a_new_one(alice, charlie, shared):
    shared()
    over = Share.objects.get()
    Share.objects.update(ends_at=over.created_at)
    shared()
    over.refresh_from_db()
    assert over.is_deleted
    assert Share.objects.filter(deleted_at=None).get().pk != over.pk


def test_who_only_sees_a_record_is_offered_no_note(alice, charlie, shared, browse):
    person, _answer = shared()
    assert "data-draft" not in page_of(browse(charlie), f"/people/{person.pk}/")[1]
    assert f"/people/{person.pk}/notes" not in page_of(browse(charlie), f"/people/{person.pk}/")[1]


def test_a_deleted_record_is_not_shared(alice, shared, browse):
    person, _answer = shared()
    do(alice, delete_records, record_type("people"), [person])
    assert browse(alice).get(f"/people/{person.pk}/share").status_code == 404
    assert f"/people/{person.pk}/share" not in page_of(browse(alice), f"/people/{person.pk}/")[1]
