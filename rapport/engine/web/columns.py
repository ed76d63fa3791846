"""Which columns a list shows: those of its type, or those that stand in the address, always in the declared order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from rapport.engine.records.bookkeeping import BOOKKEEPING
from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType

MOST = 30


@dataclass(frozen=True)
class Chosen:
    """The fields of a list, and how they stand in its address: empty for those of the type."""

    fields: list[Field]
    text: str


def chosen_columns(rtype: RecordType, given: Sequence[str], hidden: Collection[str]) -> Chosen:
    """Read `columns=stage,city` or `columns=stage&columns=city`. Names that are no field, or hidden, are left out."""
    usual = [field for field in _listable(rtype, hidden) if field.slug in rtype.columns]
    wanted = {slug for part in given for slug in part.split(",") if slug}
    if not wanted:
        return Chosen(usual, "")
    wanted |= {rtype.title}
    fields = [field for field in _listable(rtype, hidden) if field.slug in wanted][:MOST]
    is_usual = len(fields) < 2 or [one.slug for one in fields] == [one.slug for one in usual]
    return Chosen(usual, "") if is_usual else Chosen(fields, ",".join(one.slug for one in fields))


def column_choices(rtype: RecordType, shown: Sequence[Field], hidden: Collection[str]) -> list[dict[str, Any]]:
    """All fields that a list can show, the shown ones ticked; the title is always there."""
    on = {field.slug for field in shown}
    return [
        {"slug": one.slug, "label": one.label, "on": one.slug in on, "is_fixed": one.slug == rtype.title}
        for one in _listable(rtype, hidden)
    ]


def _listable(rtype: RecordType, hidden: Collection[str]) -> list[Field]:
    """The usual columns in their order, then the other fields in theirs."""
    every = {field.slug: field for field in (*rtype.all_fields(), *BOOKKEEPING) if field.slug not in hidden}
    usual = [slug for slug in rtype.columns if slug in every]
    return [every[slug] for slug in dict.fromkeys([*usual, *every])]
