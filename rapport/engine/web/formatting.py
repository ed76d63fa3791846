"""Dates, numbers and money as the reader writes them, times in the reader's zone."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

JUST_NOW = timedelta(minutes=1)
AGO_UNTIL = timedelta(days=7)


def locale() -> Locale:
    """The reader's locale; English where Babel does not know the language."""
    try:
        return Locale.parse(translation.to_locale(translation.get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def when(moment: datetime | None) -> SafeString | str:
    """`4 min ago`, `yesterday`, `6 Nov`, `21 Oct 2025`, with the exact time on hover."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        moment_text(moment),
        ago(moment),
    )


def ago(moment: datetime) -> str:
    """How long ago, in words; from a week on the day."""
    now = timezone.now()
    age = now - moment
    if age < JUST_NOW:
        return _("just now")
    if age < AGO_UNTIL:
        return format_timedelta(-age, add_direction=True, locale=locale(), threshold=1.2, format="short")
    return day(timezone.localtime(moment).date())


def moment_text(moment: datetime) -> str:
    """Day and time in the reader's zone."""
    return format_datetime(timezone.localtime(moment), "medium", locale=locale())


def day(value: date | None) -> str:
    """`6 Nov`, with the year where it is not this one."""
    if value is None:
        return ""
    same_year = value.year == timezone.localdate().year
    return format_date(value, "d MMM" if same_year else "d MMM y", locale=locale())


def number(value: Decimal | int | float | None) -> str:
    """Grouped as the reader groups."""
    return "" if value is None else format_decimal(value, locale=locale(), decimal_quantization=False)


def money(value: Mapping[str, Any] | None) -> str:
    """The amount with its currency."""
    if value is None:
        return ""
    return format_currency(value["amount"], value["currency"], locale=locale())


def phone(value: str) -> str:
    """An E.164 number in groups, as it is written internationally."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def bare_link(value: str) -> str:
    """An address without what every address has."""
    return value.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def local_input(value: datetime) -> str:
    """A moment as the browser's own input for it wants it, in the reader's zone."""
    return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")


FILTERS: dict[str, Callable[..., Any]] = {
    "when": when, "ago": ago, "day": day, "moment": moment_text,
    "number": number, "money": money, "phone": phone, "bare_link": bare_link, "local_input": local_input,
}  # fmt: skip
