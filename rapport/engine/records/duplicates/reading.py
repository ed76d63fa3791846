"""Records as a scan reads them: in slices by their ids, only the columns that are compared."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from rapport.engine.records.duplicates.linking.agreeing import Value
from rapport.engine.records.duplicates.linking.shape import Shape
from rapport.engine.records.duplicates.shapes import columns_of, values_of
from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType

SLICE = 5_000


class Known(NamedTuple):
    """A record with its normal values."""

    id: UUID
    version: int
    row: dict[str, Value]


def read_all(rtype: RecordType, shape: Shape) -> Iterator[Known]:
    """All live records of a type, slice by slice: no snapshot is held in between."""
    last: UUID | None = None
    while True:
        rows = rtype.rows().filter(deleted_at=None)
        rows = rows if last is None else rows.filter(pk__gt=last)
        found = list(_normal(rtype, shape, rows.order_by("pk")[:SLICE]))
        yield from found
        if len(found) < SLICE:
            return
        last = found[-1].id


def read_some(rtype: RecordType, shape: Shape, keys: Collection[UUID]) -> dict[UUID, Known]:
    """Those of the records that are live."""
    rows = rtype.rows().filter(pk__in=list(keys), deleted_at=None)
    return {one.id: one for one in _normal(rtype, shape, rows)} if keys else {}


def _normal(rtype: RecordType, shape: Shape, rows: Any) -> Iterator[Known]:
    names = columns_of(rtype, shape)
    at = {name: place for place, name in enumerate(names, start=1)}

    def get(field: Field) -> Any:
        if field.custom:
            return field.type.from_custom((found[at["custom"]] or {}).get(field.slug))
        return found[at[field.column]]

    for found in rows.values_list("pk", *names):
        yield Known(found[0], found[at["version"]], shape.normal(values_of(rtype, shape, get)))
