"""Dates, numbers and money as readers write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from rapport.engine.web import formatting

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=11, minutes=59), "11 h ago"),
        (timedelta(hours=13), "yesterday"),
        (timedelta(hours=36), "yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=7), "14 Nov"),
        (timedelta(days=400), "17 Oct 2025"),
        (timedelta(minutes=-5), "in 5 min"),
        (timedelta(hours=-3), "in 3 h"),
        (timedelta(days=-1), "tomorrow"),
        (timedelta(days=-4), "in 4 days"),
    ],
)
def test_how_long_ago(age, words):
    assert formatting.ago(NOON - age) == words


def test_the_exact_time_stands_behind_the_words_in_the_readers_zone():
    with timezone.override("Europe/Oslo"):
        shown = formatting.when(NOON - timedelta(minutes=4))
    assert shown == ('<time datetime="2026-11-21T12:56:00+01:00" title="21 Nov 2026, 12:56">4 min ago</time>')


def test_a_day_names_its_year_when_it_is_another():
    assert formatting.day(date(2026, 3, 14)) == "14 Mar"
    assert formatting.day(date(1984, 3, 14)) == "14 Mar 1984"
    with translation.override("de"):
        assert formatting.day(date(1984, 3, 14)) == "14. März 1984"


def test_numbers_and_money_by_language():
    amount = {"amount": Decimal("12480.5"), "currency": "EUR"}
    assert formatting.number(Decimal("1234567.25")) == "1,234,567.25"
    assert formatting.money(amount) == "€12,480.50"
    with translation.override("de"):
        assert formatting.number(Decimal("1234567.25")) == "1.234.567,25"
        assert formatting.money(amount) == "12.480,50\xa0€"
        assert formatting.country("NO") == "Norwegen"


def test_what_is_nothing_shows_as_nothing():
    assert (formatting.when(None), formatting.day(None), formatting.number(None), formatting.money(None)) == ("",) * 4


def test_phones_and_links_as_people_write_them():
    assert formatting.phone("+4777601234") == "+47 77 60 12 34"
    assert formatting.phone("call me") == "call me"
    assert formatting.bare_link("https://www.fjellfjord.no/") == "fjellfjord.no"
    assert formatting.country("Atlantis") == "Atlantis"
