"""A field of people for why somebody was lost, and rules made by Dana."""

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.definitions import check_again
from rapport.engine.records.registry import record_type
from rapport.engine.records.rules.actions import create_rule
from rapport.engine.records.tests.conftest import _nothing_remembered, alice, charlie, dana, make
from rapport.engine.records.tests.imports.conftest import checked, imported, staged

__all__ = ["_nothing_remembered", "alice", "charlie", "checked", "dana", "imported", "make", "staged"]


@pytest.fixture
def field(dana):
    """Make a custom field as Dana: `field("text", "Lost reason")`."""

    def made(kind, label, rtype="people", **more):
        with open_act(dana.actor) as act:
            row = create_field(act, record_type(rtype), {"label": label, "type": kind, **more})
        check_again()
        return row

    return made


@pytest.fixture
def rule(dana):
    """Make a rule as Dana: `rule("x_lost_reason", "required", "stage = lost")`."""

    def made(slug, kind, condition, rtype="people"):
        with open_act(dana.actor) as act:
            row = create_rule(act, record_type(rtype), {"field": slug, "kind": kind, "condition": condition})
        check_again()
        return row

    return made
