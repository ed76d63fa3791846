"""The gate as a condition on documents: only those whose records an actor may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models.expressions import RawSQL

from rapport.engine.events.actor import Actor
from rapport.engine.events.models import Journaled
from rapport.engine.records.gate import Grant, grants_of, parents_of, visible
from rapport.engine.records.gate.shares import shared_keys
from rapport.engine.records.registry import RecordType, record_type, record_types

Reaches = tuple[tuple[str, type[Journaled], frozenset[Grant], frozenset[UUID]], ...]


@dataclass(frozen=True)
class Condition:
    """A condition on a document `d`, with `%s` where its values go."""

    sql: str
    values: tuple[Any, ...] = ()


def seen_by(actor: Actor, types: Iterable[RecordType]) -> Condition:
    """Documents of these types whose records an actor may see, those of children with their parents."""
    going_by = reaches(actor)
    make = _seen_by if are_lasting(going_by) else _seen_by.__wrapped__
    return make(actor, tuple(one.slug for one in types), going_by)


def reaches(actor: Actor) -> Reaches:
    """All that the gate goes by, beside the actor: what was made for these holds as long as they do."""
    return tuple(
        (one.slug, one.model, grants_of(actor, one, "read"), shared_keys(actor, [one.slug])) for one in record_types()
    )


def are_lasting(found: Reaches) -> bool:
    """Whether what the gate says of these holds tomorrow too: a filter may ask for today, or for a field."""
    return all(grant.reach != "filter" for _slug, _model, grants, _shared in found for grant in grants)


@lru_cache(maxsize=256)
def _seen_by(actor: Actor, types: Sequence[str], _reaches: Reaches) -> Condition:
    """Kept, because making it takes longer than asking with it."""
    return _by_type("d.record_type", {slug: _of_type(actor, record_type(slug)) for slug in types})


def _of_type(actor: Actor, rtype: RecordType) -> Condition:
    row = _exists(actor, rtype, "d.record_id")
    if not rtype.sees_as:
        return row
    parent = _by_type("d.parent_type", {one.slug: _exists(actor, one, "d.parent_id") for one in parents_of(rtype)})
    return Condition(f"{row.sql} AND {parent.sql}", row.values + parent.values)


def _exists(actor: Actor, rtype: RecordType, key: str) -> Condition:
    """OFFSET keeps the planner from reading the whole table at once instead of looking rows up."""
    rows = visible(actor, rtype).filter(pk=RawSQL(key, ())).order_by().values("pk")  # noqa: S611  a name of ours
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return Condition("false")
    return Condition(f"EXISTS ({sql} OFFSET 0)", tuple(values))


def _by_type(column: str, of_types: Mapping[str, Condition]) -> Condition:
    """The condition of the type that a column names; false for all others."""
    cases = " ".join(f"WHEN {column} = %s THEN {one.sql}" for one in of_types.values())
    values = [value for slug, one in of_types.items() for value in (slug, *one.values)]
    return Condition(f"CASE {cases} ELSE false END" if cases else "false", tuple(values))
