"""Identifiers: UUIDv7, so that new rows lie together on disk and sort by the time they were made."""

import uuid

from uuid_utils import compat


def uuid7() -> uuid.UUID:
    """A new time-ordered identifier (RFC 9562)."""
    return compat.uuid7()
