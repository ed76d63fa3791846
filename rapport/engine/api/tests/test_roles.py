"""Roles and teams over the API: administrators' programs read them, nobody's write them."""

import datetime as dt

import pytest

from rapport.engine.accounts import teams
from rapport.engine.api.tests.shapes import faults
from rapport.engine.events.act import open_act
from rapport.engine.records.definitions import check_again
from rapport.engine.records.gate import EVERY_VERB
from rapport.engine.records.roles.actions import create_role

NONE = dict.fromkeys(EVERY_VERB, "none")


@pytest.fixture
def scout(dana, bob):
    people = {"reach": {"read": "filter"}, "where": {"read": "owner = my team"}, "hidden": ["phones"]}
    with open_act(dana.actor) as act:
        made = create_role(act, {"name": "Scout", "purpose": "Looks around", "policies": {"people": people}})
    check_again()
    return made


def test_roles_are_read(dana_api, scout):
    roles = {one["slug"]: one for one in dana_api.get("/roles").data["items"]}
    assert list(roles) == ["admin", "member", "scout"]
    assert roles["member"]["users"] == 1
    assert roles["admin"]["policies"] == {
        "*": {"reach": dict.fromkeys(EVERY_VERB, "all"), "where": {}, "hidden": [], "locked": []}
    }
    assert roles["scout"] == {
        "slug": "scout", "name": "Scout", "purpose": "Looks around", "built_in": False, "users": 0, "version": 1,
        "policies": {
            "*": {"reach": NONE, "where": {}, "hidden": [], "locked": []},
            "people": {
                "reach": NONE | {"read": "filter"}, "where": {"read": "owner = my team"}, "hidden": ["phones"],
                "locked": [],
            },
        },
    }  # fmt: skip
    assert dana_api.get("/roles/scout").data == roles["scout"]
    assert dana_api.get("/roles/emperor").status_code == 404
    assert dana_api.get("/roles", {"name": "x"}).status_code == 400


def test_teams_are_read_as_declared(dana, bob, dana_api):
    soon = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)
    with open_act(dana.actor) as act:
        north = teams.create_team(act, {"name": "North", "purpose": "Fjords"})
        oslo = teams.create_team(act, {"name": "Oslo", "parent": str(north.pk)})
        teams.add_member(act, oslo, bob, leads=True)
        teams.gather_team(act, {"name": "Fair", "ends_on": soon.isoformat()}, [bob])
    found = {one["name"]: one for one in dana_api.get("/teams").data["items"]}
    assert list(found) == ["Fair", "North", "Oslo"]
    assert found["North"] | {"purpose": "Fjords", "parent": None, "ends_on": None, "members": []} == found["North"]
    assert found["Oslo"]["parent"] == found["North"]["id"]
    (member,) = found["Oslo"]["members"]
    assert member["joined_at"]
    assert member | {"user": str(bob.pk), "name": "Bob", "leads": True} == member
    assert found["Fair"]["ends_on"] == soon.isoformat()
    assert found["Fair"]["gatherer"] == str(dana.pk)
    assert found["Fair"]["in_force"]
    assert [one["joined_at"] is None for one in found["Fair"]["members"]] == [False, True]
    said = dana_api.get("/openapi.json").data
    assert not [fault for one in found.values() for fault in faults(said["components"]["schemas"]["Team"], one, said)]


@pytest.mark.parametrize("path", ["/roles", "/roles/member", "/teams"])
def test_members_read_nothing_and_nobody_writes(api, dana_api, path):
    assert api.get(path).status_code == 403
    for method in (dana_api.post, dana_api.patch):
        assert method(path, {"name": "Emperor"}).status_code == 405
    assert dana_api.delete(path).status_code == 405


def test_the_description_tells_administrators(api, dana_api, scout):
    paths = {"/roles", "/roles/{slug}", "/teams"}
    said = dana_api.get("/openapi.json").data
    assert paths <= said["paths"].keys()
    assert {"Role", "Team"} <= said["components"]["schemas"].keys()
    assert all(list(said["paths"][path].keys() - {"parameters"}) == ["get"] for path in paths)
    assert not paths & api.get("/openapi.json").data["paths"].keys()
