"""Rotation: a new key, everything sealed anew with it in slices, and in the end the old key destroyed.

Every value can be read at any moment, because opening takes whichever key a value names. A rotation that is
killed goes on where it stopped: what is left under older keys says so itself.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from rapport.engine.outbox.secrets.field import SealedField, place_of
from rapport.engine.outbox.secrets.keys import drop_key, key_ids, made_at, make_key, newest_key
from rapport.engine.outbox.secrets.sealed import Sealed, seal

SLICE = 200
# A process may still hold a value in memory under the old key, and write it back.
GRACE = timedelta(days=1)


def rotate(report: Callable[[int], None] = lambda _count: None) -> int:
    """Make a new key and seal everything with it, or finish a rotation that was interrupted. Returns values sealed."""
    if not any(old for _column, old in _left()) or not key_ids():
        make_key()
    return reseal(report)


def reseal(report: Callable[[int], None] = lambda _count: None) -> int:
    """Seal with the newest key whatever is not."""
    total = 0
    for column in sealed_columns():
        while count := _slice(column):
            total += count
            report(total)
    return total


def retire_keys() -> int:
    """Destroy the keys that nothing is sealed with and that were replaced a day ago. Returns how many."""
    ids = key_ids()
    if len(ids) < 2 or timezone.now() - made_at(ids[-1]) < GRACE:
        return 0
    reseal()
    used = keys_in_use()
    idle = [key_id for key_id in ids[:-1] if not used.get(key_id)]
    for key_id in idle:
        drop_key(key_id)
    return len(idle)


def keys_in_use() -> dict[bytes, int]:
    """How many values each key seals."""
    used: dict[bytes, int] = {}
    for column in sealed_columns():
        table, name = _quoted(column)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT substring({name} FROM 2 FOR 8), count(*) FROM {table} WHERE {name} IS NOT NULL GROUP BY 1"  # noqa: S608 — names of our own columns
            )
            for key_id, count in cursor.fetchall():
                used[bytes(key_id)] = used.get(bytes(key_id), 0) + count
    return used


def sealed_columns() -> "Iterator[models.Field[Any, Any]]":
    for model in apps.get_models():
        yield from (field for field in model._meta.concrete_fields if isinstance(field, SealedField))


def _left() -> "Iterator[tuple[models.Field[Any, Any], int]]":
    """Columns with how many values in them wait for the newest key."""
    newest = newest_key().id
    for column in sealed_columns():
        table, name = _quoted(column)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE substring({name} FROM 2 FOR 8) <> %s",  # noqa: S608 — see above
                [newest],
            )
            yield column, cursor.fetchone()[0]


def _slice(column: "models.Field[Any, Any]") -> int:
    """Seal some values of a column anew, in one short transaction."""
    table, name = _quoted(column)
    key = connection.ops.quote_name(column.model._meta.pk.column)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {name} FROM {table} WHERE substring({name} FROM 2 FOR 8) <> %s "  # noqa: S608 — see above
            f"ORDER BY {key} LIMIT %s FOR UPDATE",
            [newest_key().id, SLICE],
        )
        rows = cursor.fetchall()
        for row_id, blob in rows:
            place = place_of(column, row_id)
            fresh = seal(Sealed(bytes(blob), place).open(), place=place)
            cursor.execute(f"UPDATE {table} SET {name} = %s WHERE {key} = %s", [bytes(fresh), row_id])  # noqa: S608 — see above
    return len(rows)


def _quoted(column: "models.Field[Any, Any]") -> tuple[str, str]:
    quote = connection.ops.quote_name
    return quote(column.model._meta.db_table), quote(column.column)
