"""What a list's address says of its chart: by which field, split by which, what is measured, how it is drawn."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask
from rapport.engine.records.queries.summing import GROUPS, LISTS, By, Measure, Total, Unit, totals_of
from rapport.engine.records.queries.summing_text import DATES, read_by, read_measures
from rapport.engine.records.registry import RecordType
from rapport.engine.web.charts import Kind
from rapport.engine.web.totals import word_of

COUNT = Measure(Total.COUNT)
MEASURED = (Total.UNIQUE, Total.SUM, Total.AVG, Total.MIN, Total.MAX)
OF_NUMBERS = frozenset({"number", "money"})
# What the parts of a group add up to is what the group comes to.
ADDED = frozenset({Total.COUNT, Total.SUM})
BY_CREATION = "created_at:month"
UNITS: dict[Unit, str | Promise] = {
    Unit.DAY: __("%(field)s, by day"),
    Unit.WEEK: __("%(field)s, by week"),
    Unit.MONTH: __("%(field)s, by month"),
    Unit.QUARTER: __("%(field)s, by quarter"),
    Unit.YEAR: __("%(field)s, by year"),
}
KINDS: dict[Kind, str | Promise] = {Kind.BARS: __("Bars"), Kind.LINES: __("Lines")}


@dataclass(frozen=True)
class Plot:
    """What is drawn."""

    by: By
    series: By | None
    measure: Measure
    kind: Kind

    @property
    def is_time(self) -> bool:
        return self.by.unit is not None

    @property
    def is_added(self) -> bool:
        return self.measure.total in ADDED

    @property
    def parts(self) -> dict[str, str]:
        """As it stands in an address."""
        return {
            "by": by_text(self.by),
            "series": by_text(self.series) if self.series else "",
            "measure": measure_text(self.measure),
            "chart": self.kind.value,
        }


def read_plot(actor: Actor, rtype: RecordType, parts: Mapping[str, str]) -> Plot:
    """Read an address; what it leaves open is what fits most. Raises Invalid, which says what is wrong."""
    hidden = mask(actor, rtype).hidden
    by = read_by(rtype, parts["by"] or usual_by(rtype, hidden), hidden, actor)
    series = read_by(rtype, parts["series"], hidden, actor) if parts["series"] else None
    if series and series.field.slug == by.field.slug:
        series = None
    if series and series.field.type.name in LISTS and by.field.type.name in LISTS:
        words = _("“%(field)s” cannot be split by “%(series)s”: of both a record has several.")
        raise Invalid(words % {"field": by.field.label, "series": series.field.label})
    kind = Kind(parts["chart"]) if parts["chart"] in [*Kind] else Kind.BARS
    return Plot(by, series, _measure(rtype, parts["measure"], hidden), kind)


def usual_by(rtype: RecordType, hidden: Collection[str]) -> str:
    """The first choice that people make of a record; where there is none, when it was created."""
    chosen = (one.slug for one in rtype.all_fields() if one.type.name == "choice" and one.choice_list)
    return next((slug for slug in chosen if slug not in hidden), BY_CREATION)


def _measure(rtype: RecordType, text: str, hidden: Collection[str]) -> Measure:
    if text in ("", Total.COUNT):
        return COUNT
    found = read_measures(rtype, text.split(",", maxsplit=1)[0], hidden)
    if not found or not found[0].field or found[0].total not in measures_of(found[0].field):
        raise Invalid(_("A chart cannot show “%(text)s”.") % {"text": text[:60]})
    return found[0]


def measures_of(field: Field) -> list[Total]:
    """What of a field is a number, so that a chart can show it."""
    numbers = totals_of(field) if field.type.name in OF_NUMBERS else (Total.UNIQUE,)
    return [one for one in MEASURED if one in numbers and one in totals_of(field)]


def by_text(by: By) -> str:
    return f"{by.field.slug}:{by.unit}" if by.unit else by.field.slug


def measure_text(measure: Measure) -> str:
    return f"{measure.field.slug}:{measure.total}" if measure.field else measure.total.value


def measure_words(rtype: RecordType, measure: Measure) -> str:
    """`Number of people`, `Sum of yearly revenue`."""
    if measure.field is None:
        return _("Number of %(what)s") % {"what": rtype.label_plural}
    named = {"total": word_of(measure.total, measure.field), "field": measure.field.label}
    return _("%(field)s: %(total)s") % (named | {"total": named["total"].lower()})


def by_words(by: By) -> str:
    """`Stage`, `Created, by month`."""
    return str(UNITS[by.unit]) % {"field": by.field.label} if by.unit else str(by.field.label)


def choices(actor: Actor, rtype: RecordType, plot: Plot) -> list[dict[str, Any]]:
    """The selects by which another chart is chosen."""
    hidden = mask(actor, rtype).hidden
    created = [field for slug in ("created_at", "changed_at") if (field := rtype.field(slug))]
    fields = [one for one in (*rtype.all_fields(), *created) if one.slug not in hidden]
    ways = [(by_text(by), by_words(by)) for by in _ways(fields)]
    single = [one for one in fields if one.type.name not in LISTS] if plot.by.field.type.name in LISTS else fields
    parts = [(by_text(by), by_words(by)) for by in _ways(single)]
    measures = [(measure_text(COUNT), measure_words(rtype, COUNT))]
    for total in MEASURED:
        made = [Measure(total, one) for one in fields if total in measures_of(one)]
        measures += [(measure_text(one), measure_words(rtype, one)) for one in made]
    kinds = [(kind.value, str(words)) for kind, words in KINDS.items()]
    return [
        _select("measure", _("Show"), measures, plot),
        _select("by", _("by"), ways, plot),
        _select("series", _("split by"), [("", "—"), *parts], plot),
        _select("chart", _("as"), kinds, plot),
    ]


def _ways(fields: Collection[Field]) -> Iterator[By]:
    for one in fields:
        if one.type.name in DATES:
            yield from (By(one, unit) for unit in Unit)
        elif one.type.name in GROUPS:
            yield By(one)


def _select(name: str, label: str, offered: list[tuple[str, str]], plot: Plot) -> dict[str, Any]:
    on = plot.parts[name]
    return {
        "name": name,
        "label": label,
        "options": [{"value": value, "label": words, "on": value == on} for value, words in offered],
    }
