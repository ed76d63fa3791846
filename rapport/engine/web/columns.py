"""Which columns a list shows, in which order and how wide: those of its type, or what stands in the address."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapport.engine.records.bookkeeping import bookkeeping_of
from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType

MOST = 30
NARROWEST, WIDEST = 64, 800  # px
PICK = 44  # px, the column of the boxes
USUAL = {"title": 240, "number": 120, "money": 140, "bool": 110, "date": 120, "datetime": 130, "choice": 140}
OTHERWISE = 180


@dataclass(frozen=True)
class Chosen:
    """The fields of a list, and how they stand in its address: empty for those of the type."""

    fields: list[Field]
    text: str


def chosen_columns(rtype: RecordType, given: Sequence[str], hidden: Collection[str]) -> Chosen:
    """Read `columns=stage,city` or `columns=stage&columns=city`: their order is that of the columns, the title first.

    Names that are no field, or hidden, are left out.
    """
    every = {field.slug: field for field in _listable(rtype, hidden)}
    usual = [field for field in every.values() if field.slug in rtype.columns]
    wanted = dict.fromkeys([rtype.title, *(slug for part in given for slug in part.split(","))])
    fields = [every[slug] for slug in wanted if slug in every][:MOST]
    is_usual = len(fields) < 2 or [one.slug for one in fields] == [one.slug for one in usual]
    return Chosen(usual, "") if is_usual else Chosen(fields, _text(fields))


def column_choices(
    rtype: RecordType, shown: Sequence[Field], hidden: Collection[str], url: Callable[[str], str]
) -> list[dict[str, Any]]:
    """All fields that a list can show: the shown ones in their order, then the others. The title is always first.

    Each has the addresses of the list in which it stands one place earlier and later; one not shown would be the last.
    """
    order = [field.slug for field in shown]
    rest = [field for field in _listable(rtype, hidden) if field.slug not in order]
    return [
        {
            "slug": one.slug,
            "label": one.label,
            "on": one.slug in order,
            "is_fixed": one.slug == rtype.title,
            "up_url": url(moved(order, one.slug, -1)),
            "down_url": url(moved(order, one.slug, 1)),
        }
        for one in (*shown, *rest)
    ]


def moved(order: Sequence[str], slug: str, step: int) -> str:
    """The columns with one of them a place earlier or later, never before the title."""
    rest = [one for one in order if one != slug]
    here = order.index(slug) if slug in order else len(order)
    at = min(max(here + step, 1), len(rest))
    return ",".join([*rest[:at], slug, *rest[at:]])


def widths_of(rtype: RecordType, fields: Sequence[Field], text: str) -> list[int]:
    """How wide each column is, in px: read from `name:240,city:120`, or as is usual. Nothing where none is given."""
    given: Mapping[str, str] = dict(part.partition(":")[::2] for part in text.split(","))
    wide = {slug: min(max(int(px), NARROWEST), WIDEST) for slug, px in given.items() if _is_width(px)}
    if not wide.keys() & {field.slug for field in fields}:
        return []
    return [wide.get(field.slug) or usual_width(rtype, field) for field in fields]


def usual_width(rtype: RecordType, field: Field) -> int:
    """How wide a column is among others of which somebody said how wide they are."""
    return USUAL.get("title" if field.slug == rtype.title else field.type.name, OTHERWISE)


def _is_width(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


def _text(fields: Sequence[Field]) -> str:
    return ",".join(one.slug for one in fields)


def _listable(rtype: RecordType, hidden: Collection[str]) -> list[Field]:
    """The usual columns in their order, then the other fields in theirs."""
    fields = (*rtype.all_fields(), *bookkeeping_of(is_judged=rtype.by_roles))
    every = {field.slug: field for field in fields if field.slug not in hidden}
    usual = [slug for slug in rtype.columns if slug in every]
    return [every[slug] for slug in dict.fromkeys([*usual, *every])]
