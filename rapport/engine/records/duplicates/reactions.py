"""Duplicates follow the journal: whatever changes a record, by whichever door, is compared anew within seconds."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rapport.engine.events.act import Act
from rapport.engine.events.images import type_name
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.reactions import when
from rapport.engine.records.definitions import check_again
from rapport.engine.records.duplicates.following import follow, settle_clusters
from rapport.engine.records.duplicates.shapes import columns_of, shape_of
from rapport.engine.records.models import DuplicateScan, NotSame
from rapport.engine.records.registry import RecordType, by_journal_type, find_record_type

NOT_SAME = type_name(NotSame)
MANY = 300  # records in one run of entries: an import; a scan does these faster


@when("created", "changed", "deleted", "restored", values=False, label=_("Duplicates"))
def keep_duplicates(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Compare the records that these entries are about."""
    check_again()
    by_type: dict[str, list[JournalEntry]] = {}
    for entry in entries:
        if entry.about_id:
            by_type.setdefault(entry.about_type, []).append(entry)
    said = by_type.pop(NOT_SAME, [])
    for name, some in by_type.items():
        rtype = by_journal_type(name)
        if rtype is not None and shape_of(rtype).columns:
            _follow(rtype, some)
    _settle({entry.about_id for entry in said if entry.about_id})


def _follow(rtype: RecordType, entries: Sequence[JournalEntry]) -> None:
    touched = _touched(rtype, entries)
    if len(touched) > MANY:
        DuplicateScan.objects.update_or_create(record_type=rtype.slug, defaults={"is_wanted": True})
    elif touched:
        follow(rtype, touched)


def _touched(rtype: RecordType, entries: Sequence[JournalEntry]) -> set[UUID]:
    """The records that came, went, or changed in something that is compared."""
    with_payloads([entry for entry in entries if entry.kind == "changed"])
    columns = set(columns_of(rtype, shape_of(rtype))) - {"version"}
    found = set()
    for entry in entries:
        # What was erased tells of nothing, and may have been any of it.
        told = entry.kind != "changed" or not entry.after or columns & entry.after.keys()
        if entry.about_id and told:
            found.add(entry.about_id)
    return found


def _settle(keys: set[UUID]) -> None:
    """What was said of two records, or taken back, changes the clusters they are in."""
    by_type: dict[str, set[UUID]] = {}
    for slug, one, other in NotSame._default_manager.filter(pk__in=keys).values_list("record_type", "one", "other"):
        by_type.setdefault(slug, set()).update((one, other))
    for slug, about in by_type.items():
        if rtype := find_record_type(slug):
            settle_clusters(rtype, about)
