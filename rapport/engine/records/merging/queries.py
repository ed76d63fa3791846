"""Which merges are in force."""

from collections.abc import Collection, Iterable
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


def merges_by_id(keys: Iterable[UUID]) -> dict[UUID, Merge]:
    """Merges, in force or not; one query."""
    return Merge.objects.in_bulk(list(keys))


def titles_of_merged(rtype: RecordType, keys: Collection[UUID]) -> dict[UUID, str]:
    """What records were called that were merged into others. Who sees the survivor may know; one query."""
    rows = rtype.rows().filter(pk__in=keys).exclude(merged_into=None)
    return {row.pk: rtype.title_of(row) or str(rtype.label) for row in rows}
