"""Whom a record can be shared with: each kind is registered by the room that keeps it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.gate import Verb, may
from rapport.engine.records.models import Share
from rapport.engine.records.registry import RecordType, Words


@dataclass(frozen=True)
class Holders:
    """A kind of holders: what it is called, the names of those that are there, and whom a share with one reaches."""

    kind: str
    label: Words
    names: Callable[[], Mapping[UUID, str]]
    people: Callable[[UUID], Iterable[UUID]]


HOLDERS: dict[str, Holders] = {}


def register_holders(one: Holders) -> None:
    """Add a kind. It can be registered once."""
    if one.kind in HOLDERS:
        raise ValueError(f"Holders {one.kind!r} are registered twice.")
    HOLDERS[one.kind] = one


def holder_names() -> dict[UUID, str]:
    """What every holder is called, of whatever kind, from memory; of users also those who sign in no more."""
    names = dict(definitions().user_names)
    for kind in HOLDERS.values():
        if kind.kind != Share.Kind.USER:
            names |= kind.names()
    return names


def name_of(names: Mapping[UUID, str], kind: str, holder: UUID) -> str:
    """What the holder of a share is called, gone ones too."""
    return names.get(holder) or (_("a team that is no more") if kind == "team" else _("somebody"))


def actors_of(users: Iterable[UUID]) -> dict[UUID, Actor]:
    """Those of the users who may sign in, as those who act."""
    rows: Any = get_user_model()._default_manager.filter(pk__in=set(users), deactivated_at=None, deleted_at=None)
    return {user.pk: user.actor for user in rows}


def held_back(rtype: RecordType, shares: Sequence[Any]) -> dict[UUID, Verb]:
    """Shares that change nothing, for no role of those whom they are for lets them do it: by id, what it is."""
    people = {share.pk: set(HOLDERS[share.kind].people(share.holder)) for share in shares if share.kind in HOLDERS}
    actors = actors_of(set[UUID]().union(*people.values())) if people else {}
    found: dict[UUID, Verb] = {}
    for share in shares:
        group = [actors[key] for key in people.get(share.pk, ()) if key in actors]
        if not any(may(one, rtype, "read") for one in group):
            found[share.pk] = "read"
        elif share.level == "change" and not any(may(one, rtype, "change") for one in group):
            found[share.pk] = "change"
    return found
