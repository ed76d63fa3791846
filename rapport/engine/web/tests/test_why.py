"""Who can see a record, and why: for whoever may change it, with as many queries for many users as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.events.act import open_act
from rapport.engine.records import gate
from rapport.engine.records.definitions import check_again
from rapport.engine.records.registry import record_type
from rapport.engine.records.sharing import share_record
from tests.fixtures.cast import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruled(monkeypatch):
    """A role whose filter decides, which hides phones and locks the source."""
    reach = {"read": "filter", "change": "own"}
    policy = gate.Policy(reach, frozenset({"phones"}), frozenset({"source"}), {"read": "source = Fair"})
    monkeypatch.setitem(gate.POLICIES, "ruled", {"*": policy})
    return make_user("Rudi", "ruled")


@pytest.fixture
def person(alice, make):
    return make(alice, "people", name="Amara Okafor", source="Web", owner="me")


def said(client, path):
    return " ".join(client.get(path).content.decode().split())


def test_who_sees_a_record_and_why(alice, charlie, dana, ruled, person, browse):
    here = f"/people/{person.pk}/why"
    page = said(browse(alice), here)
    assert all(name in page for name in ("Alice", "Charlie", "Dana", "Rudi"))
    with open_act(alice.actor) as act:
        share_record(act, record_type("people"), person, {"holder": str(charlie.pk)})
    check_again()
    page = said(browse(alice), f"{here}?user={charlie.pk}")
    assert "Alice shared it with Charlie." in page
    assert "reaches their own records, and this belongs to somebody else." in page
    assert "The role Stranger hides “Phone”." in page
    assert "The role Administrator reaches all records." in said(browse(dana), f"{here}?user={dana.pk}")


def test_what_filters_ask_is_told_to_administrators_only(alice, dana, ruled, person, browse):
    path = f"/people/{person.pk}/why?user={ruled.pk}"
    assert "source = Fair" not in said(browse(alice), path)
    assert "its filter finds, and it does not find this record" in said(browse(alice), path)
    assert "source = Fair" in said(browse(dana), path)


def test_who_may_not_change_it_does_not_ask(alice, charlie, person, browse, make):
    assert browse(charlie).get(f"/people/{person.pk}/why").status_code == 404
    with open_act(alice.actor) as act:
        share_record(act, record_type("people"), person, {"holder": str(charlie.pk)})
    check_again()
    assert browse(charlie).get(f"/people/{person.pk}/why").status_code == 403


def test_users_are_found_by_name_and_page_by_page(alice, person, browse):
    for number in range(30):
        make_user(f"Guest{number:02}")
    here = f"/people/{person.pk}/why"
    assert "Guest29" not in said(browse(alice), here)
    assert "Guest29" in said(browse(alice), f"{here}?page=2")
    assert "Guest29" in said(browse(alice), f"{here}?q=guest29")
    for strange in ("page=²", "page=-1", f"page={'9' * 30}", "user=nobody", "q=%00", "q=" + "x" * 5000):
        assert browse(alice).get(f"{here}?{strange}").status_code == 200


def test_many_users_cost_no_more_queries_than_one(alice, ruled, person, browse):
    def cost():
        client = browse(alice)
        client.get(f"/people/{person.pk}/why")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/people/{person.pk}/why")
        return len(asked)

    before = cost()
    for number in range(15):
        make_user(f"Rule{number}", "ruled")
    assert cost() == before
