"""The ground of every table that is written through an act."""

from typing import ClassVar

from django.db import models

from rapport.engine.events.ids import uuid7
from rapport.engine.events.models.lean import LeanRow


class Journaled(LeanRow):
    """A row with a version, an author and a soft delete; each change to it is one row of the journal."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    created_by = models.UUIDField(null=True, editable=False)
    changed_at = models.DateTimeField(editable=False)
    changed_by = models.UUIDField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_batch = models.UUIDField(null=True, editable=False)

    # Columns that follow from others (fold keys, whole names) or are secret: never in the journal.
    journal_exclude: ClassVar[frozenset[str]] = frozenset()
    # Columns of JSON whose keys are values of their own: undo takes each back by itself.
    journal_by_key: ClassVar[frozenset[str]] = frozenset()
    # Columns of lists to which several people add: undo takes back entry by entry.
    journal_by_entry: ClassVar[frozenset[str]] = frozenset()
    # The column by which several record types share the table; each is then a type of its own in the journal.
    kind_column: ClassVar[str] = ""
    # False for rows that say who may do what: who lost a right could otherwise take it back by undoing older changes.
    undoable: ClassVar[bool] = True

    class Meta:
        abstract = True

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    def derive(self) -> None:
        """Set the columns that follow from others. Called by the act before each write."""
