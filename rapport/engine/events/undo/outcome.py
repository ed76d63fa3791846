"""What an undo did, and what it kept because it was no longer the batch's own."""

from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

LISTED = 1_000

# Someone changed it since; restoring it would take what another row now has; other records refer to it; its row was
# deleted or restored by somebody else since; its values were erased.
Why = Literal["changed", "clash", "used", "deleted", "erased"]


@dataclass(frozen=True)
class Conflict:
    """A value, or with an empty column a whole row, that undo kept as others left it."""

    about_type: str
    about_id: UUID
    column: str
    ours: Any
    theirs: Any
    why: Why = "changed"


@dataclass
class Outcome:
    """How many rows went back, and what was kept. `conflicts` lists the first thousand of the `kept`."""

    rows: int = 0
    kept: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    _columns: set[tuple[UUID, str]] = field(default_factory=set)

    def keep(self, conflict: Conflict) -> None:
        """Note what is kept; once for each row and column, however often the batch had touched it."""
        place = (conflict.about_id, conflict.column)
        if place in self._columns:
            return
        self._columns.add(place)
        self.kept += 1
        if len(self.conflicts) < LISTED:
            self.conflicts.append(conflict)

    def is_kept(self, row: UUID, column: str = "") -> bool:
        """Whether a later entry of the batch has found this changed by others, so that earlier ones leave it too."""
        return (row, column) in self._columns or (row, "") in self._columns

    @property
    def kept_rows(self) -> set[UUID]:
        """Rows of which anything was kept."""
        return {row for row, _column in self._columns}
