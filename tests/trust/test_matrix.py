"""Every route, asked by everybody about everybody's things, does what the policy says, and nothing else."""

import pytest

from tests.trust.asking import given_to, slugs_of, taken_back, targets_of
from tests.trust.headers import missing_headers
from tests.trust.policy import FOR_READERS, POLICY, TOLD_OF, rule_for
from tests.trust.routes import Route, routes

pytestmark = pytest.mark.django_db


def test_every_route_has_a_row_in_the_policy(world):
    strange = [route.name for route in routes() if route.name not in POLICY]
    assert not strange, f"Say in tests/trust/policy.py who may reach: {', '.join(strange)}"


def test_every_row_has_a_route():
    gone = set(POLICY) - {route.name for route in routes()}
    assert not gone, f"These routes are gone from the site; take their rows out of tests/trust/policy.py: {gone}"


def test_every_method_of_the_api_has_a_row(world):
    for route in routes():
        if route.is_api and route.name in POLICY:
            answered = set(route.methods(given_to(route, world, "dana", "own", "people")))
            assert answered == set(POLICY[route.name]), f"{route.name} answers {answered}"


@pytest.mark.parametrize("who", ["eve", "alice", "bob", "charlie", "dana"])
def test_everybody_gets_what_the_policy_says(world, who):
    faults = [fault for route in routes() if route.name in POLICY for fault in faults_of(world, route, who)]
    assert not faults, "\n" + "\n".join(faults)


def test_who_sees_a_record_but_may_not_change_it_writes_nothing(world):
    faults = [fault for route in routes() if route.name in POLICY for fault in faults_of_looking(world, route)]
    assert not faults, "\n" + "\n".join(faults)


def faults_of_looking(world, route: Route):
    """What Erin wrote of somebody else's: whatever Charlie may do to his own, but not to another's."""
    for method in POLICY[route.name]:
        for slug in slugs_of(route):
            rule = rule_for(route.name, method, slug)
            for target in (one for one in targets_of(route, "erin") if one.startswith("other")):
                may_own, may_other = (rule.expected("charlie", one) for one in (target.replace("other", "own"), target))
                if "wrote" in may_own and "wrote" not in may_other:
                    got, _answer = taken_back(world, route, method, "erin", target, slug)
                    may_write = f"{method} {route.name}" in FOR_READERS and "deleted" not in target
                    if ("wrote" in got) is not may_write or got >= "5":
                        yield f"{method} {route.name} of {slug}, asked by erin about {target}: {got}"


def faults_of(world, route: Route, who: str):
    for method in POLICY[route.name]:
        for slug in slugs_of(route):
            for target in targets_of(route, who):
                place = f"{method} {route.name} of {slug}, asked by {who} about {target}"
                got, answer = taken_back(world, route, method, who, target, slug)
                wanted = rule_for(route.name, method, slug).expected(who, target)
                if got != wanted:
                    yield f"{place}: {got}, the policy says {wanted}"
                may_write = method != "GET" or route.name in TOLD_OF
                if "wrote" in got and (not may_write or got >= "4"):
                    yield f"{place}: {got}, but reading and refusing leave every row as it was"
                if missing := missing_headers(answer, is_api=route.is_api):
                    yield f"{place}: answered without {', '.join(missing)}"
