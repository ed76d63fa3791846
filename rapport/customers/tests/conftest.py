"""The cast."""

from tests.fixtures.cast import _nothing_remembered, alice, browse, dana

__all__ = ["_nothing_remembered", "alice", "browse", "dana"]
