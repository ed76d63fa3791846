"""From a bound formula to one expression over rows of its type: only what is declared, values as parameters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add, and_, mul, or_, sub
from typing import Any

from django.db.models import Case, DateField, F, OuterRef, Q, QuerySet, Subquery, TextField, UUIDField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Abs, Cast, NullIf, Upper
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan, LessThanOrEqual

from rapport.engine.records.fields import Field
from rapport.engine.records.fields.computed import OUTPUTS
from rapport.engine.records.fields.entries import Entries
from rapport.engine.records.filters.compile import Compiler, denied
from rapport.engine.records.filters.conditions import sql
from rapport.engine.records.filters.conditions.asked import Condition, Evaluation
from rapport.engine.records.filters.conditions.made import value_made
from rapport.engine.records.filters.conditions.ordered import COMPARE
from rapport.engine.records.filters.negations import AFFIRMED
from rapport.engine.records.filters.scope import Scope
from rapport.engine.records.filters.times import DAYS, MONTHS
from rapport.engine.records.filters.tree import Op
from rapport.engine.records.filters.values import Bool, Day, Number, Relative, Text
from rapport.engine.records.formulas.bind import Bound
from rapport.engine.records.formulas.functions import (
    FUNCTIONS,
    NEGATIVE,
    NUMBER,
    Arg,
    days_between,
    line,
    numeric,
    output_of,
    shifted_by_days,
    shifted_by_months,
)
from rapport.engine.records.formulas.tree import Asks, Call, Compare, Kind, Literal, Logic, Made, Name, Span, Sum
from rapport.engine.records.registry import RecordType, record_type

Expression = Any
SIGNS: dict[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul}
MOST = {Kind.NUMBER: 10**20, Kind.MONEY: 10**17}


@dataclass(frozen=True)
class Worked:
    """Compiles the parts of one formula."""

    scope: Scope
    evaluation: Evaluation

    def value(self, bound: Bound) -> Expression:
        """The value as an expression; empty text is NULL."""
        if bound.kind is Kind.BOOL and not isinstance(bound.node, Literal | Name | Made | Call):
            return Case(When(self.condition(bound).q, then=Value(True)), default=Value(False))
        match bound.node:
            case Literal(value):
                return self._literal(value)
            case Name():
                assert bound.ref
                return self._through(bound.ref.hops, _of_field(bound.ref.field))
            case Made(where=where):
                assert bound.ref
                within = Compiler(self.scope, self.evaluation).inside(self.scope.inside(bound.ref), where)
                made = value_made(bound.ref, within, self.evaluation)
                return self._through(bound.ref.hops, _as_kind(made, bound.kind))
            case Sum():
                return self._sum(bound)
            case Call("if"):
                return self._if(bound)
            case Call(name):
                known = NEGATIVE if name == NEGATIVE.name else FUNCTIONS[name]
                args = [Arg(part.kind, self._argument(part)) for part in bound.parts]
                return known.make(args, self.evaluation.clock)
            case _:
                raise TypeError(f"{bound.node} gives no value")

    def condition(self, bound: Bound) -> Condition:
        """A part that is yes or no, as a condition on rows."""
        match bound.node:
            case Asks(leaf):
                return Compiler(self.scope, self.evaluation).ask(leaf)
            case Logic("not"):
                return denied(self.condition(bound.parts[0]))
            case Logic(word):
                found = [self.condition(part) for part in bound.parts]
                joined = reduce(and_ if word == "and" else or_, (one.q for one in found))
                return Condition(joined, all(one.certain for one in found))
            case Compare(op=op):
                left, right = (self._compared(part) for part in bound.parts)
                same = Condition(Q(COMPARE[AFFIRMED.get(op, op)](left, right)))
                return denied(same) if op is Op.NE else same
            case _:
                return Condition(Q(Exact(self.value(bound), Value(True))))

    def _compared(self, bound: Bound) -> Expression:
        """Text is compared without regard to case."""
        return Upper(self.value(bound)) if bound.kind is Kind.TEXT else self.value(bound)

    def _argument(self, bound: Bound) -> Expression:
        """Functions read the numbers in their samples as they are written."""
        if isinstance(bound.node, Literal) and isinstance(bound.node.value, Number):
            return Value(bound.node.value.value, NUMBER)
        return self.value(bound)

    def _literal(self, value: object) -> Expression:
        match value:
            case Number(number):
                return numeric(Value(number, NUMBER))
            case Text(text):
                return line(Value(text, TextField()))
            case Bool(flag):
                return Value(flag)
            case Day() | Relative():
                return Value(self.evaluation.clock.day(value), DateField())
            case _:
                raise TypeError(f"{value} was not bound")

    def _sum(self, bound: Bound) -> Expression:
        assert isinstance(bound.node, Sum)
        sign, (left, right) = bound.node.sign, bound.parts
        if isinstance(right.node, Span):
            return _later(self.value(left), right.node, back=sign == "-")
        first, second = self.value(left), self.value(right)
        if left.kind is Kind.TEXT:
            args = [Arg(Kind.TEXT, first), Arg(Kind.TEXT, second)]
            return FUNCTIONS["concat"].make(args, self.evaluation.clock)
        if left.kind is Kind.DATE:
            return days_between(second, first)
        if sign == "/":
            return numeric(first / NullIf(second, Value(0), output_field=NUMBER))
        return numeric(SIGNS[sign](first, second))

    def _if(self, bound: Bound) -> Expression:
        parts = list(bound.parts)
        otherwise = self.value(parts.pop()) if len(parts) % 2 else None
        cases = [
            When(self.condition(condition).q, then=self.value(value))
            for condition, value in zip(parts[0::2], parts[1::2], strict=True)
        ]
        return Case(*cases, default=otherwise, output_field=output_of(bound.kind))

    def _through(self, hops: tuple[Field, ...], value: Expression) -> Expression:
        """The value of the record to which relations lead."""
        holders = [self.scope.record_type, *(record_type(hop.target) for hop in hops)]
        for hop, holder in reversed(list(zip(hops, holders, strict=False))):
            targets = self.evaluation.visible(record_type(hop.target))
            value = Subquery(_pointed_at(hop, holder, targets).annotate(reached=value).values("reached")[:1])
        return value


def worked_out(bound: Bound, scope: Scope, evaluation: Evaluation) -> Expression:
    """The formula as an expression that fits the column of its kind; what does not fit there is empty."""
    value = Worked(scope, evaluation).value(bound)
    output = OUTPUTS[bound.kind]
    if bound.kind in MOST:
        fits = Q(LessThan(Abs(value), Value(MOST[bound.kind], NUMBER)))
        return Case(When(fits, then=Cast(value, output)), output_field=output)
    if bound.kind is Kind.DATE:
        day = Cast(value, output)
        known = Q(GreaterThanOrEqual(day, Value(date.min))) & Q(LessThanOrEqual(day, Value(date.max)))
        return Case(When(known, then=day), output_field=output)
    if bound.kind is Kind.TEXT:
        return line(value)
    return Cast(value, output)


def _of_field(field: Field) -> Expression:
    name = field.type.name
    if isinstance(field.type, Entries):
        return line(sql.first_entry(field))
    if name in ("number", "money"):
        return numeric(sql.amount(field))
    if name in ("date", "datetime"):
        return Cast(field.expression(), OUTPUTS[name])
    if name == "bool":
        return field.expression()
    return line(field.expression())


def _as_kind(made: Expression, kind: Kind) -> Expression:
    if kind in MOST:
        return numeric(made)
    if kind is Kind.TEXT:
        return line(made)
    return Cast(made, OUTPUTS[kind])


def _later(day: Expression, span: Span, *, back: bool) -> Expression:
    amount = -span.amount if back else span.amount
    if span.unit in MONTHS:
        return shifted_by_months(day, Value(amount * MONTHS[span.unit]))
    return shifted_by_days(day, Value(amount * DAYS[span.unit]))


def _pointed_at(hop: Field, holder: RecordType, targets: "QuerySet[Any]") -> "QuerySet[Any]":
    """The one of the targets at which a row of the holder points by a relation."""
    if hop.through is not None:
        kept = hop.through.keeping(holder.model, hop.slug)
        here = kept.ties().filter(Exact(F(kept.record), OuterRef(OuterRef("pk"))))
        return targets.filter(pk=Subquery(here.values(kept.value)[:1]))
    key = Cast(KeyTextTransform(hop.slug, OuterRef("custom")), UUIDField()) if hop.custom else OuterRef(hop.column)
    return targets.filter(pk=key)
