"""Statements that answer nothing, sent without waiting for them: PostgreSQL works while Python goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def pipelined() -> Iterator[None]:
    """Within, a statement is sent and not waited for until something is read, or the block ends.

    What it raises comes with that, too, and how many rows it changed nobody learns: `update()` and
    `save(update_fields=…)` have no place here. Outside a transaction the block is one.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
