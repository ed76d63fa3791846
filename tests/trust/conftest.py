"""The world of the matrix, built anew for each test."""

import pytest
from django.core.cache import cache

from tests.fixtures.cast import _nothing_remembered, alice, bob, browse, charlie, dana, erin
from tests.trust.world import World, build

__all__ = ["_nothing_remembered", "alice", "bob", "browse", "charlie", "dana", "erin"]


@pytest.fixture
def everybody(alice, bob, charlie, dana, erin):
    return {"alice": alice, "bob": bob, "charlie": charlie, "dana": dana, "erin": erin}


@pytest.fixture
def world(everybody, browse, settings, tmp_path) -> World:
    """Alice is a member, Bob on her team, Charlie a stranger who reaches only his own, Dana an administrator.

    Erin sees everything and changes only her own, Eve is signed out.
    """
    settings.RAPPORT_HOME = tmp_path
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    cache.clear()
    return build(everybody, browse)
