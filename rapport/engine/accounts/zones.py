"""The time zones of users."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapport.engine.accounts.models import User


def zone_of(user: User) -> ZoneInfo | None:
    """The user's time zone; None stands for the zone of the installation."""
    try:
        return ZoneInfo(user.time_zone) if user.time_zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
