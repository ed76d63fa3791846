"""Which records share an entry, such as an e-mail address, asked for many values at once."""

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, transaction
from django.db.models import Expression, F

from rapport.engine.events.models import Journaled
from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType

# A probe of the index for each value.
PROBING = """
SELECT asked.value, t.id FROM unnest(%(values)s::text[]) AS asked(value)
CROSS JOIN LATERAL (
    SELECT * FROM {table} AS t
    WHERE {list} @> jsonb_build_array(jsonb_build_object(%(key)s::text, asked.value)) {live} {kind}
) AS t
ORDER BY {list} -> 0 ->> %(key)s = asked.value DESC, t.created_at, t.id
"""
# Where there is none, all rows are read, once for many values.
SHARING = """
SELECT asked.value, t.id FROM {table} AS t
CROSS JOIN LATERAL (SELECT DISTINCT entry ->> %(key)s AS value FROM jsonb_array_elements({list}) AS entry) AS asked
WHERE {list} @@ %(path)s::jsonpath AND asked.value = ANY(%(values)s) {live} {kind}
ORDER BY {list} -> 0 ->> %(key)s = asked.value DESC, t.created_at, t.id
"""
AT_ONCE = 500  # values in one question


def sharing(
    rtype: RecordType, field: Field, key: str, values: Collection[str], *, deleted: bool = False
) -> dict[str, list[UUID]]:
    """Ids of the records that hold each value under `key` in a list of entries, ungated.

    Those whose primary entry it is come first, then the oldest. `deleted` adds the deleted ones.
    """
    if not values:
        return {}
    quote = connection.ops.quote_name
    kind = rtype.model.kind_column
    statement = (PROBING if not field.custom and field.column in _indexed(rtype.model) else SHARING).format(
        table=quote(rtype.model._meta.db_table),
        list="(t.custom -> %(slug)s)" if field.custom else f"t.{quote(field.column)}",
        live="" if deleted else "AND t.deleted_at IS NULL",
        kind=f"AND t.{quote(kind)} = %(kind)s" if kind else "",
    )
    found: dict[str, list[UUID]] = {}
    ordered = sorted(values)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        # A table that has just been filled has no statistics, and scanning it for each slice takes minutes.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for start in range(0, len(ordered), AT_ONCE):
            some = ordered[start : start + AT_ONCE]
            told: dict[str, Any] = {"values": some, "path": _path(key, some)}
            cursor.execute(statement, told | {"key": key, "slug": field.slug, "kind": rtype.slug})
            for value, record in cursor.fetchall():
                found.setdefault(value, []).append(record)
        cursor.execute("SET LOCAL enable_seqscan = on")
    return found


@cache
def _indexed(model: type[Journaled]) -> frozenset[str]:
    """The columns of a table whose entries are indexed."""
    indexes = [index for index in model._meta.indexes if isinstance(index, GinIndex)]
    shaped = [one for index in indexes for one in index.expressions if isinstance(one, Expression)]
    parts: list[Any] = [part for one in shaped for part in one.flatten()]
    return frozenset(part.name for part in parts if isinstance(part, F))


def _path(key: str, values: Sequence[str]) -> str:
    """Whether any entry holds one of the values, as a path over the list."""
    return " || ".join(f"$[*].{key} == {json.dumps(value)}" for value in values)
