"""Which merges are in force."""

from uuid import UUID

from rapport.engine.records.models import Merge
from rapport.engine.records.registry import RecordType


def merges_into(rtype: RecordType, key: UUID) -> list[Merge]:
    """What was merged into this record, directly and still, newest first."""
    found = Merge.objects.filter(record_type=rtype.slug, survivor=key, deleted_at=None)
    return list(found.order_by("-created_at", "-pk"))


def find_merge(rtype: RecordType, key: UUID, merge: UUID) -> Merge | None:
    """One merge into this record, still in force or not."""
    return Merge.objects.filter(record_type=rtype.slug, survivor=key, pk=merge).first()
