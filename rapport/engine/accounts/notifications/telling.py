"""What notices say, made when they are read: through the gate, in the language of their reader.

A room registers a teller for each kind of notice it sends. A notice about a record that its reader cannot see (any
more), or that its teller leaves out, is told to nobody: it is done from the moment this is found out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.notifications.waking import wake_pages
from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.registry import find_record_type

Key = tuple[str, UUID]


@dataclass(frozen=True)
class Told:
    """What a notice says. Without an address it opens the record that it is about."""

    title: str
    body: str = ""
    url: str = ""


Teller = Callable[[Actor, Sequence[Notification]], Mapping[int, Told]]
TELLERS: dict[str, Teller] = {}


@dataclass(frozen=True)
class Reading:
    """What notices say, by id, and the titles of their records, empty where the reader's role hides them."""

    told: Mapping[int, Told] = field(default_factory=dict)
    titles: Mapping[Key, str] = field(default_factory=dict)


def register_teller(kind: str, teller: Teller) -> None:
    """Say who makes the words of a kind of notice: by id, for those the actor may be told; the others are left out."""
    if TELLERS.setdefault(kind, teller) is not teller:
        raise ValueError(f"There are two tellers of {kind!r}.")


def read_out(actor: Actor, notices: Sequence[Notification]) -> Reading:
    """What these notices of one user say to them, in the language in force; one query for each type of record.

    What the user may not be told is missing, and is done from now on.
    """
    reading = tell(actor, notices)
    unseen = [one for one in notices if one.pk not in reading.told and one.done_at is None]
    if unseen and actor.onlooker is None:
        Notification.objects.filter(pk__in=[one.pk for one in unseen]).update(done_at=timezone.now())
        wake_pages(*(one.user_id for one in unseen))
    return reading


def tell(actor: Actor, notices: Sequence[Notification]) -> Reading:
    """As `read_out`, but nothing is put away."""
    titles = titles_of(actor, [(one.record_type, one.record_id) for one in notices if one.record_id])
    by_kind: dict[str, list[Notification]] = {}
    for one in notices:
        if one.record_id is None or (one.record_type, one.record_id) in titles:
            by_kind.setdefault(one.kind, []).append(one)
    told: dict[int, Told] = {}
    for kind, some in by_kind.items():
        told |= TELLERS.get(kind, _as_stored)(actor, some)
    return Reading(told, titles)


def titles_of(actor: Actor, keys: Iterable[Key]) -> dict[Key, str]:
    """The titles of those records that the actor may see, by slug and id; "" where their role hides the title."""
    by_type: dict[str, set[UUID]] = {}
    for slug, key in keys:
        by_type.setdefault(slug, set()).add(key)
    return {found: title for slug, some in by_type.items() for found, title in _titles(actor, slug, some)}


def _titles(actor: Actor, slug: str, keys: set[UUID]) -> Iterable[tuple[Key, str]]:
    rtype = find_record_type(slug)
    if rtype is None:
        return []
    rows = visible(actor, rtype).filter(pk__in=keys)
    if not mask(actor, rtype).shows(rtype.title):
        return [((slug, key), "") for key in rows.values_list("pk", flat=True)]
    return [((slug, key), str(title or "")) for key, title in rows.values_list("pk", rtype.title_field.path)]


def _as_stored(_actor: Actor, notices: Sequence[Notification]) -> dict[int, Told]:
    return {one.pk: Told(one.title, one.body, one.url) for one in notices}
