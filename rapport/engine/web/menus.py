"""The menus above a table: by what it is sorted and grouped, each choice a link to the list that it makes."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.bookkeeping import bookkeeping_of
from rapport.engine.records.fields import Field
from rapport.engine.records.queries.summing import GROUPS, Unit
from rapport.engine.records.queries.summing_text import DATES
from rapport.engine.web.grouping import Grouping
from rapport.engine.web.views.listed import Listed

MANY = 12  # fields, from which on a menu has a box to find one


def sort_menu(asked: Listed, hidden: Collection[str]) -> dict[str, Any]:
    """Every field that sorts this list, and both ways of the one that does."""
    fields = [one for one in _fields(asked, hidden) if one.sortable]
    falls = asked.order.descending
    here = next((one for one in fields if one.slug == asked.order.slug), None)
    ways = zip(_words(here), (asked.order.slug, f"-{asked.order.slug}"), (not falls, falls), strict=True)
    return {
        "label": here.label if here else asked.order.slug,
        "falls": falls,
        "fields": [_choice(one.label, asked.url(order=one.slug), one is here) for one in fields],
        "ways": [_choice(words, asked.url(order=order), on) for words, order, on in ways],
        "is_long": len(fields) > MANY,
    }


def group_menu(asked: Listed, grouping: Grouping | None, hidden: Collection[str]) -> dict[str, Any]:
    """Every field that groups this list; of the one that does both ways, and of dates the stretches of time."""
    fields = [one for one in _fields(asked, hidden) if one.type.name in GROUPS]
    here = grouping.field.slug if grouping else ""
    menu = {
        "label": grouping.field.label if grouping else "",
        "off_url": asked.url(group="", open="") if grouping else "",
        "fields": [_choice(one.label, asked.url(group=one.slug, open=""), one.slug == here) for one in fields],
        "ways": [],
        "units": [],
        "is_long": len(fields) > MANY,
    }
    if grouping:
        bare = grouping.text.removeprefix("-")
        both = zip(_words(grouping.field), (bare, f"-{bare}"), (not grouping.falls, grouping.falls), strict=True)
        menu["ways"] = [_choice(words, asked.url(group=text), on) for words, text, on in both]
    if grouping and grouping.field.type.name in DATES:
        sign = "-" if grouping.falls else ""
        menu["units"] = [
            _choice(words, asked.url(group=f"{sign}{here}:{unit}", open=""), unit == grouping.by.unit)
            for unit, words in _units().items()
        ]
    return menu


def _choice(label: Any, url: str, on: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "on": on}


def _fields(asked: Listed, hidden: Collection[str]) -> list[Field]:
    """The columns that are shown, then the other fields."""
    every = (*asked.fields, *asked.rtype.all_fields(), *bookkeeping_of(is_judged=asked.rtype.by_roles))
    return list({one.slug: one for one in every if one.slug not in hidden}.values())


def _words(field: Field | None) -> tuple[str, str]:
    """What sorting up and down means for a kind of value."""
    kind = field.type.name if field else ""
    if kind in DATES:
        return _("Oldest first"), _("Newest first")
    if kind in ("number", "money"):
        return _("Smallest first"), _("Largest first")
    if kind in ("choice", "choices", "bool"):
        return _("In their order"), _("In reverse order")
    return _("A to Z"), _("Z to A")


def _units() -> dict[Unit, str]:
    return {
        Unit.DAY: _("By day"),
        Unit.WEEK: _("By week"),
        Unit.MONTH: _("By month"),
        Unit.QUARTER: _("By quarter"),
        Unit.YEAR: _("By year"),
    }
