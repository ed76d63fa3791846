"""Which records share an entry, such as an e-mail address, asked for many values at once."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType

# One probe of the index for each value: a thousand of them cost as much as one scan of a small table.
SHARING = """
SELECT asked.value, t.id FROM unnest(%(values)s::text[]) AS asked(value)
JOIN {table} AS t ON t.{column} @> jsonb_build_array(jsonb_build_object(%(key)s, asked.value))
{live} ORDER BY t.{column} -> 0 ->> %(key)s = asked.value DESC, t.created_at, t.id
"""


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
        live="" if deleted else "WHERE t.deleted_at IS NULL",
    )
    found: dict[str, list[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"values": sorted(values), "key": key})
        for value, record in cursor.fetchall():
            found.setdefault(value, []).append(record)
    return found
