"""The few expressions that the ORM lacks. None of them carries a value; values are always parameters."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Contains

from rapport.engine.records.fields import Field
from rapport.engine.records.fields.entries import Addresses, Entries

Expression = Any
BIGINT = 2**63
# What sums and averages come to.
NUMBER: "models.DecimalField[Any, Any]" = models.DecimalField(max_digits=40, decimal_places=10)


class IsNotTrue(Func):
    """The negation for which an unknown counts as false: `NOT coalesce(x, false)`, as SQL itself says it."""

    template = "(%(expressions)s) IS NOT TRUE"
    output_field = models.BooleanField()
    arity = 1

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().as_sql(*args, **kwargs)
        except EmptyResultSet:
            raise FullResultSet from None


class Holds(Contains):
    """Part of a column's text, without regard to case. Of `UPPER(…)` the planner would know no statistics."""

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"ILIKE {rhs}"


class EntryTexts(Func):
    """All values under some keys of a JSON list of objects, as the text of a JSON array."""

    function = "jsonb_path_query_array"
    output_field = models.JSONField()

    def __init__(self, entries: Expression, keys: tuple[str, ...]) -> None:
        wanted = " || ".join(f'@.key == "{key}"' for key in keys)
        path = Value(f"$[*].keyvalue() ? ({wanted}).value")
        super().__init__(entries, Func(path, template="(%(expressions)s)::jsonpath", output_field=models.TextField()))


class EntryCount(Func):
    """How many entries a JSON list holds."""

    function = "jsonb_array_length"
    output_field = models.IntegerField()


def entries(field: Field) -> Expression:
    """The whole JSON list of a field of entries."""
    return KeyTransform(field.slug, "custom") if field.custom else F(field.column)


def first_entry(field: Field) -> Expression:
    """The primary entry as text: its generated column where there is one."""
    if field.primary_path:
        return F(field.primary_path)
    return KeyTextTransform(keys(field)[0], KeyTransform(0, entries(field)))


def entry_texts(field: Field) -> Expression:
    return Cast(EntryTexts(entries(field), keys(field)), models.TextField())


def keys(field: Field) -> tuple[str, ...]:
    """Under which keys the entries of a field hold what people look for."""
    if isinstance(field.type, Addresses):
        return field.type.parts
    if not isinstance(field.type, Entries):
        raise TypeError(f"{field.slug} holds no entries")
    return (field.type.key,)


def amount(field: Field, prefix: str = "") -> Expression:
    """What a number compares as; money in the currency of the house. `prefix` leads to the row."""
    if field.type.name != "money" or field.computed:
        return field.expression(prefix)
    if not field.custom:
        return F(f"{prefix}{field.column}_house")
    return Cast(
        KeyTextTransform("house", KeyTransform(field.slug, f"{prefix}custom")),
        models.DecimalField(max_digits=20, decimal_places=2),
    )


def number(value: Decimal) -> Value:
    """A number as SQL compares it exactly with columns of any numeric type, by index where there is one."""
    if value == value.to_integral_value() and abs(value) < BIGINT:
        return Value(int(value), models.BigIntegerField())
    return Value(value, models.DecimalField())


def json(value: object) -> Value:
    return Value(value, models.JSONField())


def any_of(conditions: list[Q]) -> Q:
    joined = conditions[0]
    for condition in conditions[1:]:
        joined |= condition
    return joined
