"""What the groups of a field are called, in plain words: `Lead`, `No stage`, `November 2026`, `Other`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.dates import format_skeleton
from django.utils.translation import gettext as _

from rapport.engine.records.queries.labels import POINTING
from rapport.engine.records.queries.summing import By, Unit
from rapport.engine.web import formatting
from rapport.engine.web.grouping import CHOSEN, in_a_sentence, stretch_text

SHORT = {Unit.DAY: "MMMd", Unit.WEEK: "MMMd", Unit.MONTH: "yMMM", Unit.QUARTER: "yQQQ", Unit.YEAR: "y"}


def label_of(by: By, key: Any, names: Mapping[UUID, str]) -> str:
    """What stands beside the number of a group."""
    kind = by.field.type.name
    if key is None:
        return _("No %(what)s") % {"what": in_a_sentence(str(by.field.label))}
    if kind in POINTING and isinstance(key, UUID):
        return names.get(key) or _("Without a name")
    if kind in CHOSEN:
        option = by.field.option(str(key))
        return str(option.label) if option else _other(key)
    if kind == "bool" and isinstance(key, bool):
        return _("Yes") if key else _("No")
    if by.unit and isinstance(key, date):
        return stretch_text(key, by.unit)
    if isinstance(key, Decimal | int):
        return formatting.number(formatting.bare(key))
    if kind in ("phone", "phones") and isinstance(key, str):
        return formatting.phone(key)
    return _other(key)


def _other(key: Any) -> str:
    return key if isinstance(key, str) else _("Other")


def short_label(by: By, key: Any) -> str:
    """A stretch of time as an axis has room for it."""
    if by.unit is None or not isinstance(key, date):
        return ""
    return format_skeleton(SHORT[by.unit], key, locale=formatting.locale())
