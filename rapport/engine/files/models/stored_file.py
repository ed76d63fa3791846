"""A file somebody gave us: its name and kind here, its content in the store under its hash."""

from django.db import models

from rapport.engine.events.models import Journaled


class StoredFile(Journaled):
    """Several files may share one content. `content_type` is what the content is, not what its name says."""

    name = models.TextField()
    size = models.BigIntegerField()
    content_type = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "stored_file"
        indexes = [models.Index(fields=["sha256"], name="stored_file_sha256")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether a browser may show it in a page."""
        return self.content_type in PICTURES


PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
