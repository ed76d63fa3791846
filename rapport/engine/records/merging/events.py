"""Facts of merging, about the survivor."""

from dataclasses import dataclass
from uuid import UUID

from rapport.engine.events.facts import Fact


@dataclass(frozen=True)
class RecordsMerged(Fact, kind="records.merged", about="records.merge"):
    """Others were merged into a record; its type is that of the entry, the others are its subjects."""

    survivor: UUID
    merge: UUID
    count: int


@dataclass(frozen=True)
class RecordsUnmerged(Fact, kind="records.unmerged", about="records.merge"):
    """Records that had been merged into this one stand for themselves again."""

    survivor: UUID
    merge: UUID
    count: int


def about(fact: Fact, journal_type: str) -> Fact:
    """The same fact about a record of this type: which it is, only the records know."""
    object.__setattr__(fact, "about_type", journal_type)
    return fact
