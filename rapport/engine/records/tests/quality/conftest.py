"""Who looks after quality, and how what happened reaches it."""

from rapport.engine.records.tests.computed.conftest import dana, do, follow

__all__ = ["dana", "do", "follow"]
