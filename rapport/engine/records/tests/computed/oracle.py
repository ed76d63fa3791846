"""What formulas give, in plain Python over dicts: told apart from how the database works it out."""

import datetime as dt
from decimal import Decimal
from typing import Any

from rapport.engine.records.filters.times import shifted
from rapport.engine.records.filters.tree import Op
from rapport.engine.records.filters.values import Bool, Day, Number, Relative, Text, Unit
from rapport.engine.records.formulas.tree import Call, Compare, Literal, Logic, Name, Span, Sum

TODAY = dt.date(2026, 11, 22)
COMPARED = {
    Op.EQ: lambda a, b: a == b, Op.GT: lambda a, b: a > b, Op.GE: lambda a, b: a >= b,
    Op.LT: lambda a, b: a < b, Op.LE: lambda a, b: a <= b,
}  # fmt: skip


def value(node: Any, row: dict[str, Any]) -> Any:
    """The value for one record; None where there is none."""
    match node:
        case Literal(Number(number)):
            return number
        case Literal(Text(text)):
            return text or None
        case Literal(Bool(flag)):
            return flag
        case Literal(Day(day)):
            return day
        case Literal(Relative(amount, unit)):
            return shifted(TODAY, amount, unit)
        case Name(path):
            return named(path, row)
        case Sum(sign, left, right):
            return summed(sign, value(left, row), right if isinstance(right, Span) else value(right, row))
        case Call(name, args):
            return called(name, args, row)
        case Compare() | Logic():
            return holds(node, row) is True
    raise AssertionError(node)


def named(path: tuple[str, ...], row: dict[str, Any] | None) -> Any:
    for name in path:
        row = row.get(name) if row else None
    return row or (row if row == 0 else None)


def summed(sign: str, left: Any, right: Any) -> Any:
    if isinstance(right, Span):
        amount = right.amount if sign == "+" else -right.amount
        return None if left is None else shifted(left, amount, right.unit)
    if isinstance(left, str) or isinstance(right, str):
        return (left or "") + (right or "") or None
    if left is None or right is None:
        return None
    if isinstance(left, dt.date):
        return Decimal((left - right).days)
    if sign == "/":
        return None if right == 0 else left / right
    return {"+": left + right, "-": left - right, "*": left * right}[sign]


def called(name: str, args: Any, row: dict[str, Any]) -> Any:  # noqa: PLR0912  a line for each function
    if name == "if":
        pairs = len(args) // 2 * 2
        for condition, then in zip(args[:pairs:2], args[1:pairs:2], strict=True):
            if holds(condition, row) is True:
                return value(then, row)
        return value(args[-1], row) if len(args) % 2 else None
    given = [value(arg, row) for arg in args]
    known = [one for one in given if one is not None]
    if name == "coalesce":
        return known[0] if known else None
    if name in ("min", "max"):
        return {"min": min, "max": max}[name](known) if known else None
    if given[0] is None:
        return None
    match name:
        case "negative":
            return -given[0]
        case "abs":
            return abs(given[0])
        case "upper":
            return given[0].upper()
        case "length":
            return Decimal(len(given[0]))
        case "left":
            return given[0][: int(given[1])] or None
        case "year":
            return Decimal(given[0].year)
        case "days":
            return Decimal((TODAY - given[0]).days)
        case "years":
            return years(given[0], TODAY)
    raise AssertionError(name)


def years(first: dt.date, last: dt.date) -> Decimal:
    if last < first:
        return -years(last, first)
    return Decimal(last.year - first.year - ((last.month, last.day) < (first.month, first.day)))


def holds(node: Any, row: dict[str, Any]) -> bool | None:
    """True, False, or None for what cannot be told."""
    match node:
        case Compare(left, op, right):
            a, b = (value(one, row) for one in (left, right))
            a, b = (one.upper() if isinstance(one, str) else one for one in (a, b))
            if op is Op.NE:
                return a is None or b is None or a != b
            return None if a is None or b is None else COMPARED[op](a, b)
        case Logic("not", (inner,)):
            return holds(inner, row) is not True
        case Logic(word, parts):
            found = [holds(part, row) for part in parts]
            decisive = word == "or"
            if decisive in found:
                return decisive
            return None if None in found else not decisive
        case _:
            return value(node, row)


__all__ = ["TODAY", "Unit", "value"]
