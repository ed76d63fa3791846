"""Which rows stand in one group of a list, and what a group is called in an address."""

from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import DataContains, KeyTransform
from django.db.models.lookups import Exact, GreaterThanOrEqual, In, IsNull, LessThan
from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field
from rapport.engine.records.fields.entries import Entries
from rapport.engine.records.filters.conditions import filled, sql
from rapport.engine.records.filters.conditions.asked import Asked
from rapport.engine.records.filters.times import shifted
from rapport.engine.records.filters.tree import Op
from rapport.engine.records.filters.values import Unit as Length
from rapport.engine.records.queries.summing import LISTS, By, Unit, among_of, key_of, ties_of
from rapport.engine.records.registry import RecordType

NONE, IS = "none", "is:"
MOST_DIGITS = 40


def within(rtype: RecordType, rows: "QuerySet[Any]", by: By, key: Any, *, zone: ZoneInfo) -> "QuerySet[Any]":
    """The rows that `grouped` puts under this key, which is None for those without a value."""
    if by.field.type.name in LISTS:
        return rows.filter(_holds(rtype, by.field, key))
    if key is None and by.field.through:
        kept, ties = ties_of(rtype, by.field)
        return rows.exclude(pk__in=ties.filter(*_counts(by, F(kept.value))).values(kept.record))
    if key is None:
        return rows.filter(IsNull(among_of(rtype, by), True))
    if isinstance(key, date) and by.unit:
        return rows.filter(*_between(rtype, by, key, zone))
    if by.field.through:
        kept, ties = ties_of(rtype, by.field)
        return rows.filter(
            pk__in=ties.filter(Exact(F(kept.value), key), *_counts(by, F(kept.value))).values(kept.record)
        )
    value = _bare(rtype, by.field)
    return rows.filter(Exact(value, key), *_counts(by, value))


def key_text(key: Any) -> str:
    """A key as it stands in an address: `none`, or `is:` and its value."""
    if key is None:
        return NONE
    return IS + (str(key).lower() if isinstance(key, bool) else key.isoformat() if isinstance(key, date) else str(key))


def read_key(by: By, text: str) -> Any:
    """What `key_text` wrote. Raises Invalid."""
    if text == NONE:
        return None
    value, kind = text.removeprefix(IS), by.field.type.name
    try:
        if not text.startswith(IS) or "\x00" in value:
            raise ValueError
        if by.unit:
            return date.fromisoformat(value)
        return READ[kind](value) if kind in READ else value
    except (ValueError, KeyError, InvalidOperation):
        words = _("“%(value)s” is no group of “%(label)s”.")
        raise Invalid(words % {"value": value[:80], "label": by.field.label}) from None


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        raise ValueError
    return number


READ: dict[str, Any] = {
    "number": _number,
    "date": date.fromisoformat,
    "datetime": lambda text: datetime.fromisoformat(text).astimezone(UTC),
    "bool": {"true": True, "false": False}.__getitem__,
    "relation": UUID,
    "user": UUID,
}


def after(start: date, unit: Unit) -> date | None:
    """The first day of the next stretch of time; None where the calendar ends."""
    try:
        return shifted(start, 1, Length[unit.name])
    except (ValueError, OverflowError):
        return None


def _between(rtype: RecordType, by: By, start: date, zone: ZoneInfo) -> list[Any]:
    assert by.unit
    value, end = key_of(rtype, by.field), after(start, by.unit)

    def begins(day: date) -> Any:
        return datetime.combine(day, time.min, zone) if by.field.type.name == "datetime" else day

    return [GreaterThanOrEqual(value, begins(start)), *([LessThan(value, begins(end))] if end else [])]


def _holds(rtype: RecordType, field: Field, key: str | None) -> Q:
    if key is None:
        return ~filled(Asked(field, rtype, Op.FILLED, ()))
    if field.custom:
        return Q(DataContains(KeyTransform(field.slug, "custom"), sql.json([key])))
    if isinstance(rtype.model._meta.get_field(field.column), ArrayField):
        return Q(**{f"{field.column}__contains": [key]})
    raise TypeError(f"{field.slug} is no list")


def _counts(by: By, value: Any) -> list[Any]:
    return [] if by.among is None else [In(value, by.among.values("pk"))]


def _bare(rtype: RecordType, field: Field) -> Any:
    """The value as an index knows it, where an empty one need not become NULL."""
    if isinstance(field.type, Entries):
        return sql.first_entry(field)
    return field.expression() if field.type.empty == "" else key_of(rtype, field)
