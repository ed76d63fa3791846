"""Which records share an entry, such as an e-mail address, asked for many values at once."""

import json
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection, transaction

from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType

# One question for many values: a probe for each would walk an index's list of pending entries anew each time.
SHARING = """
SELECT asked.value, t.id FROM {table} AS t
CROSS JOIN LATERAL (SELECT DISTINCT entry ->> %(key)s AS value FROM jsonb_array_elements(t.{column}) AS entry) AS asked
WHERE t.{column} @@ %(path)s::jsonpath AND asked.value = ANY(%(values)s) {live}
ORDER BY t.{column} -> 0 ->> %(key)s = asked.value DESC, t.created_at, t.id
"""
AT_ONCE = 500  # values in one question


def sharing(
    rtype: RecordType, field: Field, key: str, values: Collection[str], *, deleted: bool = False
) -> dict[str, list[UUID]]:
    """Ids of the records that hold each value under `key` in a built-in list of entries, ungated.

    Those whose primary entry it is come first, then the oldest. `deleted` adds the deleted ones.
    """
    if not values:
        return {}
    quote = connection.ops.quote_name
    statement = SHARING.format(
        table=quote(rtype.model._meta.db_table),
        column=quote(field.column),
        live="" if deleted else "AND t.deleted_at IS NULL",
    )
    found: dict[str, list[UUID]] = {}
    ordered = sorted(values)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        # A table that has just been filled has no statistics, and scanning it for each slice takes minutes.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for start in range(0, len(ordered), AT_ONCE):
            some = ordered[start : start + AT_ONCE]
            cursor.execute(statement, {"values": some, "key": key, "path": _path(key, some)})
            for value, record in cursor.fetchall():
                found.setdefault(value, []).append(record)
        cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def _path(key: str, values: Sequence[str]) -> str:
    """Whether any entry holds one of the values, as a path over the list."""
    return " || ".join(f"$[*].{key} == {json.dumps(value)}" for value in values)
