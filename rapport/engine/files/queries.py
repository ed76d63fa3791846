"""Finding files."""

from collections.abc import Collection
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.files.access import may_see
from rapport.engine.files.models import StoredFile


def find_file(actor: Actor, file_id: UUID) -> StoredFile | None:
    """A file that the actor may see."""
    file = StoredFile.objects.filter(pk=file_id, deleted_at=None).first()
    return file if file is not None and may_see(actor, file) else None


def file_by_token(file_id: UUID) -> StoredFile | None:
    """A file for which a valid token was shown."""
    return StoredFile.objects.filter(pk=file_id, deleted_at=None).first()


def files_by_id(keys: Collection[UUID]) -> list[StoredFile]:
    """Files by the ids that stand in something which the asker was found to see."""
    return list(StoredFile.objects.filter(pk__in=keys, deleted_at=None)) if keys else []


def contents_in_use(hashes: Collection[str]) -> set[str]:
    """Which contents some row refers to, deleted rows included: those can be restored."""
    return set(StoredFile.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
