"""Reads of what no record type shows: journal entries of a batch, and ids in other systems."""

from collections.abc import Collection, Iterable
from uuid import UUID

from rapport.engine.events.models import JournalEntry
from rapport.engine.records.models import ExternalId
from rapport.engine.records.registry import RecordType


def first_entry(batch: UUID) -> JournalEntry | None:
    """The entry with which a batch began."""
    return JournalEntry.objects.filter(batch=batch).order_by("id").first()


def external_ids(rtype: RecordType, named: Collection[tuple[str, str]]) -> dict[tuple[str, str], ExternalId]:
    """The live external ids of a type among the (source, value) pairs asked for."""
    sources, values = {source for source, _value in named}, {value for _source, value in named}
    found: Iterable[ExternalId] = ExternalId.objects.filter(
        record_type=rtype.slug, source__in=sources, value__in=values, deleted_at=None
    )
    return {(one.source, one.value): one for one in found if (one.source, one.value) in named}
