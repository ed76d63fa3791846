"""Who can see one record and do what to it, with the reasons in words: the page “Who can see this?”."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import Verb, mask
from rapport.engine.records.gate.rights import Rights, rights_of
from rapport.engine.records.gate.why import Why, why, why_field
from rapport.engine.records.registry import RecordType

ASKED: tuple[Verb, ...] = ("read", "change", "delete", "export")


@dataclass(frozen=True)
class Access:
    """A user, and what they may do to a record."""

    user: Any
    rights: Rights


@dataclass(frozen=True)
class FieldAccess:
    """A field that a user does not see, or sees and may not change, and why."""

    label: str
    is_hidden: bool
    reasons: Sequence[str]


def users_here(q: str = "") -> "QuerySet[Any]":
    """Those who may sign in, by name, or those whose name or address has some letters in it."""
    rows = get_user_model()._default_manager.filter(deactivated_at=None, deleted_at=None)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(email__icontains=q))
    return rows.alias(shown=Coalesce(NullIf(F("name"), Value("")), F("email"))).order_by("shown", "pk")


def access_of(users: Sequence[Any], rtype: RecordType, row: Any) -> list[Access]:
    """What users may do to a record, asked for all of them at once."""
    found = rights_of([user.actor for user in users], rtype, row, ASKED)
    return [Access(user, rights) for user, rights in zip(users, found, strict=True)]


def reasons_for(
    reader: Actor, actor: Actor, rtype: RecordType, row: Any, names: Mapping[UUID, str]
) -> Iterator[tuple[Verb, Why]]:
    """Why somebody may do each thing to a record or not. What filters of roles ask is told to administrators only."""
    for verb in ASKED:
        yield verb, why(actor, rtype, verb, row, names, tells_rules=reader.is_admin)


def fields_kept_from(reader: Actor, actor: Actor, rtype: RecordType) -> Iterator[FieldAccess]:
    """The fields that somebody does not see or may not change, of those that the reader sees."""
    seen, theirs = mask(reader, rtype), mask(actor, rtype)
    for field in rtype.all_fields():
        if not seen.shows(field.slug) or theirs.lets_change(field.slug):
            continue
        answer = why_field(actor, rtype, field)
        yield FieldAccess(str(field.label), not answer.answer, [one.text for one in answer.reasons])
