"""Entries with their values."""

from collections.abc import Sequence

from rapport.engine.events.models import JournalEntry, JournalPayload


def with_payloads(entries: Sequence[JournalEntry]) -> Sequence[JournalEntry]:
    """Give each entry its payload, None where there is none or it was erased. One query, and only in their months."""
    if not entries:
        return entries
    moments = [entry.at for entry in entries]
    keys = [entry.id for entry in entries]
    found = JournalPayload.objects.filter(entry_id__in=keys, at__gte=min(moments), at__lte=max(moments))
    payloads = {payload.entry_id: payload for payload in found.defer("at", "salt")}
    for entry in entries:
        JournalEntry.payload.related.set_cached_value(entry, payloads.get(entry.id))
    return entries
