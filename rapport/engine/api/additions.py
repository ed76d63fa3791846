"""Addresses of the API that rooms above this one add, each with its description."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern

from rapport.engine.events.actor import Actor

Json = dict[str, Any]


@dataclass(frozen=True)
class Addition:
    """Addresses below /api/v1/, and what the description says of them to an actor."""

    routes: Sequence[URLPattern]
    paths: Callable[[Actor], Json]
    schemas: Callable[[], Json]


ADDITIONS: list[Addition] = []


def add_addresses(addition: Addition) -> None:
    """Add addresses. To be called while the rooms are made ready, before the first request."""
    ADDITIONS.append(addition)


def added_routes() -> list[URLPattern]:
    return [route for addition in ADDITIONS for route in addition.routes]


def added_paths(actor: Actor) -> Json:
    return {path: said for addition in ADDITIONS for path, said in addition.paths(actor).items()}


def added_schemas() -> Json:
    return {name: schema for addition in ADDITIONS for name, schema in addition.schemas().items()}
