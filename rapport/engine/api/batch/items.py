"""One item of a batch on its way from what was sent to what became of it."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rapport.engine.api.batch.matching import Keys
from rapport.engine.records.values import Values


@dataclass(eq=False)
class Item:
    """`claims` is what no other item written at the same time may have: the same record, the same address."""

    index: int
    values: Values
    keys: Keys = ()
    base_version: int | None = None
    claims: frozenset[Hashable] = frozenset()
    row: Any = None
    was_version: int | None = None

    @property
    def pointer(self) -> str:
        return f"/items/{self.index}"


@dataclass
class Result:
    """What became of an item: created, updated, unchanged, error or conflict."""

    status: str
    id: UUID | None = None
    version: int | None = None
    errors: list[dict[str, Any]] = field(default_factory=list)
    clashes: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"status": self.status, "id": str(self.id) if self.id else None, "errors": self.errors}
        if self.version is not None:
            data["version"] = self.version
        if self.clashes:
            data["clashes"] = self.clashes
        return data
