"""A chart as SVG of a given width: the frame with its words, and in it bars along the page, columns or lines."""

from markupsafe import Markup

from rapport.engine.web.charts.bars import bars
from rapport.engine.web.charts.columns import columns
from rapport.engine.web.charts.model import Chart, Kind
from rapport.engine.web.charts.pieces import legend, patterns, px
from rapport.engine.web.markup import html


def svg(chart: Chart, *, width: int = 1000, name: str = "chart") -> Markup:
    """Draw a chart so many px wide. `name` tells its ids from those of other drawings on the page.

    Where marks are links it is a group, for an image would hide them from those who listen.
    """
    draw = bars if chart.kind is Kind.BARS and not chart.is_time else columns
    explained, above = legend(chart, width, name)
    drawn, height = draw(chart, width, name)
    return html(
        '<svg class="drawing" role="{}" aria-labelledby="{}-title" aria-describedby="{}-about" width="{}" height="{}"'
        ' viewBox="0 0 {} {}"><title id="{}-title">{}</title><desc id="{}-about">{}</desc>{}'
        '{}<g transform="translate(0 {})">{}</g></svg>',
        "group" if chart.has_links else "img", name, name, width, px(above + height), width, px(above + height),
        name, chart.title, name, chart.about, patterns(chart, name), explained, px(above), drawn,
    )  # fmt: skip
