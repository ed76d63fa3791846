"""Small pieces of a drawing: text that fits, fills that differ without colour, marks with their words and links."""

import unicodedata

from markupsafe import Markup

from rapport.engine.web.charts.model import Chart, Series
from rapport.engine.web.markup import html, joined

SIZE = 12.0  # px, of all text in a chart
LETTER = 0.56  # of the size, an average letter
HUES = 8
SWATCH = 12
GAP = 16
LEGEND_ROW = 22
NAME_ROOM = 180
WIDE = frozenset("WF")
# Upon the colour of each series but the first, cut out of it: seen without colour.
CUTS = (
    "", "M-2 8 8 -2 M4 10 10 4 M-2 2 2 -2", "M0 4H8", "M4 0V8", "M-2 0 8 10 M4 -2 10 4 M-2 6 2 10", "M0 2H8 M0 6H8",
    "M2 0V8 M6 0V8", "M0 4H8 M4 0V8",
)  # fmt: skip
DASHES = ("", "7 4", "2 3", "9 3 2 3", "12 4", "4 4", "1 4", "9 3 2 3 2 3")
SHAPES = (
    "M-4 0A4 4 0 1 0 4 0 4 4 0 1 0-4 0Z", "M-4-4H4V4H-4Z", "M0-5 5 4H-5Z", "M0-5.5 5.5 0 0 5.5-5.5 0Z", "M0 5 5-4H-5Z",
    "M-1.5-5h3v3.5H5v3H1.5V5h-3V1.5H-5v-3H-1.5Z", "M-5-3H5V3H-5Z", "M-3-5H3V5H-3Z",
)  # fmt: skip


def width_of(text: str) -> float:
    """About how wide text is, in px."""
    return sum(SIZE if unicodedata.east_asian_width(one) in WIDE else SIZE * LETTER for one in text)


def fitted(text: str, room: float) -> str:
    """Text, cut where it has no room."""
    if width_of(text) <= room:
        return text
    while text and width_of(text) + SIZE > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def hue(series: Series, index: int) -> str:
    """The class of a series, which gives its colour."""
    return "rest" if series.is_rest else f"k{index % HUES}"


def filled(chart: Chart, index: int, name: str) -> str:
    """What fills the bars of a series."""
    return f"url(#{name}-cut{index})" if _is_cut(chart, index) else "currentColor"


def patterns(chart: Chart, name: str) -> Markup:
    """The fills of series, each with an id of this drawing."""
    made = [
        html(
            '<pattern id="{}-cut{}" class="{}" width="8" height="8" patternUnits="userSpaceOnUse">'
            '<rect width="8" height="8" fill="currentColor"/><path class="cut" d="{}"/></pattern>',
            name, index, hue(one, index), CUTS[index % HUES],
        )
        for index, one in enumerate(chart.series)
        if _is_cut(chart, index)
    ]  # fmt: skip
    return html("<defs>{}</defs>", joined(made)) if made else Markup()


def _is_cut(chart: Chart, index: int) -> bool:
    return len(chart.series) > 1 and bool(CUTS[index % HUES]) and not chart.series[index].is_rest


def mark(chart: Chart, series: Series, index: int, shape: Markup) -> Markup:
    """A shape with its words, which leads to what stands behind it."""
    words, url = chart.words(series, index), series.marks[index].url
    if not url:
        return html('<g class="mark"><title>{}</title>{}</g>', words, shape)
    return html('<a class="mark" href="{}" hx-boost="false"><title>{}</title>{}</a>', url, words, shape)


def text(x: float, y: float, words: str, *, kind: str = "", anchor: str = "start") -> Markup:
    return html(
        '<text x="{}" y="{}" class="{}" text-anchor="{}" aria-hidden="true">{}</text>',
        px(x), px(y), kind, anchor, words,
    )  # fmt: skip


def line(x1: float, y1: float, x2: float, y2: float, *, kind: str = "grid") -> Markup:
    return html('<path class="{}" d="M{} {}L{} {}"/>', kind, px(x1), px(y1), px(x2), px(y2))


def px(place: float) -> str:
    """A place to a tenth of a pixel."""
    return f"{place:.1f}".removesuffix(".0")


def legend(chart: Chart, width: float, name: str) -> tuple[Markup, float]:
    """What each series looks like, in rows, and how high they are; nothing for a single one."""
    if len(chart.series) < 2:
        return Markup(), 0
    made, x, y = [], 0.0, 0.0
    for index, one in enumerate(chart.series):
        words = fitted(one.name, min(NAME_ROOM, width - 2 * SWATCH))
        needed = SWATCH + 6 + width_of(words)
        if x and x + needed > width:
            x, y = 0.0, y + LEGEND_ROW
        made += [_swatch(chart, index, x, y, name), text(x + SWATCH + 6, y + SIZE, words)]
        x += needed + GAP
    return joined(made), y + LEGEND_ROW + 6


def _swatch(chart: Chart, index: int, x: float, y: float, name: str) -> Markup:
    shade = hue(chart.series[index], index)
    if chart.kind == "lines":
        return html(
            '<path class="dot {}" d="{}" transform="translate({} {})"/>',
            shade, SHAPES[index % HUES], px(x + SWATCH / 2), px(y + SIZE - 4),
        )  # fmt: skip
    return html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2" fill="{}"/>',
        shade, px(x), px(y + 1), SWATCH, SWATCH, filled(chart, index, name),
    )  # fmt: skip
