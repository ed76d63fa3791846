"""Rows that lie under others of their own table, as companies do: no undo leaves one above itself."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from rapport.engine.events.models.journaled import Journaled
from rapport.engine.events.turns import take_turns

UP = """
WITH RECURSIVE up(root, above) AS (
    SELECT id, {column} FROM {table} WHERE id = ANY(%s) AND {column} IS NOT NULL
    UNION SELECT up.root, t.{column} FROM up JOIN {table} t ON t.id = up.above WHERE t.{column} IS NOT NULL
) SELECT EXISTS (SELECT FROM up WHERE above = root)
"""


class AboveItself(Exception):
    """What was to be put back would make a circle."""


@dataclass(frozen=True)
class Hierarchy:
    """The column that says what a row lies under, and the turn that whoever changes it waits for."""

    column: str
    turn: str


# The hierarchy of the rows that stand under this name in the journal, or nothing. Filled by rooms above.
Finder = Callable[[str], Hierarchy | None]
hierarchies: list[Finder] = []


def hierarchy_of(about_type: str) -> Hierarchy | None:
    return next((found for find in hierarchies if (found := find(about_type))), None)


def await_turn(hierarchy: Hierarchy | None, changed: Iterable[Collection[str]]) -> bool:
    """Whether any of these changes moves a row within its hierarchy; whoever else moves one waits from then on."""
    if hierarchy is None or not any(hierarchy.column in names for names in changed):
        return False
    take_turns(hierarchy.turn)
    return True


def refuse_circle(model: type[Journaled], hierarchy: Hierarchy, keys: Collection[UUID]) -> None:
    """Raise AboveItself if any of these rows, as they stand now, lies under itself."""
    quote = connection.ops.quote_name
    statement = UP.format(table=quote(model._meta.db_table), column=quote(hierarchy.column))
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(keys)])
        if cursor.fetchone()[0]:
            raise AboveItself
