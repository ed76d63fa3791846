"""What an act notes down before it is written, and the registry that names whom else it is about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from rapport.engine.events.models.journaled import Journaled


class Subject(NamedTuple):
    """Another record that an entry is about. Role `parent`: the entry belongs to that record and is erased with it."""

    type: str
    id: UUID
    role: str


@dataclass(slots=True)
class Entry:
    """One row of the journal to be. `before` and `after` hold only what changed."""

    kind: str
    about_type: str
    about_id: UUID | None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    data: dict[str, Any] | None = None
    subjects: list[Subject] = field(default_factory=list)


# By type, as the journal names it: given rows, the subjects of each by its id. Filled from the record types, which
# know the relations.
SubjectsOf = Callable[[Sequence[Journaled]], Mapping[UUID, list[Subject]]]
subjects_of: dict[str, SubjectsOf] = {}
