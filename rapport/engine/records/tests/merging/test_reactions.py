"""What follows the journal follows a merge: search, computed fields, and the story of the survivor."""

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.events.reactions import run_reactions
from rapport.engine.records.computed.side import load
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.registry import record_type
from rapport.engine.records.search import search
from rapport.engine.records.tests.computed.conftest import follow
from rapport.engine.records.tests.merging.support import merge, part
from rapport.engine.records.timeline import timeline

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
Companies = record_type("companies")


def titles(user, text):
    return [result.title for group in search(user.actor, text).groups for result in group.results]


def test_the_survivor_is_found_by_what_it_learned_and_the_others_not_at_all(alice, make):
    keeps = make(alice, "people", name="Ann Lee")
    goes = make(alice, "people", name="Unusual Name", emails=["unusual@fjord.no"])
    run_reactions()
    merged = merge(alice, "people", keeps, goes)
    run_reactions()
    assert titles(alice, "unusual@fjord.no") == ["Ann Lee"]
    part(alice, merged)
    run_reactions()
    assert titles(alice, "unusual@fjord.no") == ["Unusual Name"]


def test_what_is_made_of_others_counts_those_that_follow(alice, dana, make):
    with open_act(dana.actor) as act:
        create_field(act, Companies, {"label": "People", "type": "formula", "formula": "count(memberships)"})
    follow()
    keeps, goes = (make(alice, "companies", name=name) for name in ("Keeps", "Goes"))
    for company in (keeps, goes, goes):
        make(alice, "people", name="Somebody", company=str(company.pk))
    field = Companies.field("x_people")

    def counts():
        follow()
        found = load([field], [keeps.pk, goes.pk])
        return [found[key]["x_people"] for key in (keeps.pk, goes.pk)]

    assert counts() == [1, 2]
    merged = merge(alice, "companies", keeps, goes)
    assert counts()[0] == 3
    part(alice, merged)
    assert counts() == [1, 2]


def test_the_story_of_one_merged_over_two_steps_is_told_and_after_unmerge_no_more(alice, make):
    a, b, c = (make(alice, "companies", name=name) for name in "ABC")
    make(alice, "notes", text="About A", about_type="companies", about_id=str(a.pk))
    merge(alice, "companies", b, a)
    second = merge(alice, "companies", c, b)

    def told(row):
        return [(one.kind, one.about_id) for one in timeline(alice.actor, row.pk).items]

    assert ("created", a.pk) in told(c)
    assert ("records.merged", b.pk) in told(c)
    part(alice, second)
    assert ("created", a.pk) not in told(c)
    assert ("created", a.pk) in told(b)
