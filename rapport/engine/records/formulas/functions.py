"""The functions of formulas: what each takes and gives, and what it is in SQL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, DateField, DecimalField, Func, IntegerField, Q, TextField, Value, When
from django.db.models.functions import (
    Abs,
    Cast,
    Ceil,
    Coalesce,
    Concat,
    ExtractDay,
    ExtractIsoWeekDay,
    ExtractMonth,
    ExtractYear,
    Floor,
    Greatest,
    Least,
    Left,
    Length,
    Lower,
    NullIf,
    Replace,
    Round,
    Trim,
    TruncDate,
    Upper,
)
from django.db.models.lookups import LessThanOrEqual
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.engine.records.fields.computed import OUTPUTS
from rapport.engine.records.fields.types import MAX_TEXT
from rapport.engine.records.filters.times import Clock
from rapport.engine.records.formulas.tree import RESULTS, Kind

Expression = Any
Kinds = frozenset[Kind]

NUMBER: "DecimalField[Any, Any]" = DecimalField(max_digits=60, decimal_places=20)
MOST_DAYS, MOST_MONTHS = 36_500, 1_200
ANY, SAME = frozenset(RESULTS), frozenset[Kind]()
ONLY = {kind: frozenset({kind}) for kind in Kind}
AMOUNTS = frozenset({Kind.NUMBER, Kind.MONEY})
DAYS = frozenset({Kind.DATE, Kind.DATETIME})
ORDERED = AMOUNTS | DAYS | {Kind.TEXT}


@dataclass(frozen=True)
class Arg:
    """A value as it goes into a function."""

    kind: Kind
    sql: Expression


Make = Callable[[Sequence[Arg], Clock], Expression]


@dataclass(frozen=True)
class Function:
    """`takes` one set of kinds for each argument; what `repeats` may stand any number of times more.

    `gives` None means the kind of the arguments, which then all are of one. A `whole` last argument is written as a
    number up to that.
    """

    name: str
    takes: tuple[Kinds, ...]
    gives: Kind | None
    make: Make
    sample: str
    help: Promise
    least: int = 0
    repeats: bool = False
    whole: int = 0
    is_of_today: bool = False

    @property
    def needed(self) -> int:
        return self.least or len(self.takes)

    def takes_at(self, index: int) -> Kinds:
        """What may stand as the argument at this place; nothing behind the last one."""
        if index < len(self.takes):
            return self.takes[index]
        return self.takes[-1] if self.repeats else SAME


def numeric(sql: Expression) -> Expression:
    """As an exact number of any length, so that whole numbers are not divided without their rest."""
    return Func(sql, template="(%(expressions)s)::numeric", output_field=NUMBER)


def line(sql: Expression) -> Expression:
    """Text no longer than a line may be; empty text is none. Longer ones could grow without end."""
    return NullIf(Left(Cast(sql, TextField()), MAX_TEXT), Value(""), output_field=TextField())


def output_of(kind: Kind) -> Any:
    return NUMBER if kind in AMOUNTS else OUTPUTS[kind]


def day(arg: Arg, clock: Clock) -> Expression:
    """The calendar day of a day or a moment, in the zone of the house."""
    return arg.sql if arg.kind is Kind.DATE else TruncDate(arg.sql, tzinfo=clock.zone)


def today(clock: Clock) -> Expression:
    return Value(clock.today, DateField())


def shifted_by_months(sql: Expression, months: Expression) -> Expression:
    """The 31st becomes the last day of a shorter month."""
    template = "((%(expressions)s))::date"
    interval = Func(months, template="make_interval(months => (%(expressions)s)::int)")
    return Func(sql, interval, template=template, arg_joiner=" + ", output_field=DateField())


def shifted_by_days(sql: Expression, days: Expression) -> Expression:
    whole = Func(days, template="(%(expressions)s)::int")
    return Func(sql, whole, template="((%(expressions)s))::date", arg_joiner=" + ", output_field=DateField())


def days_between(first: Expression, last: Expression) -> Expression:
    return numeric(Func(last, first, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()))


def _one(function: Any) -> Make:
    return lambda args, _clock: function(args[0].sql, output_field=output_of(args[0].kind))


def _number_of(function: Any) -> Make:
    return lambda args, _clock: numeric(function(args[0].sql))


def _part(function: Any) -> Make:
    return lambda args, clock: numeric(function(day(args[0], clock)))


def _all(function: Any) -> Make:
    return lambda args, _clock: function(*(arg.sql for arg in args), output_field=output_of(args[0].kind))


def _joined(args: Sequence[Arg], _clock: Clock) -> Expression:
    """What is empty adds nothing."""
    texts = [Coalesce(arg.sql, Value(""), output_field=TextField()) for arg in args]
    return line(Concat(*texts, Value("", TextField()), output_field=TextField()))


def _replaced(args: Sequence[Arg], _clock: Clock) -> Expression:
    texts: Any = [Coalesce(arg.sql, Value("", TextField())) for arg in args]
    return line(Replace(*texts, output_field=TextField()))


def _round(args: Sequence[Arg], _clock: Clock) -> Expression:
    digits = args[1].sql.value if len(args) > 1 else 0
    return Round(args[0].sql, precision=int(digits), output_field=NUMBER)


def _cut(function: str) -> Make:
    def make(args: Sequence[Arg], _clock: Clock) -> Expression:
        return line(Func(args[0].sql, Value(int(args[1].sql.value)), function=function, output_field=TextField()))

    return make


def _since(part: str) -> Make:
    """Whole years or months from one day to another, or to today."""

    def make(args: Sequence[Arg], clock: Clock) -> Expression:
        last = day(args[1], clock) if len(args) > 1 else today(clock)
        return _age(last, day(args[0], clock), part)

    return make


def _age(last: Expression, first: Expression, part: str) -> Expression:
    moments = [Func(one, template="(%(expressions)s)::timestamp") for one in (last, first)]
    age = Func(*moments, function="age")
    years = Func(age, template="extract(year from %(expressions)s)", output_field=NUMBER)
    if part == "year":
        return numeric(years)
    months = Func(age, template="extract(month from %(expressions)s)", output_field=NUMBER)
    return numeric(Func(years, months, template="(%(expressions)s)", arg_joiner=" * 12 + ", output_field=NUMBER))


def _days(args: Sequence[Arg], clock: Clock) -> Expression:
    return days_between(day(args[0], clock), day(args[1], clock) if len(args) > 1 else today(clock))


def _later(most: int, shift: Callable[[Expression, Expression], Expression]) -> Make:
    """So much later; empty where it is more than a century."""

    def make(args: Sequence[Arg], clock: Clock) -> Expression:
        amount = args[1].sql
        is_near = Q(LessThanOrEqual(Abs(amount), Value(most)))
        return Case(When(is_near, then=shift(day(args[0], clock), amount)), output_field=DateField())

    return make


def _as_text(args: Sequence[Arg], clock: Clock) -> Expression:
    kind, sql = args[0].kind, args[0].sql
    if kind in AMOUNTS:
        return Func(sql, template="trim_scale((%(expressions)s)::numeric)::text", output_field=TextField())
    if kind in DAYS:
        written = day(args[0], clock)
        return Func(written, template="to_char(%(expressions)s, 'YYYY-MM-DD')", output_field=TextField())
    return Cast(sql, TextField())


def _plain(args: Sequence[Arg], _clock: Clock) -> Expression:
    return numeric(args[0].sql)


NUMBERS, TEXTS, MOMENTS = ONLY[Kind.NUMBER], ONLY[Kind.TEXT], DAYS
FUNCTIONS: Mapping[str, Function] = {
    one.name: one
    for one in (
        Function("coalesce", (ANY, ANY), None, _all(Coalesce), "coalesce(a, b)", _("the first that is not empty"),
                 repeats=True),
        Function("min", (ORDERED, ORDERED), None, _all(Least), "min(a, b)", _("the lowest"), repeats=True),
        Function("max", (ORDERED, ORDERED), None, _all(Greatest), "max(a, b)", _("the highest"), repeats=True),
        Function("round", (AMOUNTS, NUMBERS), None, _round, "round(number, 2)", _("rounded to so many decimals"),
                 least=1, whole=10),
        Function("abs", (AMOUNTS,), None, _one(Abs), "abs(number)", _("without its sign")),
        Function("floor", (NUMBERS,), Kind.NUMBER, _number_of(Floor), "floor(number)", _("the whole number below")),
        Function("ceil", (NUMBERS,), Kind.NUMBER, _number_of(Ceil), "ceil(number)", _("the whole number above")),
        Function("amount", (ONLY[Kind.MONEY],), Kind.NUMBER, _plain, "amount(money)", _("money as a plain number")),
        Function("money", (NUMBERS,), Kind.MONEY, _plain, "money(number)",
                 _("a number as money in the currency of the house")),
        Function("concat", (TEXTS,), Kind.TEXT, _joined, "concat(a, b)", _("texts one after the other"), repeats=True),
        Function("text", (ANY,), Kind.TEXT, _as_text, "text(value)", _("a value as text")),
        Function("upper", (TEXTS,), Kind.TEXT, _one(Upper), "upper(text)", _("in capitals")),
        Function("lower", (TEXTS,), Kind.TEXT, _one(Lower), "lower(text)", _("in small letters")),
        Function("trim", (TEXTS,), Kind.TEXT, _one(Trim), "trim(text)", _("without spaces around it")),
        Function("left", (TEXTS, NUMBERS), Kind.TEXT, _cut("left"), "left(text, 3)", _("the first letters"),
                 whole=1000),
        Function("right", (TEXTS, NUMBERS), Kind.TEXT, _cut("right"), "right(text, 3)", _("the last letters"),
                 whole=1000),
        Function("length", (TEXTS,), Kind.NUMBER, _number_of(Length), "length(text)", _("how many letters")),
        Function("replace", (TEXTS, TEXTS, TEXTS), Kind.TEXT, _replaced, 'replace(text, "a", "b")',
                 _("with one part in place of another")),
        Function("date", (MOMENTS,), Kind.DATE, lambda args, clock: day(args[0], clock), "date(moment)",
                 _("the day of a moment")),
        Function("year", (MOMENTS,), Kind.NUMBER, _part(ExtractYear), "year(date)", _("the year of a day")),
        Function("month", (MOMENTS,), Kind.NUMBER, _part(ExtractMonth), "month(date)", _("1 to 12")),
        Function("day", (MOMENTS,), Kind.NUMBER, _part(ExtractDay), "day(date)", _("1 to 31")),
        Function("weekday", (MOMENTS,), Kind.NUMBER, _part(ExtractIsoWeekDay), "weekday(date)",
                 _("1 for Monday to 7 for Sunday")),
        Function("days", (MOMENTS, MOMENTS), Kind.NUMBER, _days, "days(from, to)", _("days between, or until today"),
                 least=1, is_of_today=True),
        Function("months", (MOMENTS, MOMENTS), Kind.NUMBER, _since("month"), "months(from, to)",
                 _("whole months between, or until today"), least=1, is_of_today=True),
        Function("years", (MOMENTS, MOMENTS), Kind.NUMBER, _since("year"), "years(from, to)",
                 _("whole years between, or until today"), least=1, is_of_today=True),
        Function("add_days", (MOMENTS, NUMBERS), Kind.DATE, _later(MOST_DAYS, shifted_by_days), "add_days(date, n)",
                 _("so many days later")),
        Function("add_months", (MOMENTS, NUMBERS), Kind.DATE, _later(MOST_MONTHS, shifted_by_months),
                 "add_months(date, n)", _("so many months later")),
    )
}  # fmt: skip
NEGATIVE = Function(
    "negative", (AMOUNTS,), None, lambda args, _clock: -args[0].sql, "-number", _("with its sign turned")
)
IF = "if"
