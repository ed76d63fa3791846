"""Where users are signed in: noted to the minute, shown in words, and ended at once."""

import time
from ipaddress import ip_address

from allauth.account.adapter import get_adapter
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from rapport.engine.accounts.browsers import in_words
from rapport.engine.accounts.events import SessionEnded
from rapport.engine.accounts.models import Place, User
from rapport.engine.accounts.notifications import wake_pages
from rapport.engine.events.act import Act

NOTED_EVERY = 60.0  # seconds
REMEMBERED = 10_000
LONGEST = 300

# When this process last noted each session: a page that is read writes nothing more often than that.
_noted: dict[str, float] = {}


def note_place(request: HttpRequest, user: User) -> None:
    """Remember that a user was here just now, from which browser and address, at most once a minute."""
    key = request.session.session_key
    now = time.monotonic()
    if key is None or now - _noted.get(key, -NOTED_EVERY) < NOTED_EVERY:
        return
    if len(_noted) >= REMEMBERED:
        _noted.clear()
    _noted[key] = now
    _write(request, user, key)


def places_of(user: User) -> QuerySet[Place]:
    """The sessions of a user that still last, the one seen last first."""
    return _lasting(Place.objects.filter(user=user)).order_by("-seen_at")


def end_place(act: Act, place: Place) -> None:
    """End one session at once, its live streams too."""
    _forget([place])
    act.happened(SessionEnded(place.user_id, in_words(place.browser)))
    wake_pages(place.user_id)


def end_others(act: Act, user: User, *, but: str | None) -> int:
    """End all sessions of a user but one, named by its key. Returns how many ended."""
    others = list(places_of(user).exclude(session_key=but or ""))
    for place in others:
        end_place(act, place)
    return len(others)


def end_all(user: User) -> None:
    """End every session of a user; why says the act around it."""
    _forget(list(Place.objects.filter(user=user)))


def forget_old_places() -> None:
    """Drop what is left of sessions that have ended."""
    Place.objects.exclude(pk__in=_lasting(Place.objects.all()).values("pk")).delete()


def _write(request: HttpRequest, user: User, key: str) -> None:
    now = timezone.now()
    browser = request.headers.get("User-Agent", "")[:LONGEST].replace("\0", "")
    place = Place(user=user, session_key=key, address=_address(request), browser=browser, begun_at=now, seen_at=now)
    fresh = ["user", "address", "browser", "seen_at"]
    Place.objects.bulk_create([place], update_conflicts=True, unique_fields=["session_key"], update_fields=fresh)


def _address(request: HttpRequest) -> str | None:
    """The address that a request came from; None for one that is no address, such as a socket's."""
    try:
        address = ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return None
    return str(address).partition("%")[0]


def _lasting(places: QuerySet[Place]) -> QuerySet[Place]:
    live = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return places.filter(Exists(live))


def _forget(places: list[Place]) -> None:
    Session.objects.filter(session_key__in=[place.session_key for place in places]).delete()
    Place.objects.filter(pk__in=[place.pk for place in places]).delete()
