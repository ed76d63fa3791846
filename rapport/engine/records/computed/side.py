"""The values of computed fields: read for the records that are shown, and written as sets."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models

from rapport.engine.records.definitions import definitions
from rapport.engine.records.fields import Field
from rapport.engine.records.fields.computed import RECORD

# Only what differs is written. In the order of ids, so that two writers never wait for each other in a circle.
WRITE = """
INSERT INTO {table} AS kept ({record}, {columns})
SELECT made.* FROM ({made}) AS made ({record}, {columns}) LEFT JOIN {table} AS old USING ({record})
WHERE ROW({new}) IS DISTINCT FROM ROW({old}) ORDER BY 1
ON CONFLICT ({record}) DO UPDATE SET {set}
RETURNING {record}
"""


def load(fields: Iterable[Field], keys: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """The values of computed fields of one type, by record and slug. One query, none without such fields."""
    wanted = [field for field in fields if field.computed]
    if not wanted or not keys:
        return {}
    empty = {field.slug: field.type.empty for field in wanted}
    found = {key: dict(empty) for key in keys}
    for key, *values in _rows(wanted, keys):
        found[key] = {field.slug: stored_as(field, value) for field, value in zip(wanted, values, strict=True)}
    return found


def values_of(fields: Iterable[Field], row: Any) -> dict[str, Any]:
    """The stored values of one record by slug."""
    listed = list(fields)
    beside = load(listed, [row.pk]).get(row.pk, {})
    return {field.slug: beside[field.slug] if field.computed else field.get(row) for field in listed}


def write(fields: Sequence[Field], made: "models.QuerySet[Any]") -> set[UUID]:
    """Write values of computed fields of one type: `made` gives an id and a value for each. Returns whose changed."""
    statement, values = made.query.sql_with_params()
    columns = [_name(field.slug) for field in fields]
    text = WRITE.format(
        table=_table(fields),
        record=RECORD,
        made=statement,
        columns=", ".join(columns),
        new=", ".join(f"made.{column}" for column in columns),
        old=", ".join(f"old.{column}" for column in columns),
        set=", ".join(f"{column} = excluded.{column}" for column in columns),
    )
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return {key for (key,) in cursor.fetchall()}


def _rows(fields: Sequence[Field], keys: Collection[UUID]) -> list[tuple[Any, ...]]:
    columns = ", ".join(_name(field.slug) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {RECORD}, {columns} FROM {_table(fields)} WHERE {RECORD} = ANY(%s)", [list(keys)])  # noqa: S608  # declared names, quoted
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def stored_as(field: Field, value: Any) -> Any:
    """A column's value as the field's type keeps it."""
    if value is None:
        return field.type.empty
    if field.type.name == "money":
        return {"amount": value, "currency": definitions().organisation.currency, "house": value}
    return value


def _table(fields: Sequence[Field]) -> str:
    assert fields[0].computed
    return _name(fields[0].computed.table)


def _name(name: str) -> str:
    return connection.ops.quote_name(name)
