"""The numbers of a chart as a file."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from rapport.engine.records.errors import Invalid
from rapport.engine.records.exports.export import note_chart
from rapport.engine.records.exports.writing import as_csv
from rapport.engine.records.gate import within_reach
from rapport.engine.web.figures import figures
from rapport.engine.web.plotting import by_words, measure_words, read_plot
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.listed import listed
from rapport.engine.web.views.toasts import warn


@require_safe
def chart_numbers(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The table of a chart as CSV, over the records that the reader may take out of the house."""
    rtype, actor = find_type(request, slug, "export"), actor_of(request)
    asked = listed(request, rtype)
    try:
        if asked.error:
            raise Invalid(asked.error.message)
        plot = read_plot(actor, rtype, asked.parts)
        found = figures(actor, asked, plot, within_reach(actor, rtype, "export", asked.rows.all()))
    except Invalid as error:
        warn(request, str(error))
        return redirect(asked.url(layout=""))
    note_chart(actor, rtype, asked.where, rows=len(found.rows))
    single = measure_words(rtype, plot.measure)
    header = [by_words(plot.by), *(one.label or single for one in found.columns)]
    lines = [
        [head.label, *(_plain(found.value(row, column)) for column in range(len(found.columns)))]
        for row, head in enumerate(found.rows)
    ]
    answer = HttpResponse(b"".join(as_csv(header, [lines])), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{rtype.slug}-chart.csv"'
    return answer


def _plain(value: object) -> str:
    """A number as every program reads it."""
    return "" if value is None else f"{value:f}" if hasattr(value, "normalize") else str(value)
