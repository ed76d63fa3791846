"""What came later: the fields that were changed on a survivor since, and the records that came to point at it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Lookup, OuterRef, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.lookups import Exact

from rapport.engine.events.actor import Actor
from rapport.engine.events.images import image
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.records.fields import LISTS, Field
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.links import held, links_of
from rapport.engine.records.merging.choices import fields_of
from rapport.engine.records.merging.entries import stretch_of
from rapport.engine.records.merging.references import Reference, references_to
from rapport.engine.records.models import Merge
from rapport.engine.records.queries.calling import calls
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.timeline import stored_in

MOST = 200
CHUNK = 1000
COUNTED = 10_000


@dataclass(frozen=True)
class LaterField:
    """A field of the survivor changed since; of a list `value` has what was added. `name` is `field:<slug>`."""

    name: str
    field: Field
    value: Any
    at: datetime
    by: str


@dataclass(frozen=True)
class LaterChild:
    """A record that came to point at the survivor since."""

    rtype: RecordType
    record: Any
    label: str
    at: datetime
    by: str

    @property
    def name(self) -> str:
        """By which un-merge is told where it goes: `<slug>:<id>`."""
        return f"{self.rtype.slug}:{self.record.pk}"


@dataclass(frozen=True)
class Later:
    """What came later, the first 200 of each; `more` says how many records beyond."""

    fields: list[LaterField]
    children: list[LaterChild]
    more: int


@dataclass(frozen=True)
class Since:
    """A field changed since a merge: what it held right after, and who changed it last."""

    field: Field
    at_merge: Any
    now: Any
    last: JournalEntry

    @property
    def added(self) -> Any:
        """What came: the new value, or of a list the entries that are new or were edited."""
        if self.field.type.name not in LISTS:
            return self.now
        known = list(self.at_merge or ())
        return [one for one in self.now or () if one not in known]


def came_later(actor: Actor, merge: Merge) -> Later:
    """What was changed on the survivor, and came to it, since the merge, as far as the actor may see it."""
    rtype = record_type(merge.record_type)
    allowed = mask(actor, rtype)
    fields = [
        LaterField(f"field:{one.field.slug}", one.field, one.added, one.last.at, one.last.actor_name)
        for one in changed_since(rtype, merge)
        if allowed.shows(one.field.slug) and not (one.field.type.name in LISTS and not one.added)
    ]
    pairs, more = children_since(actor, rtype, merge)
    return Later(fields[:MOST], list(_told(actor, merge, pairs)), more)


def changed_since(rtype: RecordType, merge: Merge) -> Iterator[Since]:
    """The fields of the survivor that hold something else than right after the merge."""
    row = rtype.rows().filter(pk=merge.survivor).first()
    if row is None:
        return
    first, last = _images_since(merge)
    fields = [one for one in fields_of(rtype) if not last.keys().isdisjoint(_places(one))]
    links = links_of(fields, [row.pk])
    for one in fields:
        now, before = held(one, row, links), stored_in(one, rtype.new(), _laid_over(row, one, first))
        if not _same(one, now, before):
            newest = max((last[place] for place in _places(one) if place in last), key=lambda entry: entry.id)
            yield Since(one, before, now, newest)


def children_since(
    actor: Actor, rtype: RecordType, merge: Merge, *, only: Iterable[UUID] | None = None
) -> tuple[list[tuple[RecordType, Any]], int]:
    """Records, the first 200 and how many more, that have come to point at the survivor since the merge."""
    found: dict[UUID, tuple[RecordType, Any]] = {}
    more = 0
    for reference in references_to(rtype):
        if reference.rtype is None:
            continue
        rows = pointing_since(reference, rtype, merge)
        rows = rows.filter(pk__in=visible(actor, reference.rtype).values("pk"), deleted_at=None)
        rows = rows if only is None else rows.filter(pk__in=list(only))
        listed = list(rows.order_by("-pk")[: MOST + 1])
        room = MOST - len(found)
        found |= {row.pk: (reference.rtype, row) for row in listed[:room] if row.pk not in found}
        if len(listed) > room:
            more += rows[:COUNTED].count() - room
    return list(found.values()), more


def pointing_since(reference: Reference, rtype: RecordType, merge: Merge) -> "QuerySet[Any]":
    """The rows that point at the survivor by this reference and did not when it was merged."""
    entries = JournalEntry.objects.filter(about_id=OuterRef("pk"), id__gt=stretch_of(merge).last)
    top, _dot, key = reference.place.partition(".")
    inside = KeyTransform(top, "payload__after") if key else F("payload__after")
    told: Lookup[Any] = Exact(KeyTextTransform(key or top, inside), str(merge.survivor))
    came = entries.filter(told, kind__in=("created", "changed"))
    rows = reference.rows(rtype, [merge.survivor]).filter(changed_at__gt=merge.created_at)
    return rows.filter(Exists(came)).exclude(pk__in=[merge.survivor, *merge.losers])


def _images_since(merge: Merge) -> tuple[dict[str, Any], dict[str, JournalEntry]]:
    """By column or key of a custom field: what the first change since found, and the last change."""
    rows = JournalEntry.objects.filter(about_id=merge.survivor, id__gt=stretch_of(merge).last, kind="changed")
    first: dict[str, Any] = {}
    last: dict[str, JournalEntry] = {}
    for entry in _forwards(rows):
        for place, was in _flat(entry.before, entry.after):
            first.setdefault(place, was)
            last[place] = entry
    return first, last


def _forwards(rows: "QuerySet[JournalEntry]") -> Iterator[JournalEntry]:
    rows = rows.order_by("id")
    while chunk := list(rows[:CHUNK]):
        yield from with_payloads(chunk)
        rows = rows.filter(id__gt=chunk[-1].id)


def _flat(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in before.keys() | after.keys():
        if name != "custom":
            yield name, before.get(name)
            continue
        was, became = before.get(name) or {}, after.get(name) or {}
        yield from (
            (f"custom.{key}", was.get(key)) for key in was.keys() | became.keys() if was.get(key) != became.get(key)
        )


def _places(field: Field) -> list[str]:
    if field.custom:
        return [f"custom.{field.slug}"]
    return [field.slug] if field.through else list(field.columns(None))


def _laid_over(row: Any, field: Field, first: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an image that holds a field as it was right after the merge."""
    if field.custom:
        return {"custom": {field.slug: first.get(f"custom.{field.slug}")}}
    now = image(row)
    return {place: first[place] if place in first else now.get(place) for place in _places(field)}


def _same(field: Field, one: Any, other: Any) -> bool:
    is_none = field.type.is_empty(one) and field.type.is_empty(other)
    return is_none or one == other or (one in (None, False) and other in (None, False))


def _told(actor: Actor, merge: Merge, pairs: list[tuple[RecordType, Any]]) -> Iterator[LaterChild]:
    keys = [row.pk for _rtype, row in pairs]
    entries = JournalEntry.objects.filter(about_id__in=keys, id__gt=stretch_of(merge).last).order_by("id")
    newest = {entry.about_id: entry for entry in entries.filter(kind__in=("created", "changed")).iterator()}
    names = calls(actor, {(rtype.slug, row.pk) for rtype, row in pairs})
    for rtype, row in pairs:
        label = names[row.pk].title if row.pk in names else str(rtype.label)
        yield LaterChild(rtype, row, label, newest[row.pk].at, newest[row.pk].actor_name)
