"""Numbers beside the links of the side bar: capped, and kept for a minute."""

import threading
import time
from uuid import UUID

from django.utils.formats import number_format

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import visible
from rapport.engine.records.queries import Count, count
from rapport.engine.records.registry import RecordType

KEEP_FOR = 60.0  # seconds
MOST_KEPT = 10_000

_kept: dict[tuple[str, UUID | None, str], tuple[float, str]] = {}
_lock = threading.Lock()


def side_bar_count(actor: Actor, rtype: RecordType) -> str:
    """How many records of a type the actor sees, at most a minute old."""
    key = (actor.kind, actor.id, rtype.slug)
    now = time.monotonic()
    kept = _kept.get(key)
    if kept and now - kept[0] < KEEP_FOR:
        return kept[1]
    text = count_text(count(visible(actor, rtype)))
    with _lock:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        _kept[key] = (now, text)
    return text


def count_text(found: Count) -> str:
    """`1,204`, or `10,000+` where counting stopped."""
    return number_format(found.value, force_grouping=True) + ("" if found.exact else "+")


def forget_counts() -> None:
    """Count anew at the next page; after a change the reader expects to see."""
    _kept.clear()
