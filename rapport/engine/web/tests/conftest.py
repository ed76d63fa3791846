"""The cast in their browsers."""

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.records.actions import create_record
from rapport.engine.records.registry import record_type
from tests.fixtures.cast import _nothing_remembered, alice, browse, charlie, dana

__all__ = ["_nothing_remembered", "alice", "browse", "charlie", "dana", "make"]


@pytest.fixture
def make():
    """Create a record as somebody: `make(alice, "people", name="Amara Okafor")`."""

    def made(user, slug, **values):
        with open_act(user.actor) as act:
            return create_record(act, record_type(slug), values)

    return made


@pytest.fixture
def admin(dana, browse):
    """The browser of an administrator."""
    return browse(dana)
