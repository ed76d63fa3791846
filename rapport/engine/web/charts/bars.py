"""Bars along the page, one row for each label: names of any length stay readable, on a phone too."""

from collections.abc import Iterator
from decimal import Decimal

from markupsafe import Markup

from rapport.engine.web.charts.model import Amount, Chart
from rapport.engine.web.charts.pieces import filled, fitted, hue, line, mark, px, text, width_of
from rapport.engine.web.charts.scale import Scale, ticks
from rapport.engine.web.markup import html, joined

LABELS = 0.34  # of the width at most
BAR, THIN, BETWEEN = 20, 12, 12
AXIS = 24
GAP = 8
TICK_ROOM = 90
LEAST = 1.5  # px: what is not zero is seen


def bars(chart: Chart, width: int, name: str) -> tuple[Markup, float]:
    """The bars with their axis, and how high they are."""
    left = min(max(map(width_of, chart.labels), default=0) + GAP, width * LABELS)
    right = width - max((width_of(chart.format(value)) for value in _ends(chart)), default=0) - GAP
    low, high = chart.extent()
    before = max((width_of(chart.format(value)) for value in _ends(chart) if value < 0), default=0)
    start = left + (before + GAP if low < 0 else 0)
    about = max(2, int((right - start) / TICK_ROOM))
    scale = Scale(ticks(low, high, about=about, whole=chart.whole), start, right)
    row = (BAR if _is_one_bar(chart) else THIN * len(chart.series)) + BETWEEN
    height = row * len(chart.labels)
    rows = [
        part
        for index, label in enumerate(chart.labels)
        for part in (
            text(left - GAP, index * row + row / 2 + 4, fitted(label, left - GAP), kind="name", anchor="end"),
            *_row(chart, index, index * row + BETWEEN / 2, scale, name),
        )
    ]
    return joined([*_grid(chart, scale, height), *rows]), height + AXIS


def _is_one_bar(chart: Chart) -> bool:
    return chart.is_stacked or len(chart.series) < 2


def _ends(chart: Chart) -> list[Amount]:
    """The values that are written beside their bars."""
    return [chart.sum_at(index) for index in range(len(chart.labels))] if chart.is_stacked else chart.values


def _grid(chart: Chart, scale: Scale, height: float) -> Iterator[Markup]:
    for tick in scale.ticks:
        x = scale.at(tick)
        yield line(x, 0, x, height, kind="zero" if tick == 0 else "grid")
        yield text(x, height + 16, chart.short(tick), kind="tick", anchor="middle")


def _row(chart: Chart, index: int, top: float, scale: Scale, name: str) -> Iterator[Markup]:
    begun: Amount = Decimal(0)
    thick = BAR if _is_one_bar(chart) else THIN
    for place, one in enumerate(chart.series):
        value = one.marks[index].value
        y = top if _is_one_bar(chart) else top + place * THIN
        if value is not None and (value or not chart.is_stacked):
            start, end = scale.at(begun), scale.at(begun + value)
            shape = html(
                '<rect class="bar {}" x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
                hue(one, place), px(min(start, end)), px(y), px(max(abs(end - start), LEAST if value else 0)),
                thick - (0 if _is_one_bar(chart) else 2), filled(chart, place, name),
            )  # fmt: skip
            yield mark(chart, one, index, shape)
            if chart.is_stacked:
                begun += value
            else:
                yield _value(chart, value, end, y + thick / 2 + 4)
    if chart.is_stacked:
        yield _value(chart, begun, scale.at(begun), top + BAR / 2 + 4)


def _value(chart: Chart, value: Amount, end: float, y: float) -> Markup:
    if value < 0:
        return text(end - 6, y, chart.format(value), kind="value", anchor="end")
    return text(end + 6, y, chart.format(value), kind="value")
