"""The records that were found, read through the gate: only the columns that are shown, by statements made once."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import RawSQL

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.search.gating import Reaches, are_lasting, reaches

KEYS: Any = object()  # stands among the values where the ids go
# OFFSET hides from the planner how many they are, so that one plan serves any number.
AMONG_KEYS = "SELECT unnest(given.keys) FROM (SELECT %s::uuid[] AS keys OFFSET 0) AS given"

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Reader:
    """A statement for rows of a model, and what makes Python values of its columns."""

    sql: str
    values: Sequence[Any]
    model: Any
    names: Sequence[str]
    converts: Sequence[tuple[int, Convert]]

    def rows(self, keys: Collection[UUID]) -> dict[UUID, Any]:
        values = [list(keys) if one is KEYS else one for one in self.values]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            rows = cursor.fetchall()
        return {one.pk: one for one in map(self._made, rows)}

    def _made(self, row: Sequence[Any]) -> Any:
        told = list(row)
        for index, convert in self.converts:
            told[index] = convert(told[index])
        return self.model.from_db(connection.alias, self.names, told)


def rows_of(actor: Actor, rtype: RecordType, fields: Iterable[Field], keys: Collection[UUID]) -> dict[UUID, Any]:
    """Rows of a type by their ids, those that the actor may see, with the columns of the fields."""
    columns = {"custom" if one.custom else one.column for one in fields if not one.through} | {rtype.title_field.path}
    going_by = reaches(actor)
    make = _reader if are_lasting(going_by) else _reader.__wrapped__
    reader = make(actor, rtype.slug, frozenset(columns), going_by) if keys else None
    return reader.rows(keys) if reader else {}


@lru_cache(maxsize=256)
def _reader(actor: Actor, slug: str, columns: frozenset[str], _reaches: Reaches) -> Reader | None:
    """None where the actor sees nothing of the type."""
    rtype = record_type(slug)
    meta = rtype.model._meta
    wanted = [one for one in meta.concrete_fields if one.primary_key or one.attname in columns]
    among = RawSQL(AMONG_KEYS, (KEYS,))  # noqa: S611  a constant
    rows = visible(actor, rtype).filter(pk__in=among).order_by().values_list(*(one.attname for one in wanted))
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    converts = [(index, _converting(one)) for index, one in enumerate(wanted) if hasattr(one, "from_db_value")]
    return Reader(sql, values, rtype.model, [one.attname for one in wanted], converts)


def _converting(column: Any) -> Convert:
    return lambda value: column.from_db_value(value, None, connection)
