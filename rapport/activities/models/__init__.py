"""Tables of the activities room."""

from rapport.activities.models.note import Note
from rapport.activities.models.task import Task

__all__ = ["Note", "Task"]
