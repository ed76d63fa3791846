"""A list as a chart: its records counted or summed by a field, and the same numbers as a table."""

from collections.abc import Callable
from typing import Any

from babel.numbers import format_compact_currency, format_compact_decimal
from django.http import HttpRequest
from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.gate import may
from rapport.engine.records.queries.summing import Measure, Total
from rapport.engine.web import formatting
from rapport.engine.web.charts import Chart, Mark, Series, svg
from rapport.engine.web.choosing import house_currency
from rapport.engine.web.figures import Figures, figures
from rapport.engine.web.leading import leads, url_behind, url_without
from rapport.engine.web.naming import label_of, short_label
from rapport.engine.web.plotting import Plot, by_words, choices, measure_words, read_plot
from rapport.engine.web.totals import COUNTED, shown
from rapport.engine.web.views.finding import actor_of
from rapport.engine.web.views.listed import Listed

WIDTHS = {"wide": 1000, "middle": 620, "narrow": 350}


def chart(request: HttpRequest, asked: Listed) -> dict[str, Any]:
    """The drawing at the widths of three kinds of screens, the table, and what else could be drawn."""
    actor = actor_of(request)
    empty: dict[str, Any] = {"rows": [], "fault": "", "previous_url": None, "next_url": None}
    empty["reset_url"] = asked.url(by="", series="", measure="", chart="")
    if asked.error:
        return empty
    try:
        plot = read_plot(actor, asked.rtype, asked.parts)
        found = figures(actor, asked, plot)
    except Invalid as error:
        return empty | {"rows": [error], "fault": str(error)}
    if not any(one.filled or one.value for one in found.sums.values()) and not asked.rows.exists():
        return empty
    drawn = chart_of(asked, plot, found)
    return empty | {
        "rows": [found],
        "title": drawn.title,
        "drawings": [(name, svg(drawn, width=width, name=f"chart-{name}")) for name, width in WIDTHS.items()],
        "notes": [*found.notes, *_more_notes(plot, found)],
        "table": table_of(asked, plot, found),
        "selects": choices(actor, asked.rtype, plot),
        "chart_kept": asked.kept("by", "series", "measure", "chart"),
        "without": _without(asked, plot, found),
        "is_drawn": bool(drawn.values),
        "numbers_url": _numbers_url(asked) if may(actor, asked.rtype, "export") and not asked.deleted else "",
    }


def chart_of(asked: Listed, plot: Plot, found: Figures) -> Chart:
    """The numbers as `charts` draws them."""
    title = chart_title(asked, plot)
    write = writer(plot.measure)
    series = [
        Series(
            head.label,
            [
                Mark(found.value(row, column), url_behind(asked, plot, found, row, column))
                for row in range(len(found.rows))
            ],
            is_rest=head.is_rest,
        )
        for column, head in enumerate(found.columns)
    ]
    return Chart(
        kind=plot.kind, title=title, about=_("The same numbers stand in a table below."),
        labels=[one.label for one in found.rows], series=series, format=write, short=_short(plot.measure),
        short_labels=[short_label(plot.by, one.key) for one in found.rows] if plot.is_time else (),
        is_time=plot.is_time, stacked=plot.is_added, whole=plot.measure.total in COUNTED,
    )  # fmt: skip


def chart_title(asked: Listed, plot: Plot) -> str:
    """`Number of people: stage · source`."""
    words = {"measure": measure_words(asked.rtype, plot.measure), "by": by_words(plot.by)}
    if plot.series is None:
        return _("%(measure)s · %(by)s") % words
    return _("%(measure)s · %(by)s · %(series)s") % (words | {"series": by_words(plot.series)})


def table_of(asked: Listed, plot: Plot, found: Figures) -> dict[str, Any]:
    """The numbers as texts, each with what stands behind it."""
    write, rows = writer(plot.measure), range(len(found.rows))
    single = measure_words(asked.rtype, plot.measure)
    return {
        "corner": by_words(plot.by),
        "heads": [one.label or single for one in found.columns],
        "rows": [
            (
                found.rows[row].label,
                [
                    (write(found.value(row, column)), url_behind(asked, plot, found, row, column))
                    for column in range(len(found.columns))
                ],
            )
            for row in rows
        ],
    }


def writer(measure: Measure) -> Callable[[Any], str]:
    """How a value of a measure is written in full."""
    if measure.field is None:
        return formatting.number
    slug = measure.field.slug
    return lambda value: shown([measure], [value, 0])[slug].text


def _short(measure: Measure) -> Callable[[Any], str]:
    """How a value is written on an axis: `1.2K`, as the reader shortens."""
    where = formatting.locale()
    if measure.field and measure.field.type.name == "money" and measure.total is not Total.UNIQUE:
        currency = house_currency()
        return lambda value: format_compact_currency(value, currency, locale=where, fraction_digits=1)
    return lambda value: format_compact_decimal(value, locale=where, fraction_digits=1)


def _more_notes(plot: Plot, found: Figures) -> list[str]:
    for by, heads in ((plot.by, found.rows), (plot.series, found.columns)):
        if by and not all(leads(by, one.key) for one in heads):
            return [
                _("The numbers go by the first of several “%(field)s”; a filter asks any, so they lead to no list.")
                % {"field": by.field.label}
            ]
    return []


def _without(asked: Listed, plot: Plot, found: Figures) -> dict[str, str]:
    """What has no place in time, and the list of it: `No birthday: 12`."""
    if found.without is None:
        return {}
    words = {"label": label_of(plot.by, None, {}), "value": writer(plot.measure)(found.without.value)}
    return {"text": _("%(label)s: %(value)s") % words, "url": url_without(asked, plot)}


def _numbers_url(asked: Listed) -> str:
    return asked.url_of("web:chart-numbers")
