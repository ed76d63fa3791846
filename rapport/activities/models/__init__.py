"""Tables of the activities room."""

from rapport.activities.models.note import Note

__all__ = ["Note"]
