"""The values a condition compares with: frozen, typed, and each with one way to be written."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

MAX_VALUE_LENGTH = 500
MAX_WORD_LENGTH = 100
FIRST_YEAR, LAST_YEAR = 1000, 9000

WORD = re.compile(r"[^\W\d]\w*(?:-\w+)*")
ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
GRAMMAR_WORDS = frozenset({"and", "or", "not", "in", "is", "starts", "with", "empty", "where"})
VALUE_WORDS = frozenset({"me", "my", "true", "false", "now", "today", "yesterday", "tomorrow", "this", "last", "next"})
RESERVED = GRAMMAR_WORDS | VALUE_WORDS


class Unit(StrEnum):
    """A length of time; `w`eeks begin on Monday."""

    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    MONTH = "mo"
    QUARTER = "q"
    YEAR = "y"


CALENDAR = {"week": Unit.WEEK, "month": Unit.MONTH, "quarter": Unit.QUARTER, "year": Unit.YEAR}
LONGEST = {
    Unit.HOUR: 876_000,
    Unit.DAY: 36_500,
    Unit.WEEK: 5_200,
    Unit.MONTH: 1_200,
    Unit.QUARTER: 400,
    Unit.YEAR: 100,
}
Side = Literal["this", "last", "next"]


def is_word(text: str) -> bool:
    """Can this stand in a filter without quotes and be read back as the same word?"""
    return bool(WORD.fullmatch(text)) and text not in RESERVED and not ID.fullmatch(text)


@dataclass(frozen=True, slots=True)
class Text:
    """Quoted text."""

    value: str

    def __post_init__(self) -> None:
        if UNSTORABLE.search(self.value):
            raise ValueError("PostgreSQL keeps neither NUL nor half a surrogate pair")


@dataclass(frozen=True, slots=True)
class Ident:
    """A bare word: the slug of a choice, a country code, a tag."""

    value: str

    def __post_init__(self) -> None:
        if not is_word(self.value):
            raise ValueError(f"{self.value!r} cannot stand without quotes")


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal

    def __post_init__(self) -> None:
        if not self.value.is_finite() or len(self.value.as_tuple().digits) > 40 or abs(self.value.adjusted()) > 30:
            raise ValueError("a number has at most 40 digits")


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day."""

    value: dt.date

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.value.year <= LAST_YEAR:
            raise ValueError("the year is out of range")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant: in UTC, or without zone and then in the zone of whoever asks."""

    value: dt.datetime

    def __post_init__(self) -> None:
        if self.value.tzinfo is not None and self.value.utcoffset() != dt.timedelta():
            raise ValueError("a moment with a zone is kept in UTC")
        if not FIRST_YEAR <= self.value.year <= LAST_YEAR:
            raise ValueError("the year is out of range")


@dataclass(frozen=True, slots=True)
class Bool:
    value: bool


@dataclass(frozen=True, slots=True)
class MyTeam:
    """Everybody in the teams of whoever asks, and they themselves."""


@dataclass(frozen=True, slots=True)
class Me:
    """The user for whom the filter is evaluated."""


@dataclass(frozen=True, slots=True)
class Relative:
    """So long before (negative) or after now; a whole day, except in hours, where it is an instant."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if abs(self.amount) > LONGEST[self.unit]:
            raise ValueError("a relative date reaches at most 100 years")


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period (`this quarter`: no amount), or a rolling one that touches today (`last 7d`)."""

    side: Side
    unit: Unit
    amount: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= LONGEST[self.unit]:
            raise ValueError("a period is at most 100 years long")
        if not self.amount and self.unit not in CALENDAR.values():
            raise ValueError("a calendar period is a week, a month, a quarter or a year")
        if self.amount and self.side == "this":
            raise ValueError("a rolling period is last or next")


@dataclass(frozen=True, slots=True)
class Id:
    """The id of a record or user; what a name becomes when a filter is stored."""

    value: UUID


Value: TypeAlias = Text | Ident | Number | Day | Moment | Bool | Me | MyTeam | Relative | Period | Id

NAMED_DAYS = {
    "now": Relative(0, Unit.HOUR),
    "today": Relative(0, Unit.DAY),
    "yesterday": Relative(-1, Unit.DAY),
    "tomorrow": Relative(1, Unit.DAY),
}


def word(text: str) -> Ident | Text:
    """Text as it is written most plainly: bare where it can be, else in quotes."""
    return Ident(text) if is_word(text) else Text(text)
