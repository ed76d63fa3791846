"""Having open pages look again at what was changed."""

from uuid import UUID

from rapport.engine.accounts.notifications import wake_record


def wake(*keys: UUID) -> None:
    """Those who have one of these records open see what it has become."""
    for key in keys:
        wake_record(key)
