"""Columns and lines: labels from left to right, as time goes, values upwards."""

from collections.abc import Iterator
from decimal import Decimal

from markupsafe import Markup

from rapport.engine.web.charts.model import Amount, Chart, Kind, Series
from rapport.engine.web.charts.pieces import DASHES, HUES, SHAPES, filled, fitted, hue, line, mark, px, text, width_of
from rapport.engine.web.charts.scale import Scale, every, ticks
from rapport.engine.web.markup import html, joined

HEIGHT, LOW_HEIGHT, NARROW = 320, 240, 500
TOP, AXIS = 18, 26
LABEL_ROOM = 96
LEAST = 1.5
THICKEST = 64
BETWEEN = 0.25  # of the room of a column
MANY_DOTS = 60


def columns(chart: Chart, width: int, name: str) -> tuple[Markup, float]:
    """The columns or lines with their axes, and how high they are."""
    height = LOW_HEIGHT if width < NARROW else HEIGHT
    low, high = chart.extent()
    marks = ticks(low, high, about=4 if width < NARROW else 6, whole=chart.whole)
    left = max(width_of(chart.short(tick)) for tick in marks) + 10
    scale = Scale(marks, height - AXIS, TOP)
    band = (width - left) / max(len(chart.labels), 1)
    draw = _lines if chart.kind is Kind.LINES else _columns
    drawn = [*_grid(chart, scale, left, width), *_names(chart, left, band, width, height)]
    return joined([*drawn, *draw(chart, scale, left, band, name)]), height


def _grid(chart: Chart, scale: Scale, left: float, width: float) -> Iterator[Markup]:
    for tick in scale.ticks:
        y = scale.at(tick)
        yield line(left, y, width, y, kind="zero" if tick == 0 else "grid")
        yield text(left - 8, y + 4, chart.short(tick), kind="tick", anchor="end")


def _names(chart: Chart, left: float, band: float, width: float, height: float) -> Iterator[Markup]:
    """As many labels as have room."""
    shown = [fitted(label, LABEL_ROOM) for label in chart.short_labels or chart.labels]
    step = every(len(shown), width - left, max(map(width_of, shown), default=0) + 12)
    for index in range(0, len(shown), step):
        half = width_of(shown[index]) / 2
        x = min(max(left + band * (index + 0.5), half), width - half)
        yield text(x, height - 6, shown[index], kind="tick", anchor="middle")


def _columns(chart: Chart, scale: Scale, left: float, band: float, name: str) -> Iterator[Markup]:
    side_by_side = 1 if chart.is_stacked else max(len(chart.series), 1)
    room = min(band * (1 - BETWEEN), THICKEST * side_by_side)
    for index in range(len(chart.labels)):
        begun: Amount = Decimal(0)
        for place, one in enumerate(chart.series):
            value = one.marks[index].value
            if value is None:
                continue
            column = 0 if chart.is_stacked else place
            x = left + band * index + (band - room) / 2 + room / side_by_side * column
            start, end = scale.at(begun), scale.at(begun + value)
            tall = max(abs(start - end), LEAST if value else 0)
            shape = html(
                '<rect class="bar {}" x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
                hue(one, place), px(x), px(min(start, end)), px(max(room / side_by_side, 0.5)), px(tall),
                filled(chart, place, name),
            )  # fmt: skip
            yield mark(chart, one, index, shape) if value else Markup()
            begun = begun + value if chart.is_stacked else Decimal(0)
        yield from _above(chart, index, scale, left + band * (index + 0.5), band)


def _above(chart: Chart, index: int, scale: Scale, x: float, band: float) -> Iterator[Markup]:
    """The value over its column, where there is one for the label and room for it."""
    one = chart.series[0].marks[index].value if len(chart.series) == 1 else None
    value = chart.sum_at(index) if chart.is_stacked else one
    if value and value > 0 and width_of(chart.short(value)) < band:
        yield text(x, scale.at(value) - 5, chart.short(value), kind="value", anchor="middle")


def _lines(chart: Chart, scale: Scale, left: float, band: float, name: str) -> Iterator[Markup]:
    for place, one in enumerate(chart.series):
        yield html(
            '<path class="line {}" d="{}" stroke-dasharray="{}"/>',
            hue(one, place), _path(one, scale, left, band), DASHES[place % HUES] or "none",
        )  # fmt: skip
    smaller = "scale(.5)" if len(chart.labels) > MANY_DOTS else ""
    for place, one in enumerate(chart.series):
        for index, shown in enumerate(one.marks):
            if shown.value is None:
                continue
            x, y = px(left + band * (index + 0.5)), px(scale.at(shown.value))
            shape = html(
                '<path class="dot {}" d="{}" transform="translate({} {}){}"/>',
                hue(one, place), SHAPES[place % HUES], x, y, smaller,
            )  # fmt: skip
            yield mark(chart, one, index, shape)


def _path(series: Series, scale: Scale, left: float, band: float) -> str:
    """Through all values, broken where there is none."""
    steps, is_on = [], False
    for index, shown in enumerate(series.marks):
        if shown.value is not None:
            place = f"{px(left + band * (index + 0.5))} {px(scale.at(shown.value))}"
            steps.append(f"{'L' if is_on else 'M'}{place}")
        is_on = shown.value is not None
    return "".join(steps)
