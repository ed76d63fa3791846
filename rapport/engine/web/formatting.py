"""Dates, numbers and money as the reader writes them, times in the reader's zone."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time
from babel.numbers import format_currency, format_decimal
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from rapport.engine.web.markup import html

JUST_NOW = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)
# The evening before is still "9 h ago" in the small hours.
A_WHILE = timedelta(hours=12)
DAYS_IN_WORDS = 7
# What stands in a list is formatted once and kept: Babel and phonenumbers take tens of microseconds a piece.
MANY = 8192


def locale() -> Locale:
    """The reader's locale; English where Babel does not know the language."""
    return _locale(translation.get_language() or "en")


@cache
def _locale(language: str) -> Locale:
    # English without a country puts the day before the month, as most who read it do.
    name = "en_GB" if language == "en" else translation.to_locale(language)
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def when(moment: datetime | None) -> str:
    """`4 min ago`, `yesterday`, `6 Nov`, `21 Oct 2025`, with the exact time on hover."""
    return "" if moment is None else moments()(moment)


def moments() -> Callable[[datetime], str]:
    """`when` for many moments: the reader's zone, language and now are found once."""
    now, where = timezone.localtime(), locale()

    def shown(moment: datetime) -> Markup:
        local = moment.astimezone(now.tzinfo)
        exact, title = local.isoformat(timespec="seconds"), _exactly(local, where)
        return html('<time datetime="{}" title="{}">{}</time>', exact, title, _in_words(local, now, where))

    return shown


def ago(moment: datetime) -> str:
    """How long ago, in words; from a week on the day."""
    return _in_words(timezone.localtime(moment), timezone.localtime(), locale())


def moment_text(moment: datetime) -> str:
    """Day and time in the reader's zone."""
    return _exactly(timezone.localtime(moment), locale())


def day(value: date | None) -> str:
    """`6 Nov`, with the year where it is not this one."""
    if value is None:
        return ""
    return _day_of(value, timezone.localdate().year, locale())


def _day_of(value: date, this_year: int, where: Locale) -> str:
    return _day(value, "MMMd" if value.year == this_year else "yMMMd", where)


def _exactly(local: datetime, where: Locale) -> str:
    return f"{_day(local.date(), 'yMMMd', where)}, {_time(local.hour, local.minute, where)}"


def _in_words(local: datetime, now: datetime, where: Locale) -> str:
    age = now - local
    days = (now.date() - local.date()).days
    if abs(days) >= DAYS_IN_WORDS:
        return _day_of(local.date(), now.year, where)
    if abs(age) < JUST_NOW:
        return _("just now")
    if abs(age) < AN_HOUR:
        return _minutes(abs(age) // JUST_NOW, is_past=age > timedelta())
    if abs(age) < A_WHILE or days == 0:
        return _hours(abs(age) // AN_HOUR, is_past=age > timedelta())
    if abs(days) == 1:
        return _("yesterday") if days == 1 else _("tomorrow")
    return _days(abs(days), is_past=days > 0)


def _minutes(count: int, *, is_past: bool) -> str:
    if is_past:
        return ngettext("%(n)d min ago", "%(n)d min ago", count) % {"n": count}
    return ngettext("in %(n)d min", "in %(n)d min", count) % {"n": count}


def _hours(count: int, *, is_past: bool) -> str:
    if is_past:
        return ngettext("%(n)d h ago", "%(n)d h ago", count) % {"n": count}
    return ngettext("in %(n)d h", "in %(n)d h", count) % {"n": count}


def _days(count: int, *, is_past: bool) -> str:
    if is_past:
        return ngettext("%(n)d day ago", "%(n)d days ago", count) % {"n": count}
    return ngettext("in %(n)d day", "in %(n)d days", count) % {"n": count}


@lru_cache(MANY)
def _day(value: date, skeleton: str, where: Locale) -> str:
    return format_skeleton(skeleton, value, locale=where)


@lru_cache(MANY)
def _time(hour: int, minute: int, where: Locale) -> str:
    return format_time(time(hour, minute), "short", locale=where)


def number(value: Decimal | int | float | None) -> str:
    """Grouped as the reader groups."""
    return "" if value is None else _number(value, locale())


@lru_cache(MANY)
def _number(value: Decimal | int | float, where: Locale) -> str:
    return format_decimal(value, locale=where, decimal_quantization=False)


def bare(value: Decimal | int) -> Decimal | int:
    """A number without zeros after the last place that counts."""
    if isinstance(value, int):
        return value
    return int(value) if value == value.to_integral_value() else value.normalize()


def money(value: Mapping[str, Any] | None) -> str:
    """The amount with its currency."""
    if value is None:
        return ""
    return format_currency(value["amount"], value["currency"], locale=locale())


def brief_money(value: Mapping[str, Any] | None) -> str:
    """The amount with its currency, without cents where there are none."""
    if value is None or value["amount"] % 1:
        return money(value)
    where = locale()
    pattern = where.currency_formats["standard"].pattern.replace("0.00", "0")
    return format_currency(value["amount"], value["currency"], pattern, locale=where, currency_digits=False)


@lru_cache(MANY)
def phone(value: str) -> str:
    """An E.164 number in groups, as it is written internationally."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def country(code: str | None) -> str:
    """The name of a country in the reader's language; what is no code stays as it is."""
    return str(locale().territories.get(code or "", code or ""))


def file_size(size: int) -> str:
    """How large a file is, in the unit that people say."""
    return filesizeformat(size)


def bare_link(value: str) -> str:
    """An address without what every address has."""
    return value.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def local_input(value: datetime) -> str:
    """A moment as the browser's own input for it wants it, in the reader's zone."""
    return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")


FILTERS: dict[str, Callable[..., Any]] = {
    "when": when, "ago": ago, "day": day, "moment": moment_text,
    "number": number, "money": money, "country": country, "phone": phone,
    "bare_link": bare_link, "local_input": local_input,
}  # fmt: skip
