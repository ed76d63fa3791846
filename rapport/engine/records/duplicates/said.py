"""Which records are said to be two."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from rapport.engine.records.models import NotSame
from rapport.engine.records.registry import RecordType


def unlike(rtype: RecordType, keys: Collection[UUID] | None = None) -> set[tuple[UUID, UUID]]:
    """Pairs of records that are said to be two; of some records only if they are named."""
    rows = NotSame._default_manager.filter(record_type=rtype.slug, deleted_at=None)
    if keys is not None:
        rows = rows.filter(Q(one__in=keys) | Q(other__in=keys))
    return set(rows.values_list("one", "other"))
