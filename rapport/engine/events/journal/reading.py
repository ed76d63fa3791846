"""Reading entries, with their values, by functions of the database that keep their plans over all months."""

import json
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from rapport.engine.events.models import JournalEntry, JournalPayload

LAST = 2**62
# Columns by name: a kept plan would refuse the row of a table that has got another one since.
COLUMNS = ", ".join(f"(story.entry).{column.column}" for column in JournalEntry._meta.concrete_fields)
STORY = f"SELECT {COLUMNS}, says, was, became, told FROM journal_story(%s, %s, %s) AS story"  # noqa: S608 — of columns
# As `journal_story`, with a column `own`: whether the entry is about the record, or one that it stands for, itself.
MERGED_STORY = f"SELECT {COLUMNS}, says, was, became, told, own FROM merged_story(%s, %s, %s) AS story"  # noqa: S608 — as above


def with_payloads(entries: Sequence[JournalEntry]) -> Sequence[JournalEntry]:
    """Give each entry its payload, None where there is none or it was erased. One query for all."""
    if not entries:
        return entries
    found = JournalPayload.objects.raw(
        "SELECT * FROM journal_payloads(%s::bigint[], %s::timestamptz[])",
        [[entry.id for entry in entries], [entry.at for entry in entries]],
    )
    payloads = {payload.entry_id: payload for payload in found}
    for entry in entries:
        JournalEntry.payload.related.set_cached_value(entry, payloads.get(entry.id))
    return entries


def entries_around(record: UUID, *, before: int = LAST, limit: int) -> Sequence[JournalEntry]:
    """Entries about a record or with it as a subject, with their payloads, newest first, with ids below `before`."""
    rows = JournalEntry.objects.raw(STORY, [record, before, limit])
    return [_with_values(entry) for entry in rows]


def stories_around(record: UUID, *, before: int = LAST, limit: int) -> list[tuple[JournalEntry, bool]]:
    """As `entries_around`, with those around all that were merged into it; each with whether it is about them."""
    rows = JournalEntry.objects.raw(MERGED_STORY, [record, before, limit])
    return [(_with_values(entry), bool(entry.own)) for entry in rows]  # type: ignore[attr-defined]  # a column beside


def _with_values(entry: Any) -> JournalEntry:
    """An entry whose values came along in columns beside its own."""
    before, after, data = (None if text is None else json.loads(text) for text in (entry.was, entry.became, entry.told))
    payload = JournalPayload(entry_id=entry.id, at=entry.at, before=before, after=after, data=data)
    JournalEntry.payload.related.set_cached_value(entry, payload if entry.says else None)
    return cast(JournalEntry, entry)
