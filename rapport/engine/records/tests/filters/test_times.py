"""Relative dates and periods mean what a person in that zone means by them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.times import Clock
from rapport.engine.records.filters.tree import Leaf
from rapport.engine.records.filters.values import Day, Moment, Period, Relative, Unit

OSLO = ZoneInfo("Europe/Oslo")
EVENING = Clock(datetime(2026, 11, 4, 23, 30, tzinfo=UTC), OSLO)


def written(text: str) -> object:
    leaf = parse(f"x in {text}") if text.split(maxsplit=1)[0] in ("this", "last", "next") else parse(f"x = {text}")
    assert isinstance(leaf, Leaf)
    return leaf.values[0]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 11, 5)),
        ("yesterday", date(2026, 11, 4)),
        ("tomorrow", date(2026, 11, 6)),
        ("now", date(2026, 11, 5)),
        ("-90d", date(2026, 8, 7)),
        ("+2w", date(2026, 11, 19)),
        ("-9mo", date(2026, 2, 5)),
        ("+1q", date(2027, 2, 5)),
        ("-100y", date(1926, 11, 5)),
        ("2026-03-14", date(2026, 3, 14)),
    ],
)
def test_a_relative_date_is_a_day_in_the_zone(text: str, day: date) -> None:
    value = written(text)
    assert isinstance(value, Relative | Day)
    assert EVENING.day(value) == day


def test_the_last_day_of_a_month_stays_in_the_month() -> None:
    clock = Clock(datetime(2028, 8, 31, 12, tzinfo=UTC), OSLO)
    assert clock.day(Relative(-6, Unit.MONTH)) == date(2028, 2, 29)
    assert clock.day(Relative(-1, Unit.QUARTER)) == date(2028, 5, 31)
    assert Clock(datetime(2028, 2, 29, 12, tzinfo=UTC), OSLO).day(Relative(1, Unit.YEAR)) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("this week", date(2026, 11, 2), date(2026, 11, 9)),
        ("last week", date(2026, 10, 26), date(2026, 11, 2)),
        ("next week", date(2026, 11, 9), date(2026, 11, 16)),
        ("this month", date(2026, 11, 1), date(2026, 12, 1)),
        ("last month", date(2026, 10, 1), date(2026, 11, 1)),
        ("next month", date(2026, 12, 1), date(2027, 1, 1)),
        ("this quarter", date(2026, 10, 1), date(2027, 1, 1)),
        ("last quarter", date(2026, 7, 1), date(2026, 10, 1)),
        ("next quarter", date(2027, 1, 1), date(2027, 4, 1)),
        ("this year", date(2026, 1, 1), date(2027, 1, 1)),
        ("last 7d", date(2026, 10, 30), date(2026, 11, 6)),
        ("next 7d", date(2026, 11, 5), date(2026, 11, 12)),
        ("last 1mo", date(2026, 10, 6), date(2026, 11, 6)),
        ("next 2w", date(2026, 11, 5), date(2026, 11, 19)),
    ],
)
def test_a_period_is_whole_days_in_the_zone(text: str, first: date, after: date) -> None:
    value = written(text)
    assert isinstance(value, Period)
    assert EVENING.days(value) == (first, after)
    assert EVENING.instants(value) == (EVENING.start_of(first), EVENING.start_of(after))


def test_days_are_as_long_as_the_clocks_say() -> None:
    assert EVENING.start_of(date(2026, 3, 29)) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert EVENING.start_of(date(2026, 3, 30)) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    no_midnight = Clock(EVENING.now, ZoneInfo("America/Santiago"))
    assert no_midnight.start_of(date(2026, 9, 6)) == datetime(2026, 9, 6, 4, tzinfo=UTC)


def test_hours_and_times_of_day_are_instants() -> None:
    assert EVENING.instant(Relative(-3, Unit.HOUR)) == datetime(2026, 11, 4, 20, 30, tzinfo=UTC)
    assert EVENING.instant(Moment(datetime(2026, 7, 1, 12, 0))) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert EVENING.instant(Moment(datetime(2026, 7, 1, 12, 0, tzinfo=UTC))) == datetime(2026, 7, 1, 12, tzinfo=UTC)
    last_day = Period("last", Unit.HOUR, 24)
    assert EVENING.instants(last_day) == (datetime(2026, 11, 3, 23, 30, tzinfo=UTC), EVENING.now)
