"""The timeline of a record: what happened to it and around it, newest first, by keyset, through the gate."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.events.columns import column_named
from rapport.engine.events.journal.reading import LAST, stories_around
from rapport.engine.events.models import Journaled, JournalEntry
from rapport.engine.records.definitions import definitions
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask
from rapport.engine.records.history import ids_seen
from rapport.engine.records.registry import RecordType, by_journal_type

PAGE = 30
MOST_AGAIN = 200  # entries of a stretch that is read again
MERGING = frozenset({"records.merged", "records.unmerged"})
# Tables whose rows are part of the record that they are about: who sees it sees what happens to them.
PARTS: set[str] = set()
FOLD_WITHIN = 600  # seconds; changes of one person to one record within this time are one line


@dataclass
class Change:
    """One field before and after."""

    field: Field
    before: Any
    after: Any


@dataclass
class Item:
    """One line of a timeline. `rtype` is the type it is about, `is_own` whether that is the record of this page.

    `is_merged`: it is about a record that was merged into that of this page.
    """

    id: int
    at: datetime
    actor: str
    user_id: UUID | None
    kind: str
    about_type: str
    about_id: UUID | None
    rtype: RecordType | None
    batch: UUID
    reason: str
    is_own: bool
    is_merged: bool = False
    changes: list[Change] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    # What an entry about no record says of its row, as the journal keeps it.
    after: dict[str, Any] = field(default_factory=dict)


@dataclass
class Timeline:
    """Items, newest first, and the id to go on from; None at the end. `oldest` is the id of the last entry."""

    items: list[Item]
    before: int | None
    oldest: int | None = None


def timeline(
    actor: Actor, record_id: UUID, *, before: int | None = None, since: int | None = None, kinds: Sequence[str] = ()
) -> Timeline:
    """What the actor may see of a record's history; `since` reads a stretch again, from its oldest entry on.

    The caller has found the record through the gate.
    """
    most = PAGE if since is None else MOST_AGAIN
    stories = stories_around(record_id, before=before or LAST, limit=most + 1)
    entries = [entry for entry, _own in stories if since is None or entry.id >= since]
    shown = [entry for entry in entries[:most] if not kinds or entry.kind in kinds]
    own = {record_id, *(entry.about_id for entry, is_own in stories if is_own and entry.about_id)}
    items = [_item(actor, entry, record_id) for entry in _without_merging(_seen(actor, shown, own), own - {record_id})]
    for item in items:
        item.is_merged = item.about_id in own and not item.is_own
    oldest = entries[:most][-1].id if entries else None
    return Timeline(_folded(items), oldest if len(entries) > most else None, oldest)


def _seen(actor: Actor, entries: list[JournalEntry], own: set[UUID]) -> list[JournalEntry]:
    """Entries about records that the actor may see, deleted ones included, one query for each other type.

    `own` are the record and those that were merged into it: who sees it sees their stories.
    """
    others: dict[str, set[UUID]] = {}
    for entry in entries:
        if entry.about_id and entry.about_id not in own:
            others.setdefault(entry.about_type, set()).add(entry.about_id)
    allowed = set(own)
    for name, keys in others.items():
        allowed |= keys if name in PARTS else ids_seen(actor, name, keys)
    return [entry for entry in entries if entry.about_id in allowed and not _is_told_elsewhere(entry)]


def _without_merging(entries: list[JournalEntry], merged: set[UUID]) -> list[JournalEntry]:
    """Without how the merged records went and came back: the entries of the merge and its end say that."""
    batches = {entry.batch for entry in entries if entry.kind in MERGING}
    return [one for one in entries if one.kind in MERGING or one.about_id not in merged or one.batch not in batches]


def _is_told_elsewhere(entry: JournalEntry) -> bool:
    """Whether only fields changed that rows of other tables keep: the entries of those rows tell it in words."""
    rtype = by_journal_type(entry.about_type)
    if rtype is None or entry.kind != "changed":
        return False
    told = entry.before.keys() | entry.after.keys()
    return bool(told) and told <= {one.slug for one in rtype.fields if one.through}


def _item(actor: Actor, entry: JournalEntry, record_id: UUID) -> Item:
    rtype = by_journal_type(entry.about_type)
    payload = getattr(entry, "payload", None)
    item = Item(
        id=entry.id,
        at=entry.at,
        actor=entry.actor_name,
        user_id=entry.user_id,
        kind=entry.kind,
        about_type=entry.about_type,
        about_id=entry.about_id,
        rtype=rtype,
        batch=entry.batch,
        reason=entry.reason,
        is_own=entry.about_id == record_id,
        data=(payload.data or {}) if payload else {},
    )
    if payload and not rtype:
        item.after = payload.after or {}
    elif rtype and payload:
        item.changes = changes_of(actor, rtype, payload.before or {}, payload.after or {})
    return item


def changes_of(actor: Actor, rtype: RecordType, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Columns before and after as fields, without those that the actor may not see."""
    allowed = mask(actor, rtype)
    changes = []
    row = rtype.new()
    for one in [*rtype.all_fields(), *_deleted_fields(rtype)]:
        was, became = stored_in(one, row, before), stored_in(one, row, after)
        if allowed.shows(one.slug) and was != became:
            changes.append(Change(one, was, became))
    return changes


def _deleted_fields(rtype: RecordType) -> list[Field]:
    """Custom fields that are no more: what happened in them still did."""
    gone = definitions().deleted_fields.get(rtype.slug, ())
    return [replace(one, label=_("%(label)s (a deleted field)") % {"label": one.label}) for one in gone]


def stored_in(one: Field, row: Journaled, image: dict[str, Any]) -> Any:
    """A field's value in an image, as Python; None where the image says nothing. The row lends itself to be read."""
    if one.custom:
        value = one.type.from_custom((image.get("custom") or {}).get(one.slug))
        return None if value is False or one.type.is_empty(value) else value
    if one.through:
        return UUID(image[one.slug]) if image.get(one.slug) else None
    if image.get(one.column) is None:
        return None
    for name in one.columns(None):
        setattr(row, name, column_named(type(row), name).value(image.get(name)))
    return one.type.read(row, one.column)


def _folded(items: list[Item]) -> list[Item]:
    """Neighbouring changes by one person to one record become one line, oldest value to newest."""
    folded: list[Item] = []
    for item in items:
        last = folded[-1] if folded else None
        if last and item.kind == last.kind == "changed" and _same_hand(last, item):
            last.changes = _joined(item.changes, last.changes)
            last.after = item.after | last.after
        else:
            folded.append(item)
    return folded


def _same_hand(later: Item, earlier: Item) -> bool:
    near = abs((later.at - earlier.at).total_seconds()) <= FOLD_WITHIN
    return near and (later.user_id, later.actor, later.about_id) == (earlier.user_id, earlier.actor, earlier.about_id)


def _joined(earlier: list[Change], later: list[Change]) -> list[Change]:
    joined = {change.field.slug: change for change in earlier}
    for change in later:
        first = joined.get(change.field.slug)
        joined[change.field.slug] = Change(change.field, first.before if first else change.before, change.after)
    return [change for change in joined.values() if change.before != change.after]
