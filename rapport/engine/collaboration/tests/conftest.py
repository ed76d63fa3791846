"""The cast."""

from tests.fixtures.cast import _nothing_remembered, alice, bob, browse, charlie, dana, erin

__all__ = ["_nothing_remembered", "alice", "bob", "browse", "charlie", "dana", "erin"]
