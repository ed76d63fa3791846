"""Rows as the journal keeps them: columns by name, in JSON, and back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from rapport.engine.events.columns import Column, Turn, column_named, columns_of
from rapport.engine.events.models.journaled import Journaled

Image = dict[str, Any]
Turns = tuple[str, type | None, Turn | None, Turn | None]


def type_name(model: type[models.Model], kind: str = "") -> str:
    """The name of a type in the journal: `customers.person`, or `records.thing:projects` where types share a table."""
    return f"{model._meta.label_lower}:{kind}" if kind else model._meta.label_lower


def table_of(name: str) -> str:
    """The table of a type as the journal names it."""
    return name.partition(":")[0]


def names_of(rows: Sequence[Journaled]) -> list[str]:
    """The names in the journal of rows of one table, one or more."""
    model = type(rows[0])
    if not model.kind_column:
        return [type_name(model)] * len(rows)
    return [type_name(model, getattr(row, model.kind_column)) for row in rows]


def written(rows: Sequence[Journaled], columns: Iterable[Column]) -> list[Image]:
    """What these columns hold, as it is sent, by row. The rows get the values as the database will hold them."""
    turns = [(column.name, column.kind, column.clean, column.send) for column in columns]
    return [_turned(row.__dict__, turns) for row in rows]


def image(row: Journaled) -> Image:
    """All columns of a row that say something and that the journal keeps, as JSON."""
    columns = columns_of(type(row))
    turns = [(column.name, column.kind, column.clean, column.encode) for column in columns]
    return without_empty(columns, [_turned(row.__dict__, turns)])[0]


def without_empty(columns: Iterable[Column], told: Iterable[Image]) -> list[Image]:
    """Only what says something and what the journal keeps, of all that is written."""
    empty = {column.name: column.empty for column in columns if column.kept}
    return [
        {name: value for name, value in values.items() if name in empty and value != empty[name]} for values in told
    ]


def _turned(values: dict[str, Any], turns: Sequence[Turns]) -> Image:
    told: Image = {}
    for name, kind, clean, turn in turns:
        value = values[name]
        if value is None:
            continue
        if clean is not None and type(value) is not kind:
            value = values[name] = clean(value)
        told[name] = value if turn is None else turn(value)
    return told


def difference(before: Image, after: Image) -> tuple[Image, Image]:
    """Only the columns that differ, on both sides; a value that went or came stands as None."""
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return {name: before.get(name) for name in changed}, {name: after.get(name) for name in changed}


def values_of(model: type[Journaled], kept: Mapping[str, Any]) -> dict[str, Any]:
    """What an image says, as Python values; None empties a column in the way its type is empty."""
    return {name: column_named(model, name).value(value) for name, value in kept.items()}
