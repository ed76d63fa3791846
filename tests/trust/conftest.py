"""The world of the matrix, built anew for each test."""

import pytest
from django.core.cache import cache

from tests.fixtures.cast import _nothing_remembered, alice, bob, browse, charlie, dana
from tests.trust.world import World, build

__all__ = ["_nothing_remembered", "alice", "bob", "browse", "charlie", "dana"]


@pytest.fixture
def world(alice, bob, charlie, dana, browse, settings, tmp_path) -> World:
    """Alice is a member, Bob on her team, Charlie a stranger who reaches only his own, Dana an administrator, Eve is signed out."""
    settings.RAPPORT_HOME = tmp_path
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    cache.clear()
    return build({"alice": alice, "bob": bob, "charlie": charlie, "dana": dana}, browse)
