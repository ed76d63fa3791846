"""What is known of each kept file."""

from rapport.engine.files.models.stored_file import StoredFile

__all__ = ["StoredFile"]
