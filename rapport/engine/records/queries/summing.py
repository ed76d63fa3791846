"""What a list comes to: totals over its columns, and the same by the values of fields. Exact, one query each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Avg,
    Case,
    Count,
    DateField,
    DateTimeField,
    F,
    FilteredRelation,
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
    When,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trunc
from django.db.models.lookups import Exact, In, IsNull

from rapport.engine.events.keeping import Keeping
from rapport.engine.records.fields import Field
from rapport.engine.records.fields.entries import Entries
from rapport.engine.records.filters.conditions import filled, sql
from rapport.engine.records.filters.conditions.asked import Asked
from rapport.engine.records.filters.tree import Op
from rapport.engine.records.registry import RecordType

Expression = Any
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
    # Amounts of money that none of the four before can count, for the rate of their currency is not known.
    NO_RATE = "no_rate"


class Unit(StrEnum):
    """How long a stretch of time is by which dates are grouped."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MADE: dict[Total, Callable[[Expression], Expression]] = {
    Total.UNIQUE: lambda value: Count(value, distinct=True),
    Total.SUM: lambda value: Sum(value, output_field=sql.NUMBER),
    Total.AVG: lambda value: Avg(value, output_field=sql.NUMBER),
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
    """A field by whose values records are put together; of dates the stretch of time.

    `among` are the records, of a relation's target, that count as values: what points elsewhere points nowhere.
    """

    field: Field
    unit: Unit | None = None
    among: "QuerySet[Any] | None" = None


class Sort(StrEnum):
    """In which order groups come from the database: by their values, empty ones last, or the largest first.

    The highest are those of the highest first measure.
    """

    NONE = ""
    UP = "up"
    DOWN = "down"
    LARGEST = "largest"
    HIGHEST = "highest"


@dataclass(frozen=True)
class Group:
    """Records that share values: `keys` one for each `By`, None where there is none; `values` one for each measure."""

    keys: tuple[Any, ...]
    values: tuple[Any, ...]


def totals_of(field: Field) -> tuple[Total, ...]:
    """What can be made of a field. Of yes and no, where empty is no, how many there are of each."""
    if field.type.name in AMOUNTS:
        return (Total.EMPTY, Total.FILLED, Total.UNIQUE, Total.SUM, Total.AVG, Total.MIN, Total.MAX)
    if field.type.name in ORDERED:
        return (Total.EMPTY, Total.FILLED, Total.UNIQUE, Total.MIN, Total.MAX)
    if field.type.name in GROUPS - LISTS - {"bool"}:
        return (Total.EMPTY, Total.FILLED, Total.UNIQUE)
    return (Total.EMPTY, Total.FILLED)


def totals(rtype: RecordType, rows: "QuerySet[Any]", measures: Sequence[Measure]) -> tuple[Any, ...]:
    """Each measure over all of the rows: whole numbers, Decimal (money in the currency of the house), or dates."""
    found = rows.order_by().annotate(**_joins(rtype, measures)).aggregate(**_made(rtype, measures))
    return tuple(found[name] for name in sorted(found))


def grouped(
    rtype: RecordType,
    rows: "QuerySet[Any]",
    by: Sequence[By],
    measures: Sequence[Measure],
    *,
    zone: ZoneInfo,
    most: int,
    sort: Sort = Sort.NONE,
) -> list[Group]:
    """The measures for each combination of values; up to `most` groups, the first ones of `sort`. Days begin in `zone`.

    A record with several values of a list, such as tags, stands in a group for each of them.
    """
    rows = rows.order_by().annotate(**_joins(rtype, measures), **_joins_of_keys(rtype, by))
    keys = {f"key{index}": _key(rtype, one, zone, index) for index, one in enumerate(by)}
    made = _made(rtype, measures)
    found = rows.annotate(**keys).values(*keys).annotate(**made, size=Count("pk"))
    found = found.order_by(*_order(keys, sort))
    found = found.values_list(*keys, *sorted(made))
    return [Group(row[: len(by)], row[len(by) :]) for row in found[:most]]


def _order(keys: dict[str, Expression], sort: Sort) -> list[Expression]:
    if sort is Sort.LARGEST:
        return [F("size").desc(), *(F(name).asc(nulls_last=True) for name in keys)]
    if sort is Sort.HIGHEST:
        return [F("made000").desc(nulls_last=True), *(F(name).asc(nulls_last=True) for name in keys)]
    if sort is Sort.DOWN:
        return [F(name).desc(nulls_last=True) for name in keys]
    return [F(name).asc(nulls_last=True) for name in keys] if sort is Sort.UP else []


def key_of(rtype: RecordType, field: Field) -> Expression:
    """The value by which records are put together, as an expression over rows of the type; empty ones are NULL."""
    if field.through:
        kept, ties = ties_of(rtype, field)
        return Subquery(ties.filter(Exact(F(kept.record), OuterRef("pk"))).values(kept.value)[:1])
    if field.type.name in LISTS:
        return _each(field)
    if isinstance(field.type, Entries):
        return NullIf(sql.first_entry(field), Value(""), output_field=TextField())
    if field.custom and field.type.name in ("date", "datetime", "relation", "user"):
        kinds: dict[str, Any] = {"date": DateField(), "datetime": DateTimeField()}
        return Cast(KeyTextTransform(field.slug, "custom"), kinds.get(field.type.name, UUIDField()))
    if field.type.name in AMOUNTS:
        return sql.amount(field)
    if field.type.name == "bool":
        return Coalesce(field.expression(), False)
    if field.type.empty == "":
        return NullIf(field.expression(), Value(""), output_field=TextField())
    return field.expression()


def ties_of(rtype: RecordType, field: Field) -> "tuple[Keeping, QuerySet[Any]]":
    """The rows that keep a relation in a table of its own, those that hold now, and how they do."""
    assert field.through
    kept = field.through.keeping(rtype.model, field.slug)
    return kept, kept.ties()


def among_of(rtype: RecordType, by: By) -> Expression:
    """The value of a record, or NULL where it is not among those that count."""
    return _counting(key_of(rtype, by.field), by)


def _counting(value: Expression, by: By) -> Expression:
    if by.among is None:
        return value
    return Case(When(In(value, by.among.values("pk")), then=value), output_field=UUIDField())


def _joins(rtype: RecordType, measures: Sequence[Measure]) -> dict[str, FilteredRelation]:
    """The rows that keep what is measured, joined: looked up for each record, they take far longer."""
    through = [one.field for one in measures if one.field and one.field.through and one.total is Total.UNIQUE]
    return {f"tie_{field.slug}": _join(rtype, field) for field in through}


def _joins_of_keys(rtype: RecordType, by: Sequence[By]) -> dict[str, FilteredRelation]:
    return {f"tie{at}": _join(rtype, one.field) for at, one in enumerate(by) if one.field.through}


def _join(rtype: RecordType, field: Field) -> FilteredRelation:
    kept, _ties = ties_of(rtype, field)
    pointer: Any = kept.table._meta.get_field(kept.record)
    name = pointer.related_query_name()
    return FilteredRelation(name, condition=Q(**{f"{name}__{kept.when}": True, f"{name}__deleted_at": None}))


def _joined(rtype: RecordType, field: Field, join: str) -> Expression:
    return F(f"{join}__{ties_of(rtype, field)[0].value}")


def _key(rtype: RecordType, by: By, zone: ZoneInfo, at: int) -> Expression:
    value = _counting(_joined(rtype, by.field, f"tie{at}") if by.field.through else key_of(rtype, by.field), by)
    if by.unit is None or by.field.type.name not in ("date", "datetime"):
        return value
    return Trunc(value, by.unit, output_field=DateField(), tzinfo=zone if by.field.type.name == "datetime" else None)


class _Each(Func):
    """A row for each value of a list, and one without a value for an empty list."""

    output_field = TextField()
    set_returning = True


class _EachOfArray(_Each):
    template = "unnest(coalesce(nullif(%(expressions)s, '{}'), '{NULL}'))"


class _EachOfJson(_Each):
    template = "jsonb_array_elements_text(coalesce(nullif(%(expressions)s, '[]'), '[null]'))"


def _each(field: Field) -> Expression:
    return _EachOfJson(KeyTransform(field.slug, "custom")) if field.custom else _EachOfArray(F(field.column))


def _made(rtype: RecordType, measures: Sequence[Measure]) -> dict[str, Expression]:
    return {f"made{index:03}": _measure(rtype, one) for index, one in enumerate(measures)}


def _measure(rtype: RecordType, one: Measure) -> Expression:
    if one.field is None or one.total is Total.COUNT:
        return Count("pk")
    if one.total in (Total.EMPTY, Total.FILLED):
        is_filled = _filled(rtype, one.field)
        return Count("pk", filter=is_filled if one.total is Total.FILLED else ~is_filled)
    if one.total is Total.NO_RATE:
        return Count("pk", filter=_filled(rtype, one.field) & Q(IsNull(sql.amount(one.field), True)))
    if one.total is Total.UNIQUE and one.field.type.name == "money" and not one.field.computed:
        return Count(_sum_of_money(one.field), distinct=True)
    if one.field.through:
        return Count(_joined(rtype, one.field, f"tie_{one.field.slug}"), distinct=True)
    return MADE[one.total](key_of(rtype, one.field))


def _sum_of_money(field: Field) -> Expression:
    """An amount with its currency, for 70 USD are not 70 EUR."""
    parts: list[Expression] = [Cast(field.column, TextField()), F(f"{field.column}_currency")]
    if field.custom:
        parts = [KeyTextTransform(key, KeyTransform(field.slug, "custom")) for key in ("amount", "currency")]
    return NullIf(Concat(*parts, output_field=TextField()), Value(""), output_field=TextField())


def _filled(rtype: RecordType, field: Field) -> Q:
    if field.type.name == "bool":
        return Q(Exact(key_of(rtype, field), True))
    if field.through is None:
        return filled(Asked(field, rtype, Op.FILLED, ()))
    kept, ties = ties_of(rtype, field)
    return Q(pk__in=ties.values(kept.record))
