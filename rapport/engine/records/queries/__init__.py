"""Reads that every list needs: a page by keyset, a count with a cap, labels of what rows point at."""

from rapport.engine.records.queries.counting import Count, count
from rapport.engine.records.queries.labels import Label, labels
from rapport.engine.records.queries.listing import BadCursor, Order, Page, page, page_or_first, parse_order

__all__ = [
    "BadCursor", "Count", "Label", "Order", "Page", "count", "labels", "page", "page_or_first", "parse_order",
]  # fmt: skip
