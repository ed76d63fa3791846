"""Each rule accepts its good examples, finds its bad ones, and finds nothing in the repository."""

import pytest

from tests.architecture.framework import all_rules, exempted_by
from tests.architecture.lists import exemptions
from tests.architecture.repository import sources

RULES = sorted(all_rules())


def examples(kind):
    return [
        pytest.param(rule, source, id=f"{rule}-{number}")
        for rule in RULES
        for number, source in enumerate(getattr(all_rules()[rule], kind))
    ]


@pytest.fixture(scope="module")
def findings():
    return {
        rule: [
            (violation, exempted_by(rule, violation, source))
            for source in sources()
            for violation in all_rules()[rule].find(source)
        ]
        for rule in RULES
    }


@pytest.mark.parametrize(("rule", "source"), examples("GOOD"))
def test_good_example_is_accepted(rule, source):
    assert [str(violation) for violation in all_rules()[rule].find(source)] == []


@pytest.mark.parametrize(("rule", "source"), examples("BAD"))
def test_bad_example_is_found(rule, source):
    assert list(all_rules()[rule].find(source)), f"{rule} overlooks:\n{source.path}\n{source.text}"


@pytest.mark.parametrize("rule", RULES)
def test_rule_says_why_and_shows_both_sides(rule):
    module = all_rules()[rule]
    assert module.__doc__
    assert module.GOOD
    assert module.BAD


@pytest.mark.parametrize("rule", RULES)
def test_repository_obeys(rule, findings):
    broken = [str(violation) for violation, exemption in findings[rule] if exemption is None]
    assert not broken, f"{all_rules()[rule].__doc__}\n" + "\n".join(broken)


def test_every_exemption_is_needed_and_has_a_reason(findings):
    used = {exemption for rule in RULES for _violation, exemption in findings[rule]}
    idle = [str(entry) for number, entry in enumerate(exemptions()) if number not in used]
    assert not idle
    assert all(len(entry.reason.split()) >= 3 for entry in exemptions())
