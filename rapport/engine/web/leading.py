"""From a number of a chart to the list behind it: its filter, narrowed to exactly the records that were counted."""

from collections.abc import Iterator
from typing import Any

from rapport.engine.records.fields.entries import Entries
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import Leaf, Op, both
from rapport.engine.records.filters.values import Value
from rapport.engine.records.queries.summing import LISTS, By
from rapport.engine.web.figures import Figures, Head
from rapport.engine.web.grouping import Grouping, group_filter
from rapport.engine.web.plotting import Plot
from rapport.engine.web.views.listed import Listed


def url_behind(asked: Listed, plot: Plot, found: Figures, row: int, column: int) -> str:
    """The list of the records that a number counts; empty where no filter says exactly these."""
    where = _narrowed(found, asked.where, plot.by, found.rows, row)
    if where and plot.series:
        where = _narrowed(found, where, plot.series, found.columns, column)
    return asked.url(where=where, layout="") if where else ""


def url_without(asked: Listed, plot: Plot) -> str:
    """The list of the records that have no place on an axis of time."""
    where = group_filter(asked.where, Grouping(plot.by, falls=False), None)
    return asked.url(where=where, layout="") if where else ""


def leads(by: By, key: Any) -> bool:
    """Whether a filter can say it: of several e-mails it asks any, a chart goes by the first."""
    return key is None or not isinstance(by.field.type, Entries)


def _narrowed(found: Figures, where: str, by: By, heads: list[Head], place: int) -> str:
    head = heads[place]
    if head.is_rest:
        return _readable(_besides(where, by, heads))
    if head.key in found.spelled or not leads(by, head.key):
        return ""
    return _readable(group_filter(where, Grouping(by, falls=False), head.key))


def _besides(where: str, by: By, heads: list[Head]) -> str:
    """What has a value, but none of those that are shown."""
    if by.field.type.name in LISTS or isinstance(by.field.type, Entries):
        return ""
    shown = list(_values(by, heads))
    if len(shown) < sum(not one.is_rest and one.key is not None for one in heads):
        return ""
    path = (by.field.slug,)
    return to_text(both(parse(where), Leaf(path, Op.NOT_IN, tuple(shown)), Leaf(path, Op.FILLED)))


def _values(by: By, heads: list[Head]) -> Iterator[Value]:
    for one in heads:
        if not one.is_rest and one.key is not None:
            text = group_filter("", Grouping(by, falls=False), one.key)
            node = parse(text) if text else None
            if isinstance(node, Leaf):
                yield from node.values


def _readable(text: str) -> str:
    """The filter, if a list takes one so long."""
    try:
        parse(text)
    except FilterError:
        return ""
    return text
