"""Statements whose plan is kept: for reads that every page makes and whose best plan is the same whatever is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

AFTER = 3  # times that a connection sees a statement before it keeps the plan


@contextmanager
def prepared() -> Iterator[None]:
    """Within, each statement is planned once for each connection: planning is most of what such reads cost.

    Not for filters and searches. PostgreSQL may settle on one plan for all values, and what is best for a rare value
    is worst for a common one.
    """
    connection.ensure_connection()
    link = connection.connection
    before, link.prepare_threshold = link.prepare_threshold, AFTER
    try:
        yield
    finally:
        link.prepare_threshold = before
