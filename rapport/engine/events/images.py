"""Rows as the journal keeps them: columns by name, in JSON, and back."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from rapport.engine.events.columns import Column, column_named, columns_of
from rapport.engine.events.models.journaled import Journaled

Image = dict[str, Any]


def type_name(model: type[models.Model]) -> str:
    """The name of a table in the journal: `customers.person`."""
    return model._meta.label_lower


def written(row: Journaled, columns: Iterable[Column]) -> Image:
    """The values of these columns as JSON. The row itself gets them as the database will hold them."""
    values = row.__dict__
    told: Image = {}
    for column in columns:
        name = column.name
        value = values[name]
        if value is not None:
            if type(value) is not column.kind:
                value = values[name] = column.clean(value)
            if column.encode is not None:
                value = column.encode(value)
        told[name] = value
    return told


def image(row: Journaled) -> Image:
    """All columns of a row that say something and that the journal keeps."""
    columns = columns_of(type(row))
    return without_empty(columns, written(row, columns))


def without_empty(columns: Iterable[Column], told: Image) -> Image:
    """Only what says something and what the journal keeps, of all that is written."""
    return {
        column.name: value
        for column in columns
        if column.kept and (value := told[column.name]) != column.empty and value is not None
    }


def difference(before: Image, after: Image) -> tuple[Image, Image]:
    """Only the columns that differ, on both sides; a value that went or came stands as None."""
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return {name: before.get(name) for name in changed}, {name: after.get(name) for name in changed}


def values_of(model: type[Journaled], kept: Mapping[str, Any]) -> dict[str, Any]:
    """What an image says, as Python values; None empties a column in the way its type is empty."""
    return {name: column_named(model, name).value(value) for name, value in kept.items()}
