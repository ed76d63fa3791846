"""The cast."""

from tests.fixtures.cast import _nothing_remembered, alice, bob, browse, charlie, dana

__all__ = ["_nothing_remembered", "alice", "bob", "browse", "charlie", "dana"]
