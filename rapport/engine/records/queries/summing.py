"""What a list comes to: totals over its columns, and the same by the values of fields. Exact, one query each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Avg,
    Count,
    DateField,
    DateTimeField,
    DecimalField,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, NullIf, Trunc
from django.db.models.lookups import Exact

from rapport.engine.records.fields import Field
from rapport.engine.records.fields.entries import Entries
from rapport.engine.records.filters.conditions import filled, sql
from rapport.engine.records.filters.conditions.asked import Asked
from rapport.engine.records.filters.tree import Op
from rapport.engine.records.registry import RecordType

Expression = Any
NUMBER: "DecimalField[Any, Any]" = DecimalField(max_digits=40, decimal_places=10)
AMOUNTS = frozenset({"number", "money"})
ORDERED = frozenset({"number", "money", "date", "datetime"})
LISTS = frozenset({"choices", "tags"})
# Types by whose values a list can be grouped; entries go by the primary one.
GROUPS = frozenset(
    {"text", "number", "date", "datetime", "bool", "choice", "email", "emails", "phone", "phones", "link"}
    | {"domains", "relation", "user"}
    | LISTS
)


class Total(StrEnum):
    """What can be made of a column: how many are empty, filled or different, and for amounts their sum and so on."""

    COUNT = "count"
    EMPTY = "empty"
    FILLED = "filled"
    UNIQUE = "unique"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"


class Unit(StrEnum):
    """How long a stretch of time is by which dates are grouped."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MADE: dict[Total, Callable[[Expression], Expression]] = {
    Total.UNIQUE: lambda value: Count(value, distinct=True),
    Total.SUM: lambda value: Sum(value, output_field=NUMBER),
    Total.AVG: lambda value: Avg(value, output_field=NUMBER),
    Total.MIN: Min,
    Total.MAX: Max,
}


@dataclass(frozen=True)
class Measure:
    """One total of one field; COUNT counts records and needs none."""

    total: Total
    field: Field | None = None


@dataclass(frozen=True)
class By:
    """A field by whose values records are put together; of dates the stretch of time."""

    field: Field
    unit: Unit | None = None


@dataclass(frozen=True)
class Group:
    """Records that share values: `keys` one for each `By`, None where there is none; `values` one for each measure."""

    keys: tuple[Any, ...]
    values: tuple[Any, ...]


def totals_of(field: Field) -> tuple[Total, ...]:
    """What can be made of a field."""
    if field.type.name in AMOUNTS:
        return (Total.EMPTY, Total.FILLED, Total.UNIQUE, Total.SUM, Total.AVG, Total.MIN, Total.MAX)
    if field.type.name in ORDERED:
        return (Total.EMPTY, Total.FILLED, Total.UNIQUE, Total.MIN, Total.MAX)
    if field.type.name in GROUPS - LISTS:
        return (Total.EMPTY, Total.FILLED, Total.UNIQUE)
    return (Total.EMPTY, Total.FILLED)


def totals(rtype: RecordType, rows: "QuerySet[Any]", measures: Sequence[Measure]) -> tuple[Any, ...]:
    """Each measure over all of the rows: whole numbers, Decimal (money in the currency of the house), or dates."""
    found = rows.order_by().aggregate(**_made(rtype, measures))
    return tuple(found[name] for name in sorted(found))


def grouped(
    rtype: RecordType,
    rows: "QuerySet[Any]",
    by: Sequence[By],
    measures: Sequence[Measure],
    *,
    zone: ZoneInfo,
    most: int,
) -> list[Group]:
    """The measures for each combination of values, in no order; up to `most` groups. Days begin in `zone`.

    A record with several values of a list, such as tags, stands in a group for each of them.
    """
    keys = {f"key{index}": _key(rtype, one, zone) for index, one in enumerate(by)}
    made = _made(rtype, measures)
    found = rows.order_by().annotate(**keys).values(*keys).annotate(**made).values_list(*keys, *sorted(made))
    return [Group(row[: len(by)], row[len(by) :]) for row in found[:most]]


def key_of(rtype: RecordType, field: Field) -> Expression:
    """The value by which records are put together, as an expression over rows of the type; empty ones are NULL."""
    if field.through:
        kept = field.through.keeping(rtype.model, field.slug)
        ties: QuerySet[Any] = QuerySet(kept.table)
        of_record = ties.filter(Exact(F(kept.record), OuterRef("pk")), Exact(F(kept.when), True), deleted_at=None)
        return Subquery(of_record.values(kept.value)[:1])
    if field.type.name in LISTS:
        return _each(field)
    if isinstance(field.type, Entries):
        return NullIf(sql.first_entry(field), Value(""), output_field=TextField())
    if field.custom and field.type.name in ("date", "datetime", "relation", "user"):
        kinds: dict[str, Any] = {"date": DateField(), "datetime": DateTimeField()}
        return Cast(KeyTextTransform(field.slug, "custom"), kinds.get(field.type.name, UUIDField()))
    if field.type.name in AMOUNTS:
        return sql.amount(field)
    if field.type.empty == "":
        return NullIf(field.expression(), Value(""), output_field=TextField())
    return field.expression()


def _key(rtype: RecordType, by: By, zone: ZoneInfo) -> Expression:
    value = key_of(rtype, by.field)
    if by.unit is None or by.field.type.name not in ("date", "datetime"):
        return value
    return Trunc(value, by.unit, output_field=DateField(), tzinfo=zone if by.field.type.name == "datetime" else None)


def _each(field: Field) -> Expression:
    """A row for each value of a list."""
    if field.custom:
        listed = Func(F("custom"), Value(field.slug), function="jsonb_extract_path")
        return Func(listed, function="jsonb_array_elements_text", output_field=TextField())
    return Func(F(field.column), function="unnest", output_field=TextField())


def _made(rtype: RecordType, measures: Sequence[Measure]) -> dict[str, Expression]:
    return {f"made{index:03}": _measure(rtype, one) for index, one in enumerate(measures)}


def _measure(rtype: RecordType, one: Measure) -> Expression:
    if one.field is None or one.total is Total.COUNT:
        return Count("pk")
    if one.total in (Total.EMPTY, Total.FILLED):
        is_filled = _filled(rtype, one.field)
        return Count("pk", filter=is_filled if one.total is Total.FILLED else ~is_filled)
    return MADE[one.total](key_of(rtype, one.field))


def _filled(rtype: RecordType, field: Field) -> Q:
    if field.through is None:
        return filled(Asked(field, rtype, Op.FILLED, ()))
    kept = field.through.keeping(rtype.model, field.slug)
    ties: QuerySet[Any] = QuerySet(kept.table)
    return Q(pk__in=ties.filter(Exact(F(kept.when), True), deleted_at=None).values(kept.record))
