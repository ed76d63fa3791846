"""Notices one by one, the newest first, by keyset."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

from rapport.engine.accounts.models import Notification, User

NEWEST = ("-came_at", "-id")
Place = tuple[datetime, int]


def notices_of(user: User, state: Q, *, after: Place | None, limit: int) -> tuple[list[Notification], Place | None]:
    """A page of the notices of a user in a state, and the place after which the next one begins."""
    rows = after_place(Notification.objects.filter(state, user=user), after)
    found = list(rows.order_by(*NEWEST)[: limit + 1])
    more, found = found[limit:], found[:limit]
    return found, (found[-1].came_at, found[-1].pk) if more else None


def after_place(rows: QuerySet[Notification], place: Place | None) -> QuerySet[Notification]:
    return rows.filter(TupleLessThan(Tuple("came_at", "id"), place)) if place else rows


def place_text(place: Place) -> str:
    """A place as it stands in an address."""
    return f"{place[0].isoformat()}~{place[1]}"


def read_place(text: str) -> Place | None:
    """A place as we wrote it; None for what is none."""
    written, _tilde, number = text.partition("~")
    # A plus that was not encoded comes as a blank.
    moment = read_moment(written.replace(" ", "+"))
    return (moment, int(number)) if moment and read_number(number) else None


def read_moment(text: str) -> datetime | None:
    """A moment with its zone; None for what is none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.utcoffset() is not None else None
    except ValueError:
        return None


def read_number(text: str) -> int | None:
    """The number of a notice; None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
