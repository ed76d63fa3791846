"""Scales and drawings, from plain numbers."""

import re
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.engine.web.charts import Chart, Kind, Mark, Series, svg
from rapport.engine.web.charts.pieces import fitted, width_of
from rapport.engine.web.charts.scale import Scale, every, ticks
from rapport.engine.web.tests.contrast import contrast, tokens

AMOUNTS = st.decimals(min_value=-(10**30), max_value=10**30, places=4, allow_nan=False, allow_infinity=False)


@given(AMOUNTS, AMOUNTS, st.integers(2, 12), st.booleans())
def test_ticks_are_round_even_and_hold_everything_and_zero(one, other, about, whole):
    low, high = min(one, other), max(one, other)
    found = ticks(low, high, about=about, whole=whole)
    assert found[0] <= min(low, 0)
    assert found[-1] >= max(high, 0)
    assert 0 in found
    assert 2 <= len(found) <= about + 3
    steps = {after - before for before, after in pairwise(found)}
    assert len(steps) == 1
    (step,) = steps
    assert str(step.normalize().as_tuple().digits) in {"(1,)", "(2,)", "(5,)"}
    assert not whole or step == step.to_integral_value()


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_scale_keeps_the_order_and_stays_within(one, other, third):
    low, middle, high = sorted((one, other, third))
    scale = Scale(ticks(low, high), 10, 200)
    assert 10 <= scale.at(low) <= scale.at(middle) <= scale.at(high) <= 200


@given(st.integers(0, 400), st.floats(50, 2000), st.floats(5, 150))
def test_labels_that_are_written_have_room(count, room, needed):
    step = every(count, room, needed)
    assert step >= 1
    assert count == 0 or step >= count or room / count * step >= needed


@given(st.text(max_size=60), st.floats(20, 300))
def test_text_is_cut_to_its_room(words, room):
    assert width_of(fitted(words, room)) <= max(room, 13)


def made(kind=Kind.BARS, *rows, **more):
    series = [Series(f"Series {index}", [Mark(value) for value in row]) for index, row in enumerate(rows)]
    labels = [f"Label {index}" for index in range(len(rows[0]) if rows else 0)]
    return Chart(kind=kind, title="T <i>", about="D", labels=labels, series=series, format=str, short=str, **more)


@pytest.mark.parametrize("width", [350, 620, 1000])
@pytest.mark.parametrize("is_time", [True, False])
@pytest.mark.parametrize("kind", [*Kind])
@pytest.mark.parametrize(
    "rows",
    [[[]], [[0]], [[5]], [[None]], [[-3, 4]], [[-3, -4]], [[1, None, 10**30]], [[1, 2], [3, 4], [0, 1]], [[1] * 99]],
)
def test_every_chart_is_sound_and_stays_on_its_sheet(kind, is_time, rows, width):
    drawing = ElementTree.fromstring(svg(made(kind, *rows, is_time=is_time, stacked=True), width=width))  # noqa: S314  our own
    height = float(drawing.get("height"))
    assert drawing.get("role") == "img"
    assert drawing.find("title").text == "T <i>"
    for bar in drawing.iter("rect"):
        if bar.get("class", "").startswith("bar"):
            x, y, wide, tall = (float(bar.get(name)) for name in ("x", "y", "width", "height"))
            assert 0 <= x <= x + wide <= width + 0.2
            assert 0 <= y <= y + tall <= height + 0.2


def bars_of(drawing, side):
    return [float(found) for found in re.findall(rf'class="bar [^>]* {side}="([\d.]+)"', drawing)]


def test_bars_are_as_long_as_their_values_from_zero():
    wide = bars_of(svg(made(Kind.BARS, [10, 20, -5, 0])), "width")
    assert wide[1] == pytest.approx(2 * wide[0], abs=0.2)
    assert wide[2] == pytest.approx(wide[0] / 2, abs=0.2)
    assert wide[3] == 0
    tall = bars_of(svg(made(Kind.BARS, [10, 20, -5], is_time=True)), "height")
    assert tall == pytest.approx([tall[0], 2 * tall[0], tall[0] / 2], abs=0.2)


def test_parts_of_a_whole_lie_end_to_end_and_negative_ones_beside_each_other():
    drawing = svg(made(Kind.BARS, [1], [3], stacked=True))
    (first, second), (x, beside) = bars_of(drawing, "width"), bars_of(drawing, "x")
    assert second == pytest.approx(3 * first, abs=0.3)
    assert beside == pytest.approx(x + first, abs=0.2)
    assert not made(Kind.BARS, [1], [-3], stacked=True).is_stacked
    assert made(Kind.LINES, [1], [3], stacked=True).extent() == (1, 3)


def test_each_mark_says_its_value_and_leads_on():
    chart = Chart(
        kind=Kind.LINES, title="T", about="D", labels=["May"], format=lambda value: f"{value} EUR", short=str,
        series=[Series("A & B", [Mark(Decimal("1.5"), "/x?a=1&b=2")]), Series("C", [Mark(None)])], is_time=True,
    )  # fmt: skip
    drawing = svg(chart)
    root = ElementTree.fromstring(drawing)  # noqa: S314  our own
    assert root.get("role") == "group"
    (link,) = root.iter("a")
    assert link.get("href") == "/x?a=1&b=2"
    assert link.find("title").text == "May, A & B: 1.5 EUR"
    assert "style=" not in drawing


def test_series_differ_by_more_than_colour():
    rows = [[index + 1] for index in range(8)]
    cuts = re.findall(r'class="cut" d="([^"]*)"', svg(made(Kind.BARS, *rows)))
    assert len(set(cuts)) == len(cuts) == 7
    dots = re.findall(
        r'class="dot k\d" d="([^"]*)" transform="translate\(\S+ \S+\)"/></g>', svg(made(Kind.LINES, *rows))
    )
    assert len(set(dots)) == 8


def test_a_line_is_broken_where_there_is_no_value():
    path = re.search(r'class="line k0" d="([^"]*)"', svg(made(Kind.LINES, [1, None, 2, 3]))).group(1)
    assert path.count("M") == 2
    assert path.count("L") == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_series_stand_out_from_the_sheet(theme):
    known = tokens(theme)
    weak = {name: contrast(colour, known["sheet"]) for name, colour in known.items() if name.startswith("series-")}
    assert len(weak) == 9
    assert min(weak.values()) >= 3, weak
