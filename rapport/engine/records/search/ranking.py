"""Which of the candidates of one tier come first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapport.engine.records.search.asking import Question


@dataclass(frozen=True)
class Hit:
    """A document that matched, and the record it is shown as."""

    record_type: str
    record_id: UUID
    shown_type: str
    shown_id: UUID
    tier: int


def ranked(candidates: Iterable[Mapping[str, Any]], question: Question, me: UUID | None, tier: int) -> list[Hit]:
    """Candidates in order: how well the name fits, then one's own, then the most recently changed."""
    asked = [word for word in question.plain_words if word]

    def order(row: Mapping[str, Any]) -> tuple[Any, ...]:
        known = row["names"].split()
        whole = sum(word in known for word in asked)
        begun = sum(any(one.startswith(word) for one in known) for word in asked)
        is_own = me is not None and row["owner_id"] == me
        return (
            row["names"] != question.text,
            -whole,
            -begun,
            not is_own,
            -row["changed_at"].timestamp(),
        )

    return [_hit(row, tier) for row in sorted(candidates, key=order)]


def _hit(row: Mapping[str, Any], tier: int) -> Hit:
    shown = (row["parent_type"], row["parent_id"]) if row["parent_type"] else (row["record_type"], row["record_id"])
    return Hit(row["record_type"], row["record_id"], *shown, tier)
