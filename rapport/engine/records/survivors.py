"""Where records that were merged into others live on: old ids lead to the survivors for ever."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from rapport.engine.records.models import Record
from rapport.engine.records.registry import RecordType

MOST_HOPS = 100
LEADING = """
WITH RECURSIVE chain(root, id, hops) AS (
    SELECT t.id, t.merged_into, 1 FROM {table} AS t WHERE t.id = ANY(%s) AND t.merged_into IS NOT NULL
    UNION ALL
    SELECT c.root, t.merged_into, c.hops + 1 FROM chain AS c JOIN {table} AS t ON t.id = c.id
    WHERE t.merged_into IS NOT NULL AND c.hops < %s
)
SELECT c.root, t.id FROM chain AS c JOIN {table} AS t ON t.id = c.id
WHERE t.merged_into IS NULL AND t.deleted_at IS NULL {kind}
"""


def may_merge(rtype: RecordType) -> bool:
    """Whether records of a type stand for themselves, so that people merge them."""
    return issubclass(rtype.model, Record) and rtype.by_roles


def survivors_of(rtype: RecordType, keys: Collection[UUID]) -> dict[UUID, UUID]:
    """The live record that each of these leads to, ungated; those that were not merged are missing. One query."""
    if not keys or not issubclass(rtype.model, Record):
        return {}
    kind = rtype.model.kind_column
    statement = LEADING.format(table=_table(rtype), kind=f"AND t.{kind} = %s" if kind else "")
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(keys), MOST_HOPS, *([rtype.slug] if kind else [])])
        return dict(cursor.fetchall())


def survivor_of(rtype: RecordType, key: UUID) -> UUID | None:
    """The live record that this one leads to, over any number of merges; None if it was not merged."""
    return survivors_of(rtype, [key]).get(key)


def _table(rtype: RecordType) -> str:
    return connection.ops.quote_name(rtype.model._meta.db_table)
