"""What an undo did, and what it kept because it was no longer the batch's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

if TYPE_CHECKING:
    from rapport.engine.events.models import JournalEntry

LISTED = 1_000

# Someone changed it since; restoring it would take what another row now has; other records refer to it; its row was
# deleted or restored by somebody else since; its values were erased; whoever undoes may not change it any more; others
# were moved since, so that it would lie under itself.
Why = Literal["changed", "clash", "used", "deleted", "erased", "reach", "circle"]
Place = dict[str, Any]


@dataclass(frozen=True)
class Conflict:
    """A value, or with an empty column a whole row, that undo kept as others left it."""

    about_type: str
    about_id: UUID
    column: str
    ours: Any
    theirs: Any
    why: Why = "changed"

    @property
    def place(self) -> Place:
        """Where it is, without values: those may have to be erased with the record they belong to."""
        return {"type": self.about_type, "id": self.about_id, "column": self.column, "why": self.why}


@dataclass
class Outcome:
    """How many rows went back, and what was kept. `conflicts` lists the first thousand of the `kept`.

    `frees` says which entries go back whoever undoes, for they only followed from others. What was deleted in one of
    the `own_batches` counts as deleted by the batch itself: they did again what had been taken back.
    """

    frees: "Callable[[JournalEntry], bool]" = lambda _entry: False
    own_batches: frozenset[UUID] = frozenset()
    rows: int = 0
    kept: int = 0
    out_of_reach: int = 0
    in_circles: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    _columns: set[tuple[UUID, str]] = field(default_factory=set)
    _news: list[Conflict] = field(default_factory=list)

    def keep(self, conflict: Conflict) -> None:
        """Note what is kept; once for each row and column, however often the batch had touched it."""
        place = (conflict.about_id, conflict.column)
        if place in self._columns:
            return
        self._columns.add(place)
        column, dot, _key = conflict.column.partition(".")
        if dot:
            self._columns.add((conflict.about_id, column + dot))
        self._news.append(conflict)
        self.kept += 1
        self.out_of_reach += conflict.why == "reach"
        self.in_circles += conflict.why == "circle"
        if len(self.conflicts) < LISTED:
            self.conflicts.append(conflict)

    def is_kept(self, row: UUID, column: str = "") -> bool:
        """Whether a later entry of the batch has found this changed by others, so that earlier ones leave it too."""
        return (row, column) in self._columns or (row, "") in self._columns

    def keeps_keys(self, row: UUID, column: str) -> bool:
        """Whether anything under single keys of a JSON column was kept."""
        return (row, f"{column}.") in self._columns

    @property
    def kept_rows(self) -> set[UUID]:
        """Rows of which anything was kept."""
        return {row for row, _column in self._columns}

    def news(self) -> list[Place]:
        """The places that were kept since this was last asked."""
        told, self._news = [one.place for one in self._news], []
        return told

    def recall(self, rows: int, places: Sequence[Mapping[str, Any]]) -> None:
        """Take up what an undo that was broken off had done, with the places that it had kept."""
        self.rows += rows
        for one in places:
            self.keep(Conflict(one["type"], UUID(str(one["id"])), one["column"], None, None, one["why"]))
        self._news = []
