"""From tree to text: the shortest that reads well, and that parses back to the same tree."""

import datetime as dt
from decimal import Decimal

from rapport.engine.records.filters.tree import (
    NO_VALUE,
    All,
    Among,
    AnyOf,
    Changed,
    Did,
    Held,
    Leaf,
    Node,
    NoneOf,
    Op,
    normal,
)
from rapport.engine.records.filters.values import (
    CALENDAR,
    NAMED_DAYS,
    Bool,
    Day,
    Id,
    Ident,
    Me,
    Moment,
    MyTeam,
    Number,
    Period,
    Relative,
    Text,
    Value,
)

DAY_NAMES = {value: name for name, value in NAMED_DAYS.items()}
PERIOD_NAMES = {unit: name for name, unit in CALENDAR.items()}
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def to_text(node: Node) -> str:
    """The filter as a person writes it; empty for the filter that lets everything through."""
    return _written(normal(node))


def value_text(value: Value) -> str:
    match value:
        case Text(text):
            return quoted(text)
        case Ident(text):
            return text
        case Number(number):
            return _number(number)
        case Day(day):
            return day.isoformat()
        case Moment(moment):
            return _moment(moment)
        case Bool(flag):
            return "true" if flag else "false"
        case Me():
            return "me"
        case MyTeam():
            return "my team"
        case Relative():
            return DAY_NAMES.get(value) or f"{value.amount:+d}{value.unit}"
        case Period():
            return f"{value.side} {value.amount}{value.unit}" if value.amount else _calendar(value)
        case Id(key):
            return str(key)


def quoted(text: str) -> str:
    return f'"{text.translate(ESCAPES)}"'


def _written(node: Node) -> str:
    match node:
        case Leaf():
            return _leaf(node)
        case Did():
            return _did(node)
        case Changed(path, within):
            window = f", {window_text(within)}" if within else ""
            return f"changed({'.'.join(path)}{window})"
        case Held(path, length):
            return f"{'.'.join(path)} held {window_text(length)}"
        case Among(of, named, path):
            return f"{'.'.join(path)} in {of}({value_text(named)})".lstrip()
        case All(children):
            return " and ".join(_inner(child) for child in children)
        case AnyOf(children):
            return " or ".join(_inner(child) for child in children)
        case NoneOf(children):
            return f"not ({' or '.join(_inner(child) for child in children)})"


def _inner(node: Node) -> str:
    return f"({_written(node)})" if isinstance(node, All | AnyOf) else _written(node)


def subject_text(leaf: Leaf) -> str:
    """What a condition asks: a field, or what is made of other records."""
    path = ".".join(leaf.path)
    if not leaf.over:
        return path
    where = _written(leaf.over.where)
    return f"{leaf.over.function}({path}{' where ' if where else ''}{where})"


def window_text(period: Period) -> str:
    """A period in which something happened: `30d` for the last 30 days, else as a condition on a date has it."""
    return f"{period.amount}{period.unit}" if period.side == "last" and period.amount else value_text(period)


def _did(did: Did) -> str:
    window = [window_text(did.within)] if did.within else []
    times = [str(did.times)] if did.times > 1 else []
    where = _written(did.where)
    return f"did({', '.join([quoted(did.event), *window, *times])}{' where ' if where else ''}{where})"


def _leaf(leaf: Leaf) -> str:
    path = subject_text(leaf)
    if leaf.op in NO_VALUE:
        return f"{path} {leaf.op}"
    values = ", ".join(map(value_text, leaf.values))
    match leaf.op:
        case Op.IN | Op.NOT_IN:
            return f"{path} {leaf.op} ({values})"
        case Op.WITHIN:
            return f"{path} in {values}"
        case _:
            return f"{path} {leaf.op} {values}"


def _number(number: Decimal) -> str:
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _moment(moment: dt.datetime) -> str:
    whole_minute = not moment.second and not moment.microsecond
    text = moment.replace(tzinfo=None).isoformat(timespec="minutes" if whole_minute else "auto")
    return text + "Z" if moment.tzinfo else text


def _calendar(period: Period) -> str:
    return f"{period.side} {PERIOD_NAMES[period.unit]}"
