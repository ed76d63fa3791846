"""Conditions on numbers, days, moments and yes-or-no."""

import datetime as dt
import operator
from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

from rapport.engine.records.filters.conditions import sql
from rapport.engine.records.filters.conditions.asked import Asked, Evaluation
from rapport.engine.records.filters.times import ONE_DAY
from rapport.engine.records.filters.tree import Op
from rapport.engine.records.filters.values import Bool, Day, Moment, Number, Period, Relative, Unit, Value

COMPARE: dict[Op, Callable[[Any, Any], Any]] = {
    Op.EQ: Exact,
    Op.IN: Exact,
    Op.GT: GreaterThan,
    Op.GE: GreaterThanOrEqual,
    Op.LT: LessThan,
    Op.LE: LessThanOrEqual,
}

# The same, said of two values at hand.
COMPARED: dict[Op, Callable[[Any, Any], bool]] = {
    Op.EQ: operator.eq,
    Op.IN: operator.eq,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
    Op.LT: operator.lt,
    Op.LE: operator.le,
}


def number(asked: Asked, _evaluation: Evaluation) -> Q:
    here, compare = asked.amount, COMPARE[asked.op]
    return sql.any_of(
        [Q(compare(here, sql.number(value.value))) for value in asked.values if isinstance(value, Number)]
    )


def yes_no(asked: Asked, _evaluation: Evaluation) -> Q:
    """What was never said counts as no."""
    yes = Q(Exact(asked.expression, True))
    return yes if asked.values == (Bool(True),) else Q(sql.IsNotTrue(yes))


def date(asked: Asked, evaluation: Evaluation) -> Q:
    here, (value,), clock = asked.expression, asked.values, evaluation.clock
    kept: Callable[[dt.date], Any] = dt.date.isoformat if asked.field.custom else _same
    if isinstance(value, Period):
        first, after = clock.days(value)
        return _from_until(here, kept(first), kept(after))
    return Q(COMPARE[asked.op](here, kept(clock.day(_day(value)))))


def datetime(asked: Asked, evaluation: Evaluation) -> Q:
    """A day compares as the whole day here, from its first instant until the first of the next."""
    here, (value,), clock = asked.expression, asked.values, evaluation.clock
    kept: Callable[[dt.datetime], Any] = _as_custom if asked.field.custom else _same
    if isinstance(value, Period):
        first, after = clock.instants(value)
        return _from_until(here, kept(first), kept(after))
    if isinstance(value, Moment) or (isinstance(value, Relative) and value.unit is Unit.HOUR):
        return Q(COMPARE[asked.op](here, kept(clock.instant(value))))
    day = clock.day(_day(value))
    start, end = clock.start_of(day), clock.start_of(day + ONE_DAY)
    match asked.op:
        case Op.EQ:
            return _from_until(here, kept(start), kept(end))
        case Op.GT:
            return Q(GreaterThanOrEqual(here, kept(end)))
        case Op.GE:
            return Q(GreaterThanOrEqual(here, kept(start)))
        case Op.LT:
            return Q(LessThan(here, kept(start)))
        case _:
            return Q(LessThan(here, kept(end)))


def _day(value: Value) -> Day | Relative:
    if not isinstance(value, Day | Relative):
        raise TypeError(f"{value} was not bound to a date")
    return value


def _from_until(here: Any, first: Any, after: Any) -> Q:
    return Q(GreaterThanOrEqual(here, first)) & Q(LessThan(here, after))


def _as_custom(moment: dt.datetime) -> str:
    """The text in which custom fields keep moments: UTC, of one length, so that it sorts as time does."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _same(value: Any) -> Any:
    return value
