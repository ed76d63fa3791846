"""Who of many may see each of many records of a type: what is told to users is asked about in sets."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Q, Value, When

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate.asking import grants_of
from rapport.engine.records.gate.rights import _plainly, _rule
from rapport.engine.records.gate.shares import in_force
from rapport.engine.records.registry import RecordType

AT_ONCE = 100  # users whom filters let see records, by one query


def readers(
    rtype: RecordType, rows: Collection[Any], wanted: Mapping[UUID, set[UUID]], actors: Mapping[UUID, Actor]
) -> dict[UUID, set[UUID]]:
    """Of the users wanted for each record, by its id, those who may see it, live or deleted.

    `rows` are the records, of a type that stands for itself, `actors` the users who may sign in. One query for all, and
    one more where filters decide.
    """
    shares = _shares(rtype, wanted)
    found: dict[UUID, set[UUID]] = {row.pk: set() for row in rows}
    rules: dict[UUID, Q] = {}
    grants = {user: grants_of(actor, rtype, "read") for user, actor in actors.items()}
    for row in rows:
        for user in wanted.get(row.pk, set()) & actors.keys():
            if _plainly(actors[user], rtype, "read", row, grants[user], shares[row.pk]):
                found[row.pk].add(user)
            elif user not in rules and (rule := _rule(actors[user], rtype, grants[user])) is not None:
                rules[user] = rule
    for key, users in _ruled(rtype, rules, found.keys()).items():
        found[key] |= users & wanted.get(key, set())
    return found


def _shares(rtype: RecordType, wanted: Mapping[UUID, set[UUID]]) -> dict[UUID, dict[str, set[UUID]]]:
    """The holders of shares by record and level."""
    found: dict[UUID, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    if rtype.by_roles:
        held = in_force().filter(record_type=rtype.slug, record_id__in=list(wanted))
        for key, level, holder in held.values_list("record_id", "level", "holder"):
            found[key][level].add(holder)
    return found


def _ruled(rtype: RecordType, rules: Mapping[UUID, Q], keys: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By record, the users for whom their filter holds."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    users = sorted(rules)
    for start in range(0, len(users), AT_ONCE):
        some = users[start : start + AT_ONCE]
        cases = [
            Case(When(rules[user], then=Value(value=True)), default=Value(value=False), output_field=BooleanField())
            for user in some
        ]
        for key, *holds in rtype.rows().filter(pk__in=list(keys)).values_list("pk", *cases):
            found[key] |= {user for user, is_true in zip(some, holds, strict=True) if is_true}
    return found
