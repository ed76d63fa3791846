"""Shares: single records that reach somebody whom no role lets see them.

Whoever has some holds few, so they are kept in memory and stand as plain ids in the one condition of the gate, which
an index can answer. Any change of a share raises the stamp of the definitions, and they are read anew.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Now
from django.utils import timezone

from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.gate.policies import Verb
from rapport.engine.records.gate.sql import IsAnyOf
from rapport.engine.records.models import Share
from rapport.engine.records.registry import RecordType

MOST_KEPT = 2_000  # shares of one actor; who has more asks the table each time
# What a share lets one do. It widens how far a role reaches, never what a role lets one do at all.
LEVELS: dict[str, tuple[str, ...]] = {
    "read": (Share.Level.READ, Share.Level.CHANGE),
    "change": (Share.Level.CHANGE,),
}
NONE: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Held:
    """The shares of one actor by type and verb, until the first of them ends. None: too many to keep."""

    keys: dict[tuple[str, str], frozenset[UUID]] | None
    ends_at: dt.datetime | None


def shares_for(actor: Actor, rtype: RecordType, verb: Verb) -> "QuerySet[Any]":
    """The shares in force by which an actor, or one of its teams, may do this."""
    return held_by(actor).filter(record_type=rtype.slug, level__in=LEVELS.get(verb, ()))


def held_by(actor: Actor) -> "QuerySet[Any]":
    """The shares in force with an actor, or with one of its teams."""
    return in_force().filter(holder__in=_holders(actor))


def in_force() -> "QuerySet[Any]":
    """Shares that have not ended."""
    return Share.objects.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), deleted_at=None)


def shared_with(actor: Actor, rtype: RecordType, verb: Verb) -> Q | None:
    """Records that are shared with an actor; None where there are none, or a share does not let one do this."""
    if verb not in LEVELS or not _holders(actor):
        return None
    held = _held(actor)
    if held.keys is None:
        return Q(pk__in=shares_for(actor, rtype, verb).values("record_id"))
    keys = held.keys.get((rtype.slug, verb), NONE)
    return Q(IsAnyOf(F("pk"), Value(sorted(keys), ArrayField(UUIDField())))) if keys else None


def shared_keys(actor: Actor, slugs: Iterable[str]) -> frozenset[UUID]:
    """The ids of records of these types that are shared with an actor."""
    held = _held(actor)
    if held.keys is None:
        return frozenset(held_by(actor).filter(record_type__in=list(slugs)).values_list("record_id", flat=True))
    return NONE.union(*(held.keys.get((slug, "read"), NONE) for slug in slugs))


def last_day(ends_at: dt.datetime | None) -> dt.date | None:
    """The day at the end of which a share ends, in the zone of the house; None for one that stays."""
    if ends_at is None:
        return None
    return (ends_at - dt.timedelta(microseconds=1)).astimezone(definitions().organisation.zone).date()


def _holders(actor: Actor) -> list[UUID]:
    return sorted({*actor.teams, *({actor.user_id} if actor.user_id else ())})


def _held(actor: Actor) -> Held:
    made: dict[Any, Any] = definitions().made
    key = ("shares", actor.user_id, actor.teams)
    held: Held | None = made.get(key)
    if held is None or (held.ends_at and held.ends_at <= timezone.now()):
        made[key] = held = _read(actor)
    return held


def _read(actor: Actor) -> Held:
    rows = list(held_by(actor).values_list("record_type", "record_id", "level", "ends_at")[: MOST_KEPT + 1])
    if len(rows) > MOST_KEPT:
        return Held(None, None)
    keys: dict[tuple[str, str], set[UUID]] = {}
    for slug, record, level, _ends_at in rows:
        for verb in (verb for verb, levels in LEVELS.items() if level in levels):
            keys.setdefault((slug, verb), set()).add(record)
    ends = [ends_at for *_others, ends_at in rows if ends_at]
    return Held({key: frozenset(found) for key, found in keys.items()}, min(ends, default=None))
