"""Conditions on what is made of the records that point here: how many there are, their sum, the last of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from rapport.engine.records.filters.conditions import BUILDERS, condition, sql
from rapport.engine.records.filters.conditions.asked import Asked, Condition, Evaluation
from rapport.engine.records.filters.conditions.ordered import COMPARED
from rapport.engine.records.filters.scope import FieldRef
from rapport.engine.records.filters.tree import Function, Op
from rapport.engine.records.filters.values import Number
from rapport.engine.records.related import Links

MADE = "made"
AGGREGATES: dict[Function, Callable[[Any], Any]] = {
    Function.SUM: lambda amount: Coalesce(Sum(amount, output_field=sql.NUMBER), Value(Decimal(0), sql.NUMBER)),
    Function.AVG: lambda amount: Avg(amount, output_field=sql.NUMBER),
    Function.MIN: Min,
    Function.MAX: Max,
}
ORDERS: dict[Function, tuple[str, str]] = {
    Function.FIRST: ("created_at", "pk"),
    Function.LAST: ("-created_at", "-pk"),
}
ONE = Decimal(1)
# Where what is made is beyond a bound as soon as one value is.
BEYOND: dict[Function | None, frozenset[Op]] = {
    Function.MAX: frozenset({Op.GT, Op.GE}),
    Function.MIN: frozenset({Op.LT, Op.LE}),
}
# What a record without any has: none, and their sum is 0.
OF_NONE = frozenset({Function.COUNT, Function.SUM})


def made(ref: FieldRef, asked: Asked, within: Q, evaluation: Evaluation) -> Condition:
    """`within` says which of the records that point here count; of those that `visible` gives."""
    assert ref.related is not None
    links = ref.related.links(evaluation.visible(ref.record_type).filter(within))
    if ref.function in ORDERS:
        return Condition(Q(_of_one(ref, links, asked, evaluation)), certain=True)
    if (plainly := _plainly(ref, links, asked, evaluation)) is not None:
        return Condition(plainly, certain=True)
    grouped = _grouped(ref, links, links.to(OuterRef("pk")))
    if asked.op is Op.FILLED:
        return Condition(Q(Exists(grouped.filter(**{f"{MADE}__isnull": False}))), certain=True)
    found = BUILDERS[ref.type_name](asked, evaluation)
    if not _holds_of_none(ref, asked):
        if within and not links.is_text:
            return Condition(Q(_among(ref, links, found)), certain=True)
        return Condition(Q(Exists(grouped.filter(found))), certain=True)
    return Condition(Q(~Exists(grouped.filter(~found))), certain=True)


def value_made(ref: FieldRef, within: Q, evaluation: Evaluation) -> Any:
    """What is made, as one value for each record: how many there are, their sum, a field of the last of them."""
    assert ref.related is not None
    links = ref.related.links(evaluation.visible(ref.record_type).filter(within))
    here = links.to(OuterRef("pk"))
    if ref.function in ORDERS:
        value = sql.amount(ref.field, links.prefix)
        return Subquery(here.order_by(*_order(ref, links)).annotate(**{MADE: value}).values(MADE)[:1])
    found = Subquery(_grouped(ref, links, here).values(MADE))
    return Coalesce(found, Value(Decimal(0)), output_field=sql.NUMBER) if ref.function in OF_NONE else found


def asked_of(ref: FieldRef, op: Op, values: Any) -> Asked:
    """The question, put to the field itself or to what is made of it."""
    compares_made = ref.function is not None and ref.function not in ORDERS
    return Asked(ref.field, ref.record_type, op, values, F(MADE) if compares_made else None)


def _plainly(ref: FieldRef, links: Links, asked: Asked, evaluation: Evaluation) -> Q | None:
    """Without grouping, where one record says it all: there is any, or one beyond a bound.

    Such a question becomes a join, while one that groups is put to each record in turn.
    """
    there = links.to(OuterRef("pk"))
    if ref.function is Function.COUNT and asked.op in COMPARED:
        numbers = _numbers(asked)
        some = [ONE, *filter(ONE.__le__, numbers), max(ONE, *numbers) + 1]
        of_some = {_holds(asked.op, made, numbers) for made in some}
        if of_some == {not _holds_of_none(ref, asked)}:
            return Q(Exists(there)) if of_some == {True} else ~Q(Exists(there))
    if asked.op in BEYOND.get(ref.function, ()) and not links.prefix:
        return Q(Exists(there.filter(BUILDERS[ref.type_name](replace(asked, made=None), evaluation))))
    return None


def _among(ref: FieldRef, links: Links, found: Q) -> Exists:
    """All groups at once, for few may pass a condition. Within EXISTS, so that a negation is an anti-join."""
    assert ref.related is not None
    keys = _grouped(ref, links, links.rows).filter(found).values(links.parent)
    return Exists(ref.related.target.rows().filter(pk=OuterRef("pk"), pk__in=keys))


def _grouped(ref: FieldRef, links: Links, rows: "QuerySet[Any]") -> Any:
    assert ref.function is not None
    tied = rows.order_by().values(links.parent)
    if ref.function is Function.COUNT:
        return tied.annotate(**{MADE: Count("pk")})
    return tied.annotate(**{MADE: AGGREGATES[ref.function](sql.amount(ref.field, links.prefix))})


def _of_one(ref: FieldRef, links: Links, asked: Asked, evaluation: Evaluation) -> Exists:
    """The first or last one, if it is as asked."""
    assert ref.function is not None
    found = condition(asked, evaluation).q
    if not links.prefix and not links.is_text:
        side = "lt" if ref.function is Function.FIRST else "gt"
        made, same = OuterRef("created_at"), Q(created_at=OuterRef("created_at"))
        nearer = Q(**{f"created_at__{side}": made}) | (same & Q(**{f"pk__{side}": OuterRef("pk")}))
        return Exists(
            links.to(OuterRef("pk")).filter(found).filter(~Exists(links.to(OuterRef(links.parent)).filter(nearer)))
        )
    here, key = links.to(OuterRef(OuterRef("pk"))), f"{links.prefix}pk"
    one = evaluation.visible(ref.record_type).filter(pk=Subquery(here.order_by(*_order(ref, links)).values(key)[:1]))
    return Exists(one.filter(found))


def _order(ref: FieldRef, links: Links) -> list[str]:
    """By creation, of the records that the links tie."""
    assert ref.function is not None
    return [f"-{links.prefix}{name[1:]}" if name[0] == "-" else links.prefix + name for name in ORDERS[ref.function]]


def _holds_of_none(ref: FieldRef, asked: Asked) -> bool:
    return ref.function in OF_NONE and asked.op in COMPARED and _holds(asked.op, Decimal(0), _numbers(asked))


def _holds(op: Op, made: Decimal, numbers: Sequence[Decimal]) -> bool:
    return any(COMPARED[op](made, number) for number in numbers)


def _numbers(asked: Asked) -> list[Decimal]:
    return [value.value for value in asked.values if isinstance(value, Number)]
