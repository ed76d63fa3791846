"""Reading one value: text, number, date, relative date, period, id or word."""

import datetime as dt
import re
from decimal import Decimal
from uuid import UUID

from rapport.engine.records.filters.cursor import Cursor
from rapport.engine.records.filters.errors import N_, FilterError, Place, Wanted
from rapport.engine.records.filters.tokens import Kind, Token
from rapport.engine.records.filters.values import (
    CALENDAR,
    GRAMMAR_WORDS,
    MAX_VALUE_LENGTH,
    MAX_WORD_LENGTH,
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
    Side,
    Text,
    Unit,
    Value,
)

MAX_TIMES = 10_000
WINDOW_WANTED = N_("A length of time stands here, such as 30d, or a period such as this month.")
LENGTH_WANTED = N_("A length of time stands here, such as 30d.")
SIDES: dict[str, Side] = {"this": "this", "last": "last", "next": "next"}
KEYWORDS: dict[str, Value] = {"me": Me(), "true": Bool(True), "false": Bool(False), **NAMED_DAYS}
LENGTH = re.compile(r"([+-]?\d+)([A-Za-z]+)")
UNITS = {unit.value: unit for unit in Unit}
UNIT_NAMES = {
    **{name + plural: unit for unit in Unit for name in (unit.name.lower(),) for plural in ("", "s")},
    "m": Unit.MONTH,
    "hrs": Unit.HOUR,
    "wk": Unit.WEEK,
    "yr": Unit.YEAR,
}


def read_value(cursor: Cursor, path: tuple[str, ...]) -> tuple[Value, Place]:
    """The next value and its place. Raises FilterError if what stands there is none."""
    token = cursor.next
    if token.kind is Kind.WORD and token.text in SIDES:
        return read_period(cursor, path)
    if token.kind is Kind.WORD and token.text == "my":
        return read_my_team(cursor)
    reserved = token.kind is Kind.WORD and token.text in GRAMMAR_WORDS
    if reserved or token.kind in (Kind.END, Kind.OP, Kind.MARK):
        raise FilterError(
            N_("A value is missing after %(what)s."),
            token.place,
            expects=cursor.wants("value", path),
            words={"what": cursor.source(cursor.last.place)},
        )
    cursor.advance()
    return literal(token), token.place


def read_my_team(cursor: Cursor) -> tuple[Value, Place]:
    """`my team`; the cursor stands on `my`."""
    first = cursor.advance()
    token = cursor.next
    if token.kind is not Kind.WORD or token.text != "team":
        raise FilterError(N_("After my stands team."), token.place, suggestion="team")
    cursor.advance()
    return MyTeam(), first.place.to(token.place)


def literal(token: Token) -> Value:
    match token.kind:
        case Kind.TEXT:
            return Text(_short(token, MAX_VALUE_LENGTH))
        case Kind.NUMBER:
            return _number(token)
        case Kind.DAY | Kind.MOMENT:
            return _date(token)
        case Kind.OFFSET:
            amount, unit = _length(token)
            return _relative(amount, unit, token.place)
        case Kind.DURATION:
            raise FilterError(N_("A relative date begins with + or -."), token.place, suggestion="-" + token.text)
        case Kind.ID:
            return Id(UUID(token.text))
        case _:
            return KEYWORDS.get(token.text) or Ident(_short(token, MAX_WORD_LENGTH))


def read_period(cursor: Cursor, path: tuple[str, ...], *, wanted: Wanted = "value") -> tuple[Period, Place]:
    """`this quarter`, `last month`, `next 7d`, `last 30 days`; the cursor stands on the first word."""
    first = cursor.advance()
    side, token = SIDES[first.text], cursor.next
    if token.kind is Kind.WORD and token.text in CALENDAR:
        cursor.advance()
        return Period(side, CALENDAR[token.text]), first.place.to(token.place)
    if side != "this" and token.kind in (Kind.DURATION, Kind.NUMBER):
        cursor.advance()
        amount, unit = _length(token) if token.kind is Kind.DURATION else _spelled(cursor, token)
        place = first.place.to(cursor.last.place)
        return _rolling(side, amount, unit, place), place
    raise FilterError(
        N_("After %(what)s stands week, month, quarter or year, or after last and next a length such as 7d."),
        token.place,
        expects=cursor.wants(wanted, path, start=first.place.start),
        words={"what": first.text},
    )


def read_window(cursor: Cursor) -> tuple[Period, Place]:
    """How long ago something may have happened: `30d`, `30 days`, or a period such as `this month`."""
    token = cursor.next
    if token.kind is Kind.WORD and token.text in SIDES:
        period, place = read_period(cursor, (), wanted="window")
        if period.side == "next":
            raise FilterError(N_("What happened lies in the past: write last, or this."), place)
        return period, place
    if token.kind not in (Kind.DURATION, Kind.NUMBER):
        raise FilterError(WINDOW_WANTED, token.place, expects=cursor.wants("window"))
    return _back(cursor)


def read_length(cursor: Cursor) -> tuple[Period, Place]:
    """For how long something has been: `14d`, `2 weeks`."""
    token = cursor.next
    if token.kind is Kind.WORD and token.text in SIDES:
        length, place = read_period(cursor, (), wanted="length")
        if length.side != "last" or not length.amount:
            raise FilterError(LENGTH_WANTED, place)
        return length, place
    if token.kind not in (Kind.DURATION, Kind.NUMBER):
        raise FilterError(LENGTH_WANTED, token.place, expects=cursor.wants("length"))
    return _back(cursor)


def read_times(cursor: Cursor) -> int:
    """How often something happened, at least."""
    token = cursor.next
    if token.kind is not Kind.NUMBER or not token.text.isdecimal() or not 0 < int(token.text) <= MAX_TIMES:
        raise FilterError(
            N_("How often it happened stands here: a whole number from 1 to %(most)d."),
            token.place,
            words={"most": MAX_TIMES},
        )
    cursor.advance()
    return int(token.text)


def _back(cursor: Cursor) -> tuple[Period, Place]:
    """So long until now; the cursor stands on its number."""
    token = cursor.advance()
    amount, unit = _length(token) if token.kind is Kind.DURATION else _spelled(cursor, token)
    place = token.place.to(cursor.last.place)
    return _rolling("last", amount, unit, place), place


def _short(token: Token, most: int) -> str:
    if len(token.text) > most:
        raise FilterError(N_("This value is too long: at most %(most)d characters."), token.place, words={"most": most})
    return token.text


def _number(token: Token) -> Number:
    try:
        return Number(Decimal(token.text))
    except ValueError as error:
        raise FilterError(N_("This number has too many digits."), token.place) from error


def _date(token: Token) -> Day | Moment:
    try:
        if token.kind is Kind.DAY:
            return Day(dt.date.fromisoformat(token.text))
        moment = dt.datetime.fromisoformat(token.text)
        return Moment(moment.astimezone(dt.UTC) if moment.tzinfo else moment)
    except (ValueError, OverflowError) as error:
        raise FilterError(N_("There is no such date: %(what)s."), token.place, words={"what": token.text}) from error


def _relative(amount: int, unit: Unit, place: Place) -> Relative:
    try:
        return Relative(amount, unit)
    except ValueError as error:
        raise FilterError(N_("A relative date reaches at most 100 years."), place) from error


def _rolling(side: Side, amount: int, unit: Unit, place: Place) -> Period:
    if not amount:
        raise FilterError(N_("A period has a length of at least 1."), place)
    try:
        return Period(side, unit, amount)
    except ValueError as error:
        raise FilterError(N_("A period is at most 100 years long."), place) from error


def _length(token: Token) -> tuple[int, Unit]:
    found = LENGTH.fullmatch(token.text)
    amount, name = found.groups() if found else ("0", token.text)
    return int(amount), _unit(name, token.place, before=amount)


def _spelled(cursor: Cursor, number: Token) -> tuple[int, Unit]:
    """`last 30 days`: a whole number, then the unit as a word."""
    name = cursor.next
    if name.kind is not Kind.WORD or name.text.lower() not in UNIT_NAMES or not number.text.isdecimal():
        raise FilterError(
            N_("A length is a whole number and a unit, such as 7d or 3mo."), number.place, suggestion=number.text + "d"
        )
    cursor.advance()
    return int(number.text), UNIT_NAMES[name.text.lower()]


def _unit(name: str, place: Place, *, before: str) -> Unit:
    if name in UNITS:
        return UNITS[name]
    known = UNIT_NAMES.get(name.lower()) or UNITS.get(name.lower())
    raise FilterError(
        N_("%(what)s is not a unit: h, d, w, mo, q or y."),
        place,
        suggestion=f"{before}{known}" if known else "",
        words={"what": name},
    )
