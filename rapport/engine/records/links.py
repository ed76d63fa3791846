"""What relations in tables of their own point at, of many records at once, beside what a record holds itself."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from rapport.engine.records.fields import Field

# By field and record.
Links = Mapping[str, Mapping[UUID, UUID]]


def links_of(fields: Iterable[Field], keys: Sequence[UUID]) -> Links:
    """What the records with these keys point at; one query for each of the fields that is kept elsewhere."""
    through = {one.slug: one.through for one in fields if one.through}
    return {slug: one.load(keys) if keys else {} for slug, one in through.items()}


def held(field: Field, row: Any, links: Links) -> Any:
    """What a record holds, kept by itself or elsewhere."""
    return links[field.slug].get(row.pk) if field.through else field.get(row)
