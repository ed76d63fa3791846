"""Where columns without names go: told by what they hold, and by the order in which a list shows its fields."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.folding import fold
from rapport.engine.records.imports.cells import is_date, is_nothing
from rapport.engine.records.imports.guessing import DOMAIN, EMAIL, PHONE, is_country
from rapport.engine.records.imports.places import NEW, Place, places
from rapport.engine.records.imports.reading.dialect import has_header
from rapport.engine.records.imports.synonyms import plain_name, whole_name, words_of
from rapport.engine.records.registry import RecordType

MOST = 0.8  # of the values of a column that must look like what belongs to a field
TEXTS = frozenset({"text", "long_text", "relation"})
Column = dict[str, Any]


def names_columns(actor: Actor, rtype: RecordType, row: Sequence[str]) -> bool:
    """Whether a row names columns: it holds no values, and a third of its cells at least are called like a place."""
    names = set()
    for place in places(actor, rtype):
        names |= {whole_name(place.label), whole_name(place.to), *words_of(place.to, rtype.slug)}
    filled = [cell for cell in row if cell.strip()]
    known = [cell for cell in filled if {whole_name(cell), plain_name(cell)} & names]
    return has_header([row]) and bool(known) and len(known) * 3 >= len(filled)


def place_by_content(
    actor: Actor, rtype: RecordType, columns: Sequence[Column], sample: Sequence[Sequence[str]], shown: Sequence[str]
) -> list[Column]:
    """Columns that have no name, with where each goes: `likely` by what it holds, `unsure` by its place in the list."""
    known = {place.to: place for place in places(actor, rtype)}
    values = [_filled(sample, index) for index in range(len(columns))]
    found: dict[int, str] = {}
    for index, some in enumerate(values):
        free = (to for to, place in known.items() if to not in found.values() or _takes_more(place))
        if some and (to := next((to for to in free if _holds(known[to], some)), "")):
            found[index] = to
    order = [to for to in map(partial(_shown_place, known), shown) if to]
    rest = [index for index, some in enumerate(values) if some and index not in found]
    is_listed = _in_order(order, found)
    worded = [to for to in order if to not in found.values() and _takes_words(known[to])]
    by_order = dict(zip(rest, worded, strict=False))
    if is_listed:
        by_order = {index: order[index] for index in rest if index < len(order) and order[index] in worded}
    is_sure = is_listed or (len(rest) == 1 and by_order.get(rest[0]) == rtype.title)
    sure = {index: is_listed or not _is_any_day(known[to]) for index, to in found.items()}
    sure |= dict.fromkeys(by_order, is_sure)
    return [_column(column, (found | by_order).get(index, ""), sure.get(index, False), values[index])
            for index, column in enumerate(columns)]  # fmt: skip


def _column(column: Column, to: str, is_sure: bool, some: Sequence[str]) -> Column:
    kept = {name: value for name, value in column.items() if name in ("header", "new", "create")}
    if not some:
        return kept | {"to": "", "sure": "empty"}
    if to:
        return kept | {"to": to, "sure": "likely" if is_sure else "unsure"}
    return kept | ({"to": NEW, "sure": "new"} if column.get("to") == NEW else {"to": "", "sure": "none"})


def _in_order(order: Sequence[str], found: dict[int, str]) -> bool:
    """Whether all that is known by content stands where the list shows it, so that the rest will too."""
    return bool(found) and all(index < len(order) and order[index] == to for index, to in found.items())


def _shown_place(known: dict[str, Place], slug: str) -> str:
    """Where a column of a list is written: its city and country are parts of an address."""
    return next((to for to in (slug, f"addresses.{slug}") if to in known), "")


def _filled(sample: Sequence[Sequence[str]], index: int) -> list[str]:
    return [row[index].strip() for row in sample if index < len(row) and not is_nothing(row[index].strip())]


def _takes_words(place: Place) -> bool:
    return bool(place.part) or (place.field is not None and place.field.type.name in TEXTS | {"user"})


def _takes_more(place: Place) -> bool:
    return place.takes_many and not place.part


def _is_any_day(place: Place) -> bool:
    """Whether it takes dates, which do not say whether they are birthdays or of another kind."""
    return place.field is not None and place.field.type.name == "date"


def _holds(place: Place, some: Sequence[str]) -> bool:
    """Whether values can hardly be anything but what belongs to a place."""
    check = _check(place)
    return check is not None and sum(1 for value in some if check(value)) >= MOST * len(some)


def _check(place: Place) -> Callable[[str], Any] | None:
    if place.field is None or place.kind:
        return None
    if place.part:
        return is_country if place.part == "country" else None
    if place.field.type.name == "choice":
        return partial(_is_option, place.field)
    return CHECKS.get(place.field.type.name)


def _is_domain(value: str) -> bool:
    return bool(DOMAIN.match(value)) and not is_date(value)


def _is_phone(value: str) -> bool:
    return value.startswith(("+", "0", "(")) and bool(PHONE.match(value)) and not is_date(value)


CHECKS: dict[str, Callable[[str], Any]] = {
    "emails": EMAIL.match, "email": EMAIL.match, "domains": _is_domain, "links": _is_domain,
    "phones": _is_phone, "phone": _is_phone, "date": is_date,
}  # fmt: skip


def _is_option(field: Field, value: str) -> bool:
    return fold(value) in set(_options(field))


def _options(field: Field) -> Iterator[str]:
    for option in field.options:
        yield fold(option.value)
        yield fold(option.label)
