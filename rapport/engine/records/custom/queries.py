"""What pages and the API ask about custom fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models.lookups import IsNull

from rapport.engine.events.actor import Actor
from rapport.engine.records.custom.indexes import state
from rapport.engine.records.custom.reading import holds_fields
from rapport.engine.records.gate import visible
from rapport.engine.records.models import Choice, CustomField, FieldIndexes
from rapport.engine.records.queries.counting import Count, count
from rapport.engine.records.registry import RecordType, record_type, record_types


@dataclass(frozen=True)
class Shown:
    """A field with what was built for it and its options, retired ones included."""

    row: CustomField
    state: str
    error: str
    options: Sequence[Choice]


def types_with_fields() -> list[RecordType]:
    """The record types on which fields can be made."""
    return sorted((one for one in record_types() if holds_fields(one)), key=lambda one: one.place)


def fields_of(rtype: RecordType, *, deleted: bool = False) -> list[Shown]:
    """The custom fields of a type in their order; three queries, however many there are."""
    rows = CustomField.objects.filter(record_type=rtype.slug, deleted_at__isnull=not deleted)
    return _shown(list(rows.order_by("position", "created_at")))


def find_field(key: UUID) -> Shown | None:
    """One field, live or deleted."""
    found = _shown(list(CustomField.objects.filter(pk=key)))
    return found[0] if found else None


def used_by(actor: Actor, row: CustomField) -> Count:
    """How many live records have a value in a field, as far as the actor sees them; counted up to the cap."""
    rtype = record_type(row.record_type)
    field = rtype.field(row.slug)
    if row.formula:
        return count(visible(actor, rtype).filter(IsNull(field.expression(), False)) if field else rtype.rows().none())
    return count(visible(actor, rtype).filter(custom__has_key=row.slug))


def _shown(rows: Sequence[CustomField]) -> list[Shown]:
    known = FieldIndexes.objects.in_bulk([row.pk for row in rows])
    lists: dict[str, list[Choice]] = {}
    names = [f"{row.record_type}.{row.slug}" for row in rows if row.type in ("choice", "choices")]
    for choice in Choice.objects.filter(list__in=names).order_by("position", "label") if names else ():
        lists.setdefault(choice.list, []).append(choice)
    return [
        Shown(
            row,
            state(row, known.get(row.pk)),
            known[row.pk].error if row.pk in known else "",
            lists.get(f"{row.record_type}.{row.slug}", []),
        )
        for row in rows
    ]
