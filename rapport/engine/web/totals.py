"""Totals at the foot of a list: what its address asks for, added up over the whole filter, and how each reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import OperationalError, models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.utils.translation import ngettext

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.queries.counting import CAP
from rapport.engine.records.queries.summing import Measure, Total, totals
from rapport.engine.records.registry import RecordType
from rapport.engine.runtime.patience import was_given_up
from rapport.engine.web import formatting
from rapport.engine.web.choosing import house_currency
from rapport.engine.web.counts import eyes_of, kept_if_large

COUNTED = frozenset({Total.COUNT, Total.EMPTY, Total.FILLED, Total.UNIQUE})
CENT = Decimal("0.01")
WORDS: dict[Total, str | Promise] = {
    Total.COUNT: __("Count"),
    Total.EMPTY: __("Empty"),
    Total.FILLED: __("Filled"),
    Total.UNIQUE: __("Unique"),
    Total.SUM: __("Sum"),
    Total.AVG: __("Average"),
    Total.MIN: __("Lowest"),
    Total.MAX: __("Highest"),
}
OF_DATES: dict[Total, str | Promise] = {Total.MIN: __("Earliest"), Total.MAX: __("Latest")}
OF_YES_AND_NO: dict[Total, str | Promise] = {Total.EMPTY: __("No"), Total.FILLED: __("Yes")}


@dataclass(frozen=True)
class Shown:
    """A total as people read it, and what is not in it."""

    text: str
    missing: int = 0

    @property
    def note(self) -> str:
        """Why it is not all: `3 amounts in other currencies have no known rate and are not in it.`"""
        words = ngettext(
            "%(n)s amount in another currency has no known rate and is not in it.",
            "%(n)s amounts in other currencies have no known rate and are not in it.",
            self.missing,
        )
        return words % {"n": formatting.number(self.missing)} if self.missing else ""

    @property
    def short(self) -> str:
        """The same in two words, beside the number."""
        return _("without %(n)s") % {"n": formatting.number(self.missing)} if self.missing else ""


def word_of(total: Total, field: Field) -> str:
    """What a total of a field is called."""
    own = {"date": OF_DATES, "datetime": OF_DATES, "bool": OF_YES_AND_NO}.get(field.type.name, {})
    return str(own.get(total) or WORDS[total])


def with_rates(measures: Sequence[Measure]) -> list[Measure]:
    """The measures, and for each amount of money how many have no known rate."""
    money = [one.field for one in measures if _is_money(one)]
    return [*measures, *(Measure(Total.NO_RATE, field) for field in money)]


def shown(measures: Sequence[Measure], values: Sequence[Any]) -> dict[str, Shown]:
    """Values of `with_rates(measures)` as people read them, by the field."""
    rates = iter(values[len(measures) :])
    return {
        one.field.slug: Shown(_text(one, value), next(rates) if _is_money(one) else 0)
        for one, value in zip(measures, values, strict=False)
        if one.field
    }


def added_up(
    actor: Actor, rtype: RecordType, rows: "models.QuerySet[Any]", measures: Sequence[Measure], name: str
) -> dict[str, Shown] | None:
    """The totals of the rows; None where the database was not done in time.

    Those of a long list, which `name` tells from others, may be a minute old; those of a short one are made anew.
    """
    key = (eyes_of(actor), rtype.slug, f"totals {name}")
    every = [Measure(Total.COUNT), *with_rates(measures)]
    try:
        _count, *values = kept_if_large(key, lambda: totals(rtype, rows, every), is_large=lambda found: found[0] > CAP)
    except OperationalError as error:
        if was_given_up(error):
            return None
        raise
    return shown(measures, values)


def _is_money(one: Measure) -> bool:
    return one.field is not None and one.field.type.name == "money" and one.total not in COUNTED


def _text(one: Measure, value: Any) -> str:
    assert one.field
    if value is None:
        return "—"
    if one.total in COUNTED:
        return formatting.number(value)
    if one.field.type.name == "money":
        return formatting.money({"amount": value, "currency": house_currency()})
    if one.field.type.name == "date":
        return formatting.day(value)
    if one.field.type.name == "datetime":
        return formatting.moment_text(value)
    return formatting.number(_rounded(value) if one.total is Total.AVG else formatting.bare(value))


def _rounded(average: Decimal) -> Decimal | int:
    """An average has no end of places; two are read, more where it is near nothing."""
    return formatting.bare(average.quantize(CENT if abs(average) >= 1 else CENT * CENT))
