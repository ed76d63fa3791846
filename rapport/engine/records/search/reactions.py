"""Search follows the journal: whatever changes a record, by whichever door, changes its document."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rapport.engine.events.act import Act
from rapport.engine.events.images import type_name
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.reactions import when
from rapport.engine.records.definitions import check_again
from rapport.engine.records.models import CustomField, ExternalId
from rapport.engine.records.registry import by_journal_type, find_record_type
from rapport.engine.records.search.documents import follow
from rapport.engine.records.search.rebuilding import rebuild_type
from rapport.engine.records.search.terms import searched

EXTERNAL_IDS, CUSTOM_FIELDS = type_name(ExternalId), type_name(CustomField)


@when("created", "changed", "deleted", "restored", replay=True, values=False, label=_("Search"))
def keep_documents(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Make the documents of all records anew that these entries are about."""
    check_again()
    touched: dict[str, set[UUID]] = {}
    for entry in entries:
        if entry.about_id:
            touched.setdefault(entry.about_type, set()).add(entry.about_id)
    for slug, keys in _named_elsewhere(touched.pop(EXTERNAL_IDS, set())).items():
        if rtype := find_record_type(slug):
            touched.setdefault(rtype.journal_type, set()).update(keys)
    for name, keys in touched.items():
        if (rtype := by_journal_type(name)) and searched(rtype):
            follow(rtype, keys)
    _rebuild_for([entry for entry in entries if entry.about_type == CUSTOM_FIELDS])


def _named_elsewhere(keys: set[UUID]) -> dict[str, set[UUID]]:
    """The records, by type, whose ids in other systems these are."""
    found: dict[str, set[UUID]] = {}
    if keys:
        for slug, record in ExternalId.objects.filter(pk__in=keys).values_list("record_type", "record_id"):
            found.setdefault(slug, set()).add(record)
    return found


def _rebuild_for(entries: Sequence[JournalEntry]) -> None:
    """A field that becomes searchable, or ceases to be, changes every document of its type. A new one has no values."""
    with_payloads(entries)
    keys = {one.about_id for one in entries if one.kind in ("deleted", "restored") or "searchable" in one.after}
    new = {one.about_id for one in entries if one.kind == "created"}
    if changed := keys - new:
        for slug in CustomField.objects.filter(pk__in=changed).values_list("record_type", flat=True).distinct():
            rebuild_type.defer_once(slug, slug)
