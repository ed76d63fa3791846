"""Shares over the API: the same actions as on the page, described, and refused in words."""

import pytest

from rapport.engine.accounts.models import Team, TeamMember
from rapport.engine.api.tests.conftest import Api, make_token, make_user
from rapport.engine.api.tests.shapes import faults
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records import gate
from rapport.engine.records.definitions import check_again


@pytest.fixture
def tom(monkeypatch, db):
    """His role reaches what is his own."""
    monkeypatch.setitem(gate.POLICIES, "own", {"*": gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own"))})
    return make_user("Tom", "own")


@pytest.fixture
def toms(tom):
    return Api(make_token(tom))


@pytest.fixture
def path(api):
    return f"/people/{api.new(name='Amara', owner='me')['id']}"


def test_a_share_is_made_listed_changed_ended_and_taken_back(api, toms, tom, bob, path):
    assert toms.get(path).status_code == 404
    made = api.post(f"{path}/shares", {"holder": str(tom.pk), "until": "2099-03-31"})
    assert made.status_code == 201, made.content
    item = made.data
    assert item == {
        "id": item["id"], "kind": "user", "holder": {"id": str(tom.pk), "name": "Tom"}, "level": "read",
        "until": "2099-03-31", "created_at": item["created_at"], "created_by": {"id": str(bob.pk), "name": "Bob"},
    }  # fmt: skip
    assert made["Location"].endswith(f"{path}/shares/{item['id']}")
    assert api.get(f"{path}/shares/{item['id']}").data == item
    assert toms.get(path).data["name"] == "Amara"
    assert api.get(f"{path}/shares").data["items"] == [item]
    one = f"{path}/shares/{item['id']}"
    assert toms.patch(path, {"name": "His"}).status_code == 403
    changed = api.patch(one, {"level": "change", "until": None})
    assert (changed.data["level"], changed.data["until"]) == ("change", None)
    assert toms.patch(path, {"name": "His"}).status_code == 200
    gone = api.delete(one)
    assert (gone.status_code, toms.get(path).status_code, api.patch(one, {}).status_code) == (204, 404, 404)
    api.post(f"/batches/{gone['Rapport-Batch']}/undo")
    assert toms.get(path).status_code == 200


def test_a_team_gets_it_too_and_whom_it_is_for_gives_it_back(api, toms, tom, path):
    with open_act(SYSTEM) as act:
        team = act.create(Team(name="North"))
        act.create(TeamMember(team=team, user=tom, joined_at=act.now))
    check_again()
    made = api.post(f"{path}/shares", {"kind": "team", "holder": str(team.pk)})
    assert made.data["holder"]["name"] == "North"
    assert toms.get(path).status_code == 200
    mine = api.post(f"{path}/shares", {"holder": str(tom.pk)}).data
    assert toms.delete(f"{path}/shares/{made.data['id']}").status_code == 403
    assert toms.delete(f"{path}/shares/{mine['id']}").status_code == 204


def test_who_only_sees_a_record_neither_lists_nor_makes_its_shares(api, toms, tom, path):
    api.post(f"{path}/shares", {"holder": str(tom.pk)})
    [item] = api.get(f"{path}/shares").data["items"]
    assert toms.get(f"{path}/shares").status_code == 403
    assert toms.post(f"{path}/shares", {"holder": str(tom.pk), "level": "change"}).status_code == 403
    assert toms.patch(f"{path}/shares/{item['id']}", {"level": "change"}).status_code == 403
    assert toms.patch(path, {"name": "His"}).status_code == 403


def test_what_is_wrong_is_told_with_its_place(api, tom, path):
    for body, pointer in (
        ({}, "/holder"),
        ({"holder": str(tom.pk), "level": "own"}, "/level"),
        ({"holder": str(tom.pk), "until": "soon"}, "/until"),
        ({"holder": str(tom.pk), "kind": "team"}, "/holder"),
    ):
        answer = api.post(f"{path}/shares", body)
        assert (answer.status_code, [one["pointer"] for one in answer.data["errors"]]) == (422, [pointer]), body
    strange = api.post(f"{path}/shares", {"holder": str(tom.pk), "to": "x"})
    assert (strange.status_code, strange.data["errors"][0]["pointer"]) == (400, "/to")
    assert api.get(f"{path}/shares", {"x": 1}).status_code == 400
    assert api.get(f"{path}/shares").data["items"] == []


def test_what_belongs_to_a_record_has_no_shares_of_its_own(api, path):
    about = {"about_type": "people", "about_id": path.rpartition("/")[2], "text": "hush"}
    note = api.post("/notes", about).data
    assert api.get(f"/notes/{note['id']}/shares").status_code == 404
    paths = api.get("/openapi.json").data["paths"]
    assert "/people/{id}/shares" in paths
    assert "/notes/{id}/shares" not in paths


def test_a_share_is_answered_as_it_is_described(api, tom, path):
    item = api.post(f"{path}/shares", {"holder": str(tom.pk)}).data
    document = api.get("/openapi.json").data
    assert not faults(document["components"]["schemas"]["Share"], item, document)


def test_a_share_of_another_record_is_not_found(api, tom, path):
    other = f"/people/{api.new(name='Bruno', owner='me')['id']}"
    item = api.post(f"{path}/shares", {"holder": str(tom.pk)}).data
    assert api.delete(f"{other}/shares/{item['id']}").status_code == 404
    assert len(api.get(f"{path}/shares").data["items"]) == 1
