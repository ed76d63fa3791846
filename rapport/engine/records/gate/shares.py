"""Shares: single records that reach somebody whom no role lets see them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate.policies import Verb
from rapport.engine.records.gate.sql import IsAnyOf
from rapport.engine.records.models import Share
from rapport.engine.records.registry import RecordType

# What a share lets one do. It widens how far a role reaches, never what a role lets one do at all.
LEVELS: dict[str, tuple[str, ...]] = {
    "read": (Share.Level.READ, Share.Level.CHANGE),
    "change": (Share.Level.CHANGE,),
}


def shares_for(actor: Actor, rtype: RecordType, verb: Verb) -> "QuerySet[Any]":
    """The shares in force by which an actor, or one of its teams, may do this."""
    return held_by(actor).filter(record_type=rtype.slug, level__in=LEVELS.get(verb, ()))


def held_by(actor: Actor) -> "QuerySet[Any]":
    """The shares in force with an actor, or with one of its teams."""
    return in_force().filter(holder__in=sorted({*actor.teams, *({actor.user_id} if actor.user_id else ())}))


def shared_keys(actor: Actor, slugs: Iterable[str]) -> list[UUID]:
    """The ids of records of these types that are shared with an actor."""
    return list(held_by(actor).filter(record_type__in=list(slugs)).values_list("record_id", flat=True))


def in_force() -> "QuerySet[Any]":
    """Shares that have not ended."""
    return Share.objects.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), deleted_at=None)


def shared_with(actor: Actor, rtype: RecordType, verb: Verb) -> Q | None:
    """Records that are shared with an actor; None where a share does not let one do this."""
    if verb not in LEVELS or not (actor.user_id or actor.teams):
        return None
    return Q(IsAnyOf(F("pk"), ArraySubquery(shares_for(actor, rtype, verb).values("record_id"))))
