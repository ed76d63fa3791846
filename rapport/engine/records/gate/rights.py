"""What may be done to one record, asked for many at once: for the pages that show it, and for those who see who may."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate.asking import grants_of, reaches_all
from rapport.engine.records.gate.policies import Grant, Verb
from rapport.engine.records.gate.reaching import is_member, owners_of, within_reach
from rapport.engine.records.gate.ruled import ruled
from rapport.engine.records.gate.shares import LEVELS, in_force
from rapport.engine.records.registry import RecordType

Rights = Mapping[Verb, bool]


def with_rights(actor: Actor, rtype: RecordType, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """The same rows, each with `may_change` and `may_delete` of this actor and with `is_shared`, by the same query."""
    shared = Exists(in_force().filter(record_type=rtype.slug, record_id=OuterRef("pk")))
    found: QuerySet[Any] = rows.annotate(
        may_change=_may(actor, rtype, "change"), may_delete=_may(actor, rtype, "delete"), is_shared=shared
    )
    return found


def rights_of(actors: Sequence[Actor], rtype: RecordType, row: Any, verbs: Iterable[Verb]) -> list[Rights]:
    """What each of many actors may do to one record: two queries for all of them, one if no filter decides."""
    levels: dict[str, set[UUID]] = {}
    for level, holder in in_force().filter(record_type=rtype.slug, record_id=row.pk).values_list("level", "holder"):
        levels.setdefault(level, set()).add(holder)
    asked: dict[tuple[int, Verb], Q] = {}
    found: list[dict[Verb, bool]] = []
    for number, actor in enumerate(actors):
        rights: dict[Verb, bool] = {}
        for verb in verbs:
            grants = grants_of(actor, rtype, verb)
            rights[verb] = _plainly(actor, rtype, verb, row, grants, levels)
            if not rights[verb] and (rule := _rule(actor, rtype, grants)) is not None:
                asked[number, verb] = rule
        found.append(rights)
    for number, verb in _holding(rtype, row, asked):
        found[number][verb] = True
    return list(found)


def _may(actor: Actor, rtype: RecordType, verb: Verb) -> Any:
    if not rtype.sees_as and reaches_all(actor, rtype, verb):
        return Value(value=True)
    return Exists(within_reach(actor, rtype, verb, rtype.rows().filter(pk=OuterRef("pk"))))


def _plainly(
    actor: Actor, rtype: RecordType, verb: Verb, row: Any, grants: Iterable[Grant], levels: Mapping[str, set[UUID]]
) -> bool:
    """Whether grants reach a record whatever filters find: all of them, by its owner, or because it is shared."""
    if not grants:
        return False
    owner = rtype.field("owner")
    holders = {*actor.teams, actor.user_id}
    if rtype.members:
        is_mine = is_member(actor, rtype, row)
        return is_mine and (verb != "delete" or actor.is_admin or row.created_by == actor.user_id)
    return (
        any(grant.reach == "all" for grant in grants)
        or (owner is not None and getattr(row, owner.column) in owners_of(actor, verb, grants))
        or any(holders & levels.get(level, set()) for level in LEVELS.get(verb, ()))
    )


def _rule(actor: Actor, rtype: RecordType, grants: Iterable[Grant]) -> Q | None:
    rules = [ruled(actor, rtype, grant.where) for grant in sorted(grants) if grant.reach == "filter"]
    known = [one for one in rules if one is not None]
    return reduce(or_, known) if known else None


def _holding(rtype: RecordType, row: Any, asked: Mapping[tuple[int, Verb], Q]) -> list[tuple[int, Verb]]:
    """The keys of those conditions that hold for a record, all asked by one query."""
    if not asked:
        return []
    cases = [
        Case(When(rule, then=Value(value=True)), default=Value(value=False), output_field=BooleanField())
        for rule in asked.values()
    ]
    answers = rtype.rows().filter(pk=row.pk).values_list(*cases).first() or ()
    return [key for key, holds in zip(asked, answers, strict=False) if holds]
