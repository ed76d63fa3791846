"""Whom a record can be shared with: each kind is registered by the room that keeps it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from rapport.engine.records.registry import Words


@dataclass(frozen=True)
class Holders:
    """A kind of holders: what it is called, the names of those that are there, and whom a share with one reaches."""

    kind: str
    label: Words
    names: Callable[[], Mapping[UUID, str]]
    people: Callable[[UUID], Iterable[UUID]]


HOLDERS: dict[str, Holders] = {}


def register_holders(one: Holders) -> None:
    """Add a kind. It can be registered once."""
    if one.kind in HOLDERS:
        raise ValueError(f"Holders {one.kind!r} are registered twice.")
    HOLDERS[one.kind] = one


def holder_names() -> dict[UUID, str]:
    """What every holder is called, of whatever kind."""
    return {key: name for kind in HOLDERS.values() for key, name in kind.names().items()}
