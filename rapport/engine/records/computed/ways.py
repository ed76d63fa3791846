"""From records that changed back to those whose formulas reach them."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Lookup, QuerySet, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import In

from rapport.engine.records.fields import Field
from rapport.engine.records.formulas.inputs import Step
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.related import Related
from rapport.engine.records.search.documents import Listed

MOST = 5_000  # records at a time; of more, a job works out all


class TooMany(Exception):
    """More records reach what changed than can be worked out at once."""


def leading_to(way: Sequence[Step], start: RecordType, keys: Collection[UUID]) -> Collection[UUID]:
    """The records of `start` from which a way leads to one of these. Raises TooMany."""
    here = set(keys)
    for step, holder in reversed(list(zip(way, _holders(way, start), strict=True))):
        found = _pointed_at(step, here) if isinstance(step, Related) else _pointing(holder, step, here)
        here = set(found[: MOST + 1]) - {None}
        if len(here) > MOST:
            raise TooMany
    return here


def _holders(way: Sequence[Step], start: RecordType) -> list[RecordType]:
    """The type at which each step begins."""
    found = [start]
    for step in way:
        found.append(step.record_type if isinstance(step, Related) else record_type(step.target))
    return found[:-1]


def _pointing(holder: RecordType, field: Field, keys: Collection[UUID]) -> "QuerySet[Any]":
    """Records whose relation leads to one of these."""
    if field.through is not None:
        target = record_type(field.target)
        found = field.through.matching(target.rows().filter(pk__in=Listed(keys)))
        (column,) = found.query.values_select
        pointing: QuerySet[Any] = found.values_list(column, flat=True)
        return pointing
    if field.custom:
        texts = [str(key) for key in keys]
        asked: Lookup[Any] = In(KeyTextTransform(field.slug, "custom"), texts)
        holding: QuerySet[Any] = holder.rows().filter(asked).values_list("pk", flat=True)
        return holding
    rows: QuerySet[Any] = holder.rows().filter(**{f"{field.column}__in": Listed(keys)}).values_list("pk", flat=True)
    return rows


def _pointed_at(related: Related, keys: Collection[UUID]) -> "QuerySet[Any]":
    """The records at which these point."""
    rows = related.record_type.rows().filter(pk__in=Listed(keys))
    if related.field is None:
        column = related.record_type.parent_column
        return rows.filter(about_type=related.target.slug).values_list(column, flat=True).distinct()
    if related.field.through is not None:
        kept = related.field.through.keeping(related.record_type.model, related.field.slug)
        ties: QuerySet[Any] = QuerySet(kept.table)
        told: Lookup[Any] = In(F(kept.record), Listed(keys))
        return ties.filter(told, deleted_at=None).values_list(kept.value, flat=True).distinct()
    if related.field.custom:
        rows = rows.annotate(points_at=Cast(KeyTextTransform(related.field.slug, "custom"), UUIDField()))
    column = "points_at" if related.field.custom else related.field.column
    found: QuerySet[Any] = rows.values_list(column, flat=True).distinct()
    return found
