"""Numbers beside the links of the side bar and above lists: capped, and kept for a minute."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db import models
from django.utils.formats import number_format

from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.gate import visible
from rapport.engine.records.queries import Count, count
from rapport.engine.records.registry import RecordType

KEEP_FOR = 60.0  # seconds
MOST_KEPT = 10_000

Found = TypeVar("Found")
# For whom and of what (kind of actor, its id, record type, filter, …) → when it was counted, and what came out.
_kept: dict[Hashable, tuple[float, Any]] = {}
_lock = threading.Lock()


def side_bar_count(actor: Actor, rtype: RecordType) -> str:
    """How many records of a type the actor sees, at most a minute old."""
    key = (eyes_of(actor), rtype.slug, "")
    return count_text(_recent(key) or _keep(key, count(visible(actor, rtype))))


def list_count(actor: Actor, rtype: RecordType, where: str, rows: "models.QuerySet[Any]") -> Count:
    """How many rows a list has, counted now; only that they are more than are counted may be a minute old."""
    key = (eyes_of(actor), rtype.slug, where)
    known: Count | None = _recent(key)
    return known if known and not known.exact else _keep(key, count(rows))


def kept_if_large(key: Hashable, make: Callable[[], Found], *, is_large: Callable[[Found], bool]) -> Found:
    """What was added up over a list, now; what is so large that it takes a while may be a minute old."""
    known: Found | None = _recent(key)
    if known is not None:
        return known
    made = make()
    return _keep(key, made) if is_large(made) else made


def eyes_of(actor: Actor) -> Hashable:
    """Who sees the same as this actor, until a role or a team changes."""
    return actor, definitions().stamp


def count_text(found: Count) -> str:
    """`1,204`, or `10,000+` where counting stopped."""
    return number_format(found.value, force_grouping=True) + ("" if found.exact else "+")


def forget_counts() -> None:
    """Count anew at the next page; after a change the reader expects to see."""
    _kept.clear()


def _recent(key: Hashable) -> Any:
    """What was kept under this key in the last minute; None where there is nothing."""
    counted_at, found = _kept.get(key, (0.0, None))
    return found if time.monotonic() - counted_at < KEEP_FOR else None


def _keep(key: Hashable, found: Found) -> Found:
    """Keep it for a minute, and give it back."""
    with _lock:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        _kept[key] = (time.monotonic(), found)
    return found
