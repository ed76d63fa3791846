"""What administrators do with roles: refused to all others, taken back, and kept where somebody has come to use it."""

import pytest

from rapport.engine.accounts.actions import change_role as give_role
from rapport.engine.accounts.actions import create_token
from rapport.engine.accounts.models import Scope
from rapport.engine.accounts.tokens import authenticate_token
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.undo import undo_batch
from rapport.engine.records.custom.actions import create_field, delete_field
from rapport.engine.records.definitions import check_again
from rapport.engine.records.errors import EditConflict, ValidationFailed
from rapport.engine.records.gate import known_roles, policies_of, role_name
from rapport.engine.records.models import Role
from rapport.engine.records.registry import record_type
from rapport.engine.records.roles import actions
from rapport.engine.records.tests.roles.conftest import NOTHING
from rapport.engine.records.uses import uses_of


def do(actor, verb, *given, **more):
    with open_act(actor) as act:
        found = verb(act, *given, **more)
    check_again()
    return found, act.batch


def undo(actor, batch):
    with open_act(actor) as act:
        outcome = undo_batch(act, batch)
    check_again()
    return outcome


def test_only_administrators_in_person(dana, alice, role):
    role()
    _made, secret = do(dana.actor, create_token, dana, name="script", scope=Scope.WRITE)[0]
    for actor in (alice.actor, authenticate_token(f"Bearer {secret}")):
        for verb, given in (
            (actions.create_role, [{"name": "Other"}]), (actions.change_role, ["scout", {"name": "Other"}]),
            (actions.copy_role, ["scout", "Other"]), (actions.delete_role, ["scout"]),
        ):  # fmt: skip
            with pytest.raises(NotAllowed, match="Only administrators"):
                do(actor, verb, *given)
    assert known_roles() == ["admin", "member", "scout"]


def test_each_verb_is_taken_back(dana, role):
    row, creating = do(dana.actor, actions.create_role, {"name": "Scout"})
    raw = {"name": "Guide", "purpose": "Walks ahead", "policies": {"people": {"reach": {"read": "all"}}}}
    changing = do(dana.actor, actions.change_role, row.slug, raw)[1]
    assert role_name("scout") == "Guide"
    assert policies_of("scout")["people"].reach == NOTHING | {"read": "all"}
    undo(dana.actor, changing)
    assert role_name("scout") == "Scout"
    assert policies_of("scout").keys() == {"*"}
    copy, copying = do(dana.actor, actions.copy_role, "scout", "Second")
    undo(dana.actor, copying)
    assert copy.slug not in known_roles()
    deleting = do(dana.actor, actions.delete_role, "scout")[1]
    assert policies_of("scout") == {}
    undo(dana.actor, deleting)
    assert "scout" in known_roles()
    undo(dana.actor, creating)
    assert "scout" not in known_roles()


def test_a_built_in_role_that_is_changed_back_grants_what_it_did(dana, alice):
    changing = do(dana.actor, actions.change_role, "member", {"policies": {"*": {"reach": {"read": "own"}}}})[1]
    assert policies_of("member")["*"].reach == NOTHING | {"read": "own"}
    assert undo(dana.actor, changing).kept == 0
    assert policies_of("member")["*"].reach["delete"] == "all"
    assert not Role.objects.filter(deleted_at=None).exists()
    again = do(dana.actor, actions.change_role, "member", {"purpose": "Works here"}, version=0)[1]
    assert Role.objects.get().purpose == "Works here"
    undo(dana.actor, again)
    assert not Role.objects.filter(deleted_at=None).exists()


def test_one_that_somebody_has_come_to_have_is_not_taken_back(dana, alice):
    _row, batch = do(dana.actor, actions.create_role, {"name": "Scout"})
    do(dana.actor, give_role, alice, role="scout")
    assert undo(dana.actor, batch).kept == 1
    assert "scout" in known_roles()


def test_who_is_administrator_no_more_takes_nothing_back(dana, give):
    _row, batch = do(dana.actor, actions.create_role, {"name": "Scout"})
    changing = do(dana.actor, actions.change_role, "scout", {"purpose": "Looks"})[1]
    give(dana, "member")
    assert undo(dana.actor, changing).rows == 0
    assert undo(dana.actor, batch).rows == 0
    assert Role.objects.get().purpose == "Looks"


def test_a_name_that_another_has_taken_meanwhile_stays_theirs(dana, role):
    role()
    deleting = do(dana.actor, actions.delete_role, "scout")[1]
    assert role().slug == "scout-2"
    assert undo(dana.actor, deleting).kept == 1
    assert known_roles() == ["admin", "member", "scout-2"]


@pytest.mark.parametrize("name", ["", "x" * 101, "  member ", "ADMINISTRATOR", "Scout"])
def test_names_are_given_once(dana, role, name):
    role()
    with pytest.raises(ValidationFailed) as refused:
        do(dana.actor, actions.create_role, {"name": name})
    assert refused.value.errors.keys() == {"name"}
    do(dana.actor, actions.change_role, "scout", {"name": "scout"})


def test_what_somebody_saved_meanwhile_is_told(dana, role):
    role()
    do(dana.actor, actions.change_role, "scout", {"purpose": "Theirs"})
    with pytest.raises(EditConflict) as told:
        do(dana.actor, actions.change_role, "scout", {"name": "Scout", "purpose": "Mine"}, version=1)
    assert [(one.slug, one.theirs, one.yours) for one in told.value.conflicts] == [("purpose", "Theirs", "Mine")]
    do(dana.actor, actions.change_role, "scout", {"purpose": "Theirs"}, version=1)
    do(dana.actor, actions.change_role, "scout", {"purpose": "Mine"}, version=2)
    assert Role.objects.get().purpose == "Mine"


def test_a_changed_built_in_role_has_a_version_too(dana):
    do(dana.actor, actions.change_role, "member", {"policies": {"*": {"reach": {"read": "own"}}}}, version=0)
    with pytest.raises(EditConflict):
        do(dana.actor, actions.change_role, "member", {"policies": {"*": {"reach": {"read": "all"}}}}, version=0)


def test_at_most_a_hundred(dana, role, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 3)
    role()
    with pytest.raises(ValidationFailed, match="At most 3 roles"):
        role("Second")


def test_a_field_that_a_filter_asks_for_is_kept(dana, alice, role):
    with open_act(dana.actor) as act:
        asked = create_field(act, record_type("people"), {"label": "Mood", "type": "text"})
        hidden = create_field(act, record_type("people"), {"label": "Size", "type": "text"})
    check_again()
    role(people={"reach": {"read": "filter"}, "where": {"read": 'x_mood = "calm"'}, "hidden": ["x_size"]})
    people = record_type("people")
    assert [(one.label, one.blocks) for one in uses_of(dana.actor, people, "x_mood")] == [("The role Scout", True)]
    assert [(one.label, one.blocks) for one in uses_of(dana.actor, people, "x_size")] == [("The role Scout", False)]
    assert uses_of(alice.actor, people, "x_mood") == []
    with pytest.raises(ValidationFailed), open_act(dana.actor) as act:
        delete_field(act, asked)
    do(dana.actor, delete_field, hidden)


@pytest.mark.parametrize(
    ("policies", "place", "words"),
    [
        (["people"], "policies", "an object"),
        ({"shoes": {}}, "shoes", "no such records"),
        ({"people": "all"}, "people", "no such records"),
        ({"people": {"reach": {"fly": "all"}}}, "people.fly", "no such right"),
        ({"people": {"reach": {"read": "some"}}}, "people.read", "one of: none, own"),
        ({"*": {"reach": {"read": "filter"}}}, "*.read", "records of one kind"),
        ({"memberships": {"reach": {"read": "filter"}, "where": {"read": "owner = me"}}}, "memberships.read", "kind"),
        ({"people": {"reach": {"read": "filter"}}}, "people.read", "Write the filter"),
        ({"people": {"reach": {"read": "filter"}, "where": {"read": "stag = lead"}}}, "people.read", "stag"),
        ({"people": {"reach": {"read": "filter"}, "where": {"read": 'in view("x")'}}}, "people.read", ""),
        ({"people": {"hidden": ["shoe"]}}, "people.hidden", "no field “shoe”"),
        ({"people": {"locked": ["shoe"]}}, "people.locked", "no field “shoe”"),
        ({"people": {"hidden": ["name"]}}, "people.hidden", "What people are called"),
        ({"*": {"hidden": ["name"]}}, "*.hidden", "no field “name”"),
        (
            {"people": {"reach": {"read": "filter"}, "where": {"read": "stage = lead"}, "hidden": ["stage"]}},
            "people.read", "This role hides “stage”",
        ),
        (
            {"people": {"reach": {"change": "filter"}, "where": {"change": 'company.city = "Oslo"'}}},
            "people.change", "sees no companies",
        ),
        (
            {
                "people": {"reach": {"read": "filter"}, "where": {"read": 'company.city = "Oslo"'}},
                "companies": {"reach": {"read": "all"}, "hidden": ["city"]},
            },
            "people.read", "This role hides “city”",
        ),
        (
            {"companies": {"reach": {"read": "filter"}, "where": {"read": "count(memberships) > 1"}}},
            "companies.read", "sees no memberships",
        ),
    ],
)  # fmt: skip
def test_what_no_role_can_grant(dana, policies, place, words):
    with pytest.raises(ValidationFailed) as refused:
        do(dana.actor, actions.create_role, {"name": "Scout", "policies": policies})
    assert place in refused.value.errors
    assert words in refused.value.errors[place]
    assert not Role.objects.exists()
