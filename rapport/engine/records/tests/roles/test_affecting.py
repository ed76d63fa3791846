"""Whom a change of a role affects: counted as the gate would answer, for each user of the role."""

import pytest

from rapport.engine.accounts.models import User
from rapport.engine.accounts.teams import add_member, create_team
from rapport.engine.events.act import open_act
from rapport.engine.records.definitions import check_again
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type
from rapport.engine.records.roles.actions import change_role
from rapport.engine.records.roles.affecting import effect_of
from rapport.engine.records.roles.reading import read_policies
from rapport.engine.records.tests.roles.conftest import NOTHING


def seen(effect):
    """For each affected user, what changes: by type and verb the numbers, or the fields."""
    return {
        str(one.user): {
            (each.rtype.slug, each.verb): (each.before and each.before.value, each.after and each.after.value)
            for each in one.differences
            if each.verb
        }
        for one in effect.affected
    }


@pytest.fixture
def records(dana, alice, make):
    make(alice, "people", name="Of Alice", owner="me", stage="lead")
    make(dana, "people", name="Of Dana", owner="me", stage="customer")
    make(dana, "people", name="Of nobody")


def test_each_user_by_what_they_would_see(alice, charlie, give, records):
    policies = read_policies({"*": {"reach": {"read": "all"}}, "people": {"reach": {"read": "own", "create": "own"}}})
    effect = effect_of("member", policies)
    assert effect.users == 1
    assert seen(effect)["Alice"] == {
        ("people", "read"): (3, 1), ("people", "create"): (None, None), ("people", "change"): (3, 0),
        ("people", "delete"): (3, 0), ("people", "export"): (3, 0), ("people", "import"): (None, None),
        ("companies", "create"): (None, None), ("companies", "change"): (0, 0), ("companies", "delete"): (0, 0),
        ("companies", "export"): (0, 0), ("companies", "import"): (None, None),
    }  # fmt: skip


def test_each_by_what_is_theirs_and_what_those_own_whom_they_lead(dana, alice, records):
    bob = User.objects.create_user("bob@northwind.example", name="Bob")
    with open_act(dana.actor) as act:
        north = create_team(act, {"name": "North"})
        add_member(act, north, alice)
        add_member(act, north, bob, leads=True)
    check_again()
    found = seen(effect_of("member", read_policies({"*": {"reach": dict.fromkeys(NOTHING, "own")}})))
    numbers = {name: [found[name]["people", verb][1] for verb in ("read", "change", "delete")] for name in found}
    assert numbers == {"Alice": [1, 1, 1], "Bob": [1, 0, 0]}


def test_the_numbers_come_true(dana, alice, records):
    raw = {"*": {"reach": NOTHING}, "people": {"reach": {"read": "filter"}, "where": {"read": "stage = lead"}}}
    effect = effect_of("member", read_policies(raw))
    assert seen(effect)["Alice"]["people", "read"] == (3, 1)
    assert visible(alice.actor, record_type("people")).count() == 3
    with open_act(dana.actor) as act:
        change_role(act, "member", {"policies": raw})
    check_again()
    assert visible(alice.actor, record_type("people")).count() == 1
    assert effect_of("member", read_policies(raw)).affected == []


def test_fields_that_vanish_and_come_back(dana, alice, records):
    raw = {"*": {"reach": dict.fromkeys(NOTHING, "all")}}
    raw["people"] = raw["*"] | {"hidden": ["phones"], "locked": ["stage"]}
    (one,) = effect_of("member", read_policies(raw)).affected
    (fields,) = one.differences
    assert (fields.hidden, fields.locked, fields.shown, fields.unlocked) == (["Phone"], ["Stage"], [], [])
    with open_act(dana.actor) as act:
        change_role(act, "member", {"policies": raw})
    check_again()
    (one,) = effect_of("member", read_policies({"*": raw["*"]})).affected
    (fields,) = one.differences
    assert (fields.hidden, fields.locked, fields.shown, fields.unlocked) == ([], [], ["Phone"], ["Stage"])


def test_users_who_are_deactivated_or_have_another_role_are_not_looked_at(dana, alice, records):
    policies = read_policies({})
    assert effect_of("admin", policies).users == 1
    User.objects.filter(pk=alice.pk).update(deactivated_at="2026-01-01T00:00Z")
    effect = effect_of("member", policies)
    assert effect.users == 1
    assert effect.affected == []


def test_what_reaches_all_is_counted_once(alice, records, django_assert_max_num_queries):
    for name in "abcdef":
        User.objects.create_user(f"{name}@northwind.example", name=name)
    effect_of("member", read_policies({}))
    with django_assert_max_num_queries(40) as few:
        effect_of("member", read_policies({"*": {"reach": {"read": "all"}}}))
    assert len([one for one in few.captured_queries if "COUNT" in one["sql"].upper()]) <= 10
