"""Which fields a filter mentions, over relations, other records and the journal too."""

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.mentions import mentions
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import scope_for
from rapport.engine.records.registry import record_type
from rapport.engine.records.saved.actions import create_view
from rapport.engine.records.tests.conftest import dana

__all__ = ["dana"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("stage in (lead, lost)", {"people.stage"}),
        ("not (source is empty or owner = me)", {"people.source", "people.owner"}),
        ("company.parent.industry = retail", {"people.company", "companies.parent", "companies.industry"}),
        ('count(memberships where title ~ "head") > 1', {"memberships.person", "memberships.title"}),
        ("changed(stage) or source held 3d", {"people.stage", "people.source"}),
        ('company in view("Retailers")', {"people.company"}),
        ('in view("Retailers")', set()),
        ("", set()),
    ],
)
def test_what_is_mentioned(dana, text, wanted):
    with open_act(dana.actor) as act:
        for rtype in ("people", "companies"):
            create_view(act, record_type(rtype), {"name": "Retailers", "filter": "owner = me"})
    scope = scope_for(dana.actor, record_type("people"))
    found = {f"{one.record_type}.{one.field}" for one in mentions(bind(parse(text), scope), scope)}
    assert wanted <= found
    assert len(found - wanted) <= ("count(" in text)


def test_an_option_is_mentioned_where_it_is_compared_with(dana):
    scope = scope_for(dana.actor, record_type("people"))
    (one,) = mentions(bind(parse("stage in (lead, Lost)"), scope), scope)
    assert one.is_of("people", "stage")
    assert one.is_of("people", "stage", "lost")
    assert not one.is_of("people", "stage", "customer")
    assert not one.is_of("companies", "stage", "lost")
