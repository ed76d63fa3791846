"""The cast, two data-only types, and fields of people and companies that hold every kind of value."""

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.definitions import forget
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.conftest import _nothing_remembered, alice, charlie, dana, make
from rapport.engine.records.tests.things.conftest import kinds
from tests.fixtures.cast import bob, browse

__all__ = ["_nothing_remembered", "alice", "bob", "browse", "charlie", "dana", "kinds", "make"]

FIELDS = {
    "people": (
        {"label": "Code", "type": "text", "unique": True},
        {"label": "Friend", "type": "relation", "target": "people"},
        {"label": "Client", "type": "relation", "target": "companies"},
        {"label": "Words", "type": "tags"},
        {"label": "Mails", "type": "emails"},
    ),
    "companies": ({"label": "Number", "type": "text", "unique": True}, {"label": "Rank", "type": "number"}),
}


@pytest.fixture
def own_fields(dana):
    """Custom fields: unique ones, relations, lists."""
    for slug, fields in FIELDS.items():
        with open_act(dana.actor) as act:
            for one in fields:
                create_field(act, record_type(slug), one)
    forget()
