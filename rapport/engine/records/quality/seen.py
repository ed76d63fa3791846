"""When the fields of records were last changed and confirmed, kept as sets."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from rapport.engine.events.models import JournalEntry
from rapport.engine.records.computed.following import was_changed
from rapport.engine.records.fields import Field
from rapport.engine.records.models import Confirmation
from rapport.engine.records.registry import RecordType
from rapport.engine.records.rules.scope import is_known
from rapport.engine.records.search.documents import Listed

Seen = dict[tuple[UUID, str], datetime]
CHANGED = """
INSERT INTO field_seen AS kept (record_id, field, changed_at)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) ORDER BY 1, 2
ON CONFLICT (record_id, field) DO UPDATE SET changed_at = excluded.changed_at
WHERE kept.changed_at IS NULL OR kept.changed_at < excluded.changed_at
"""
# Of a confirmation that was taken back, what stood before it holds again.
CONFIRMED = """
INSERT INTO field_seen AS kept (record_id, field, confirmed_at)
SELECT told.record_id, told.field, max(told.created_at) FILTER (WHERE told.deleted_at IS NULL)
FROM confirmation AS told WHERE told.record_id = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (record_id, field) DO UPDATE SET confirmed_at = excluded.confirmed_at
WHERE kept.confirmed_at IS DISTINCT FROM excluded.confirmed_at
"""


def note_changes(rtype: RecordType, entries: Iterable[JournalEntry]) -> None:
    """Keep when fields of records of a type were changed, by entries with their values."""
    fields, found = _followed(rtype), Seen()
    for entry in entries:
        assert entry.about_id is not None
        for field in fields:
            if was_changed(rtype, field, entry.before, entry.after):
                key = entry.about_id, field.slug
                found[key] = max(entry.at, found.get(key, entry.at))
    _write(found)


def note_confirmations(keys: Collection[UUID]) -> None:
    """Keep anew when fields of these records were confirmed."""
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(CONFIRMED, [sorted(keys)])


def confirmations(keys: Iterable[UUID]) -> dict[UUID, Confirmation]:
    """Confirmations by their ids, those that were taken back too."""
    return {row.pk: row for row in Confirmation.objects.filter(pk__in=list(keys))}


def records_confirmed(keys: Collection[UUID]) -> dict[str, set[UUID]]:
    """The records, by the slug of their type, of which confirmations with these ids tell."""
    found: dict[str, set[UUID]] = defaultdict(set)
    if keys:
        told = Confirmation.objects.filter(pk__in=Listed(keys)).values_list("record_type", "record_id")
        for slug, record in told:
            found[slug].add(record)
    return found


def _followed(rtype: RecordType) -> Sequence[Field]:
    """The fields that somebody fills in, with those that the database makes of them."""
    return [one for one in rtype.all_fields() if is_known(one)]


def _write(found: Seen) -> None:
    if found:
        keys = list(found)
        with connection.cursor() as cursor:
            cursor.execute(
                CHANGED, [[key for key, _slug in keys], [slug for _key, slug in keys], [found[key] for key in keys]]
            )
