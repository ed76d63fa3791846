"""Arguments of a job between Python and the JSON in its row: plain JSON values and identifiers."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints
from uuid import UUID


def bind(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments by name, as JSON. Raises TypeError at once when they do not fit the function."""
    _progress, *parameters = inspect.signature(function).parameters.values()
    bound = inspect.Signature(parameters).bind(*args, **kwargs)
    return {name: str(value) if isinstance(value, UUID) else value for name, value in bound.arguments.items()}


def restore(function: Callable[..., Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as the function wants them: identifiers where it says UUID."""
    hints = get_type_hints(function)
    return {
        name: UUID(value) if value is not None and hints.get(name) in (UUID, UUID | None) else value
        for name, value in arguments.items()
    }
