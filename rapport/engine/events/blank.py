"""New rows, all columns at their defaults. Calling the model says the same at four times the cost."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.db.models.base import ModelState

from rapport.engine.events.models.journaled import Journaled

Row = TypeVar("Row", bound=Journaled)


def blank(model: type[Row]) -> Row:
    """A new row that is in no table yet."""
    values, makers = _defaults(model)
    row = model.__new__(model)
    row.__dict__.update(values)
    row.__dict__.update({name: make() for name, make in makers})
    row._state = ModelState()
    return row


@cache
def _defaults(model: type[Journaled]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """The defaults that are values, and what makes those that each row has of its own; generated columns have none."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    own = [field for field in fields if field.has_default() and callable(field.default)]
    return (
        {field.attname: field.get_default() for field in fields if field not in own},
        [(field.attname, field.default) for field in own],
    )
