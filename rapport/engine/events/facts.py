"""Facts: what has happened, in the past tense, frozen. A room declares its facts in its `events.py`."""

import dataclasses
import types
import typing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self
from uuid import UUID

if typing.TYPE_CHECKING:
    from rapport.engine.events.models import JournalEntry

FACTS: dict[str, type["Fact"]] = {}
READERS: dict[Any, typing.Callable[[str], Any]] = {
    UUID: UUID,
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


@dataclass(frozen=True)
class Fact:
    """Base of all facts. The first field of a fact is the id of the record it is about.

    `class DealWon(Fact, kind="deal.won", about="sales.deal")` enters the journal as `deal.won`.
    """

    kind: ClassVar[str]
    about_type: ClassVar[str]

    def __init_subclass__(cls, *, kind: str, about: str) -> None:
        known = FACTS.get(kind)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"Two facts are called {kind!r}: {known.__qualname__} and {cls.__qualname__}.")
        cls.kind = kind
        cls.about_type = about
        FACTS[kind] = cls

    @property
    def about_id(self) -> UUID | None:
        first = dataclasses.fields(self)[0]
        value = getattr(self, first.name)
        return value if isinstance(value, UUID) else None

    def values(self) -> dict[str, Any]:
        """All fields but the first, ready for JSON."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)[1:]}

    @classmethod
    def of(cls, entry: "JournalEntry") -> Self:
        """The fact that an entry tells of, its ids, times and numbers as they were. KeyError if they were erased."""
        hints = typing.get_type_hints(cls)
        about, *rest = dataclasses.fields(cls)
        told = {field.name: _typed(hints[field.name], entry.data[field.name]) for field in rest}
        return cls(**{about.name: entry.about_id}, **told)


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _typed(next(part for part in parts if part is not types.NoneType), value)
    if origin in (list, tuple, frozenset):
        return origin(_typed(parts[0], item) for item in value)
    return READERS[hint](value) if hint in READERS else value
