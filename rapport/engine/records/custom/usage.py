"""Fields and options that records have come to use are not taken back with the batch that made them."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Q

from rapport.engine.events.models.journaled import Journaled
from rapport.engine.events.undo.references import also_used
from rapport.engine.records.computed.graph import graph
from rapport.engine.records.models import Choice, CustomField
from rapport.engine.records.registry import RecordType, find_record_type, record_type, record_types


def fields_in_use(model: type[Journaled], keys: Collection[UUID]) -> set[UUID]:
    """Those of the custom fields in which a live record has a value."""
    if model is not CustomField:
        return set()
    rows = CustomField.objects.filter(pk__in=keys)
    return {
        row.pk
        for row in rows
        if graph().using(record_type(row.record_type), row.slug)
        or _any_record(row.record_type, Q(custom__has_key=row.slug))
    }


def options_in_use(model: type[Journaled], keys: Collection[UUID]) -> set[UUID]:
    """Those of the options that a live record has."""
    if model is not Choice:
        return set()
    return {row.pk for row in Choice.objects.filter(pk__in=keys) if _is_chosen(row)}


def _is_chosen(row: Choice) -> bool:
    slug, _dot, field = row.list.partition(".")
    if not field.startswith("x_"):
        return any(_any_record(rtype.slug, asked) for rtype in record_types() for asked in _chosen(rtype, row))
    one, several = Q(custom__contains={field: row.value}), Q(custom__contains={field: [row.value]})
    return _any_record(slug, one | several)


def _chosen(rtype: RecordType, row: Choice) -> Iterator[Q]:
    """How built-in fields of a type hold an option of their list."""
    for field in rtype.fields:
        if field.choice_list == row.list and field.column:
            several = field.type.name == "choices"
            yield Q(**{f"{field.column}__contains": [row.value]}) if several else Q(**{field.column: row.value})


def _any_record(slug: str, asked: Q) -> bool:
    rtype = find_record_type(slug)
    return rtype is not None and rtype.rows().filter(asked, deleted_at=None).exists()


also_used.extend([fields_in_use, options_in_use])
