"""Conditions on what the journal tells: that something happened, that a field was changed, or has been as it is."""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from rapport.engine.events.columns import columns_of
from rapport.engine.events.keeping import kept_fields
from rapport.engine.events.models import JournalEntry, JournalSubject
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.conditions.asked import Condition, Evaluation
from rapport.engine.records.filters.values import Period
from rapport.engine.records.happenings import Happening
from rapport.engine.records.registry import RecordType


def did(
    rtype: RecordType, one: Happening, within: Period | None, times: int, where: Q, evaluation: Evaluation
) -> Condition:
    """It happened at least so often. What happened to records that point here counts while they are to be seen."""
    entries = JournalEntry.objects.filter(_in(within, evaluation), where, kind=one.kind, about_type=one.about_type)
    if one.others is None:
        return _often(entries.filter(about_id=OuterRef("pk")), "about_id", times)
    seen = entries.filter(about_id__in=evaluation.visible(one.others).values("pk"))
    told = JournalSubject.objects.filter(_in(within, evaluation), type=rtype.journal_type, entry__in=seen.values("pk"))
    if times > 1 and within:
        # Few such entries lie in a period: all at once costs less than to ask each record for its own.
        among = rtype.rows().filter(pk=OuterRef("pk"), pk__in=_counted(told, "subject_id", times).values("subject_id"))
        return Condition(Q(Exists(among)), certain=True)
    return _often(told.filter(subject_id=OuterRef("pk")), "subject_id", times)


def changed(rtype: RecordType, field: Field, within: Period | None, evaluation: Evaluation) -> Condition:
    """The field was given another value after the record was made."""
    return Condition(Q(Exists(changes(rtype, field, **_span(within, evaluation)))), certain=True)


def held(rtype: RecordType, field: Field, length: Period, evaluation: Evaluation) -> Condition:
    """The record is at least that old, and the field was not changed since."""
    start, _end = evaluation.clock.instants(length)
    lasting = ~Exists(changes(rtype, field, at__gte=start))
    return Condition(Q(created_at__lt=start) & Q(lasting), certain=True)


def is_followed(rtype: RecordType, field: Field) -> bool:
    """Whether the journal tells when this field changes; not so for what is worked out from others."""
    return bool(field.custom or field.through or told_columns(rtype, field))


def changes(rtype: RecordType, field: Field, **span: dt.datetime) -> "QuerySet[Any]":
    """The changes of a field of the record around.

    Payloads are narrowed to their months by the span, or by the moment of the entry. By one of the two only: the id
    alone ties them, and by both the planner expects a thousandth of what there is.
    """
    months: dict[str, Any] = {f"payload__{name}": moment for name, moment in span.items()}
    entries = JournalEntry.objects.filter(
        about_id=OuterRef("pk"), about_type=rtype.journal_type, kind="changed", **span
    ).filter(**months or {"payload__at": F("at")})
    if field.custom:
        return entries.exclude(Q(Exact(_custom(field, "before"), _custom(field, "after"))))
    keys = [field.slug] if field.through else told_columns(rtype, field)
    return entries.filter(payload__after__has_any_keys=keys)


def _custom(field: Field, side: str) -> Any:
    """The text of a custom field on one side of a change; empty where it has none."""
    kept = KeyTextTransform(field.slug, KeyTransform("custom", f"payload__{side}"))
    return Coalesce(kept, Value(""), output_field=TextField())


def told_columns(rtype: RecordType, field: Field) -> list[str]:
    """The columns of a field that the journal keeps, none for what follows from others."""
    if field.slug in kept_fields(rtype.model):
        return [field.slug]
    kept = {column.name for column in columns_of(rtype.model) if column.kept}
    return sorted(kept & field.columns(field.type.empty).keys())


def _often(entries: "QuerySet[Any]", key: str, times: int) -> Condition:
    if times == 1:
        return Condition(Q(Exists(entries)), certain=True)
    return Condition(Q(Exists(_counted(entries, key, times))), certain=True)


def _counted(entries: "QuerySet[Any]", key: str, times: int) -> "QuerySet[Any]":
    grouped: QuerySet[Any] = entries.order_by().values(key).annotate(often=Count("*"))
    return grouped.filter(often__gte=times)


def _in(within: Period | None, evaluation: Evaluation) -> Q:
    return Q(**_span(within, evaluation))


def _span(within: Period | None, evaluation: Evaluation) -> dict[str, dt.datetime]:
    if within is None:
        return {}
    first, after = evaluation.clock.instants(within)
    return {"at__gte": first, "at__lt": after}
