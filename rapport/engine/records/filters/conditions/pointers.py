"""Conditions on what a record points at: other records, and users."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, IExact, In

from rapport.engine.records.filters.conditions import sql
from rapport.engine.records.filters.conditions.asked import Asked, Evaluation
from rapport.engine.records.filters.conditions.reaching import reaching
from rapport.engine.records.filters.conditions.texts import plain
from rapport.engine.records.filters.tree import Op
from rapport.engine.records.filters.values import Id, Me, MyTeam, Text
from rapport.engine.records.folding import fold
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.related import Below, above
from rapport.engine.records.survivors import survivors_of


def relation(asked: Asked, evaluation: Evaluation) -> Q:
    """Points at one of these records, given by id or by name; what the gate hides is pointed at by nothing."""
    target = record_type(asked.field.target)
    wanted = []
    if ids := [value.value for value in asked.values if isinstance(value, Id)]:
        wanted.append(Q(pk__in=sorted({*ids, *survivors_of(target, ids).values()})))
    if names := [value.value for value in asked.values if isinstance(value, Text)]:
        wanted.append(called(target, names))
    targets = evaluation.visible(target).filter(sql.any_of(wanted))
    if asked.op is Op.UNDER and (field := above(target)):
        targets = evaluation.visible(target).filter(pk__in=Below(targets, evaluation.visible(target), field))
    return Q(reaching(asked.field, targets))


def points_anywhere(asked: Asked, evaluation: Evaluation) -> Q:
    return Q(reaching(asked.field, evaluation.visible(record_type(asked.field.target))))


def called(target: RecordType, names: Sequence[str]) -> Q:
    """Records by what they are called, whatever the case."""
    title = target.title_field
    if title.fold_path:
        return Q(In(F(title.fold_path), [fold(name) for name in names]))
    return sql.any_of([Q(IExact(title.expression(), name)) for name in names])


def user(asked: Asked, evaluation: Evaluation) -> Q:
    here, custom = asked.field.expression(), asked.field.custom
    ids, addresses = wanted_users(asked, evaluation)
    found = [Q(Exact(here, str(key) if custom else key)) for key in sorted(ids)]
    if addresses:
        users = with_addresses(addresses)
        found.append(Q(In(here, users.values_list(Cast("pk", TextField())) if custom else users.values("pk"))))
    return sql.any_of(found) if found else Q(pk__in=[])


def wanted_users(asked: Asked, evaluation: Evaluation) -> tuple[set[UUID], list[str]]:
    """Users by id, whoever asks and their team among them, and the e-mail addresses of others."""
    ids = {value.value for value in asked.values if isinstance(value, Id)}
    me = evaluation.actor.user_id
    if me and (Me() in asked.values or MyTeam() in asked.values):
        ids.add(me)
    if MyTeam() in asked.values:
        ids |= evaluation.actor.circle.team
    return ids, [plain(value) for value in asked.values if isinstance(value, Text)]


def with_addresses(addresses: Sequence[str]) -> "QuerySet[Any]":
    """Users by e-mail, whatever its case."""
    asked = sql.any_of([Q(email__iexact=address) for address in addresses])
    return get_user_model()._default_manager.filter(asked)
