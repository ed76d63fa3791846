"""What the rows of a page point at: titles of records and names of users, one query for each kind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q

from rapport.engine.events.actor import Actor
from rapport.engine.files.models import StoredFile
from rapport.engine.files.queries import files_by_id
from rapport.engine.records.definitions import definitions
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.registry import record_type

USERS, FILES = "users", "files"


@dataclass(frozen=True)
class Label:
    """A record, user or file by name. `type` is the slug of the record type, or `users`, or `files`."""

    id: UUID
    type: str
    title: str
    file: StoredFile | None = None


def labels(actor: Actor, wanted: Iterable[tuple[str, UUID]]) -> dict[UUID, Label]:
    """Labels of the (type, id) pairs that the actor may see; the others are missing."""
    by_type: dict[str, set[UUID]] = {}
    for kind, key in wanted:
        by_type.setdefault(kind, set()).add(key)
    found: dict[UUID, Label] = {}
    for file in files_by_id(by_type.pop(FILES, ())):
        found[file.pk] = Label(file.pk, FILES, file.name, file)
    for kind, keys in by_type.items():
        for key, title in _user_names(keys) if kind == USERS else _titles(actor, kind, keys):
            found[key] = Label(key, kind, title)
    return found


def pointed_at(fields: Sequence[Field], rows: Iterable[Mapping[str, Any]]) -> set[tuple[str, UUID]]:
    """The (type, id) pairs in the relation, user and file fields of rows given as dicts by slug."""
    pointing = [(f.slug, ELSEWHERE.get(f.type.name, f.target)) for f in fields if f.type.name in POINTING]
    return {(kind, row[slug]) for row in rows for slug, kind in pointing if row.get(slug)}


def users_by_name(limit: int) -> list[Label]:
    """The users of this instance, whoever signed out for good included, for they may own records."""
    rows = get_user_model()._default_manager.filter(deleted_at=None).order_by("name", "email")
    found = rows.values_list("pk", "name", "email")[:limit]
    return [Label(key, USERS, name or email) for key, name, email in found]


def users_called(typed: str, limit: int) -> list[tuple[str, str]]:
    """The e-mail addresses and names of users who can sign in, by a part of the name or the start of the address."""
    users = get_user_model()._default_manager.filter(deleted_at=None, deactivated_at=None)
    asked = Q(name__icontains=typed) | Q(email__istartswith=typed)
    return list(users.filter(asked).order_by("name", "email").values_list("email", "name")[:limit])


# What is pointed at that is no record.
ELSEWHERE = {"user": USERS, "file": FILES}
POINTING = frozenset({"relation", *ELSEWHERE})


def user_addresses(keys: set[UUID]) -> dict[UUID, str]:
    """E-mail addresses of users, by which an import finds them again."""
    return dict(get_user_model()._default_manager.filter(pk__in=keys).values_list("pk", "email")) if keys else {}


def _titles(actor: Actor, slug: str, keys: set[UUID]) -> Iterable[tuple[UUID, str]]:
    rtype = record_type(slug)
    if not mask(actor, rtype).shows(rtype.title):
        return []
    return visible(actor, rtype).filter(pk__in=keys).values_list("pk", rtype.title_field.path)


def _user_names(keys: set[UUID]) -> Iterable[tuple[UUID, str]]:
    names = definitions().user_names
    return [(key, names[key]) for key in keys if key in names]
