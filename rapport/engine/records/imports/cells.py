"""Cells as people write them: nothing, numbers with commas, dates in any order, formulas that were made harmless."""

import re
from collections.abc import Iterable

NOTHING = frozenset({"", "-", "–", "—", "n/a", "na", "#n/a", "null", "none", "nan", "(null)", "(blank)"})
NUMBER = re.compile(r"^[+-]?(\d{1,3}(?P<group>[.,\s'’\u00a0\u202f])\d{3}((?P=group)\d{3})*|\d+)?([.,]\d+)?$")
PLAIN_DATE = re.compile(r"^(\d{1,4})[./\-](\d{1,2})[./\-](\d{1,4})\.?(?:[ T]+(.*))?$")
MONTH_NAMES = (
    "jan january januar janvier enero gennaio",
    "feb february februar fevrier febrero",
    "mar march marz mars marzo",
    "apr april avril abril aprile",
    "may mai mayo maggio",
    "jun june juni juin junio",
    "jul july juli juillet julio",
    "aug august aout agosto",
    "sep sept september septembre",
    "oct october okt oktober octobre",
    "nov november novembre",
    "dec december dez dezember decembre",
)
MONTHS = {name: number for number, names in enumerate(MONTH_NAMES, 1) for name in names.split()}
WORDY_DATE = re.compile(r"^(\d{1,2})[.\s-]+([A-Za-zäéû]{3,9})[.\s,-]+(\d{4})$")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"
MINUS = re.compile(r"^-\d+(\.\d+)?$")


def is_nothing(text: str) -> bool:
    """Whether a cell says nothing, in one of the ways that programs say it."""
    return not text or (len(text) <= 7 and text.lower() in NOTHING)


def neutral(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; `restored` gives back what it was."""
    return GUARD + text if text.startswith((*FORMULA, GUARD)) and not MINUS.match(text) else text


def restored(text: str) -> str:
    """What stood in a cell before an export made it harmless."""
    return text[1:] if text[:1] == GUARD and text[1:].startswith((*FORMULA, GUARD)) else text


def is_number(text: str) -> bool:
    found = NUMBER.match(text)
    return bool(found and any(letter.isdigit() for letter in text))


def decimal_comma(values: Iterable[str]) -> bool:
    """Whether commas part the decimals: told by values with both signs, else by what follows the comma."""
    votes = 0
    for value in values:
        comma, point = value.rfind(","), value.rfind(".")
        if comma >= 0 and point >= 0:
            votes += 3 if comma > point else -3
        elif comma >= 0:
            votes += 1 if value.count(",") == 1 and len(value) - comma - 1 != 3 else -1
        elif point >= 0 and len(value) - point - 1 != 3:
            votes -= 1
    return votes > 0


def plain_number(text: str, *, comma: bool) -> str:
    """`1.234,56` → `1234.56`. What is no number comes back as it is."""
    if not is_number(text):
        return text
    text = re.sub(r"[\s'’\u00a0\u202f]", "", text)
    return text.replace(".", "").replace(",", ".") if comma else text.replace(",", "")


def is_date(text: str) -> bool:
    return bool(PLAIN_DATE.match(text) or WORDY_DATE.match(text))


def date_order(values: Iterable[str]) -> str:
    """`ymd`, `dmy` or `mdy`: told by numbers above 12; day first where nothing tells; empty where it cannot be."""
    first, second, year_first, seen = 0, 0, 0, 0
    for value in values:
        found = PLAIN_DATE.match(value)
        if not found:
            continue
        seen += 1
        year_first += len(found[1]) == 4
        first = max(first, int(found[1]))
        second = max(second, int(found[2]))
    if not seen or year_first == seen:
        return "ymd"
    if year_first or (first > 12 and second > 12):
        return ""
    return "mdy" if second > 12 else "dmy"


def plain_date(text: str, *, order: str) -> str:
    """`14.02.2021` → `2021-02-14`. A time behind it stays; what is no date comes back as it is."""
    if wordy := WORDY_DATE.match(text):
        named = MONTHS.get(wordy[2].lower().replace("ä", "a").replace("é", "e").replace("û", "u"))
        return f"{wordy[3]}-{named:02}-{int(wordy[1]):02}" if named else text
    found = PLAIN_DATE.match(text)
    if not found:
        return text
    parts = [found[1], found[2], found[3]]
    if len(parts[0]) == 4:
        order = "ymd"
    year, month, day = (parts[order.index(letter)] for letter in "ymd")
    if len(year) == 2:
        year = f"20{year}" if int(year) < 70 else f"19{year}"
    plain = f"{year}-{int(month):02}-{int(day):02}"
    return f"{plain} {found[4]}" if found[4] else plain
