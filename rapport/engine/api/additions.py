"""What rooms above add to the API: addresses of their own, and what the description says of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern

from rapport.engine.events.actor import Actor

Json = dict[str, Any]


@dataclass(frozen=True)
class Addition:
    """Addresses below /api/v1/, with their paths and schemas in the description for an actor."""

    patterns: Sequence[URLPattern]
    paths: Callable[[Actor], Json]
    schemas: Callable[[], Json]


_additions: list[Addition] = []


def add_to_api(addition: Addition) -> None:
    """Add addresses. They stand before those of record types; call this when the room is ready."""
    _additions.append(addition)


def added_patterns() -> Iterable[URLPattern]:
    return [one for addition in _additions for one in addition.patterns]


def added_paths(actor: Actor) -> Json:
    return {path: said for addition in _additions for path, said in addition.paths(actor).items()}


def added_schemas() -> Json:
    return {name: said for addition in _additions for name, said in addition.schemas().items()}
