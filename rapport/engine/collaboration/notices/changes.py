"""Whom a change of a record concerns: those who follow it, as far as it matters to them, and its new owner."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from rapport.engine.accounts.notifications import Notice
from rapport.engine.collaboration.notices.audience import Audience, Following, Key, audience, followings
from rapport.engine.events.models import JournalEntry
from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType, by_journal_type
from rapport.engine.records.timeline import MERGING

ASSIGNED, CHANGED, DELETED, MANY, MANY_ASSIGNED = "assigned", "changed", "deleted", "changed_many", "assigned_many"
FEW = 5  # records; what one batch did to more of them is one notice
NEWS = timedelta(days=2)  # what happened before, as in a sample company, is no news
SLICE = 600  # seconds; changes of one person to one record within such a slice are one notice


@dataclass(frozen=True)
class Happening:
    """An entry about a record that stands for itself. `is_bulk`: one of so many that each is not worth a word."""

    entry: JournalEntry
    rtype: RecordType
    record: Key
    is_bulk: bool


def notices_of(entries: Sequence[JournalEntry]) -> list[Notice]:
    """What users are told of changes: three queries, and three for each type of record."""
    happenings = _happenings(entries)
    records = followings({one.record for one in happenings})
    reasons = [_reasons(one, records[one.record]) if one.record in records else {} for one in happenings]
    return _told(happenings, reasons, records)


def notices_of_new(entries: Sequence[JournalEntry]) -> list[Notice]:
    """What users are told of records that others made for them."""
    made = _made_for_others(entries)
    wanted = [one.id for one in entries if one.about_id in made]
    happenings = _happenings(list(JournalEntry.objects.filter(id__in=wanted))) if wanted else []
    records = followings({one.record for one in happenings})
    reasons = [_assigned_by(one, made[one.record[1]]) if one.record in records else {} for one in happenings]
    return _told(happenings, reasons, records)


def _made_for_others(entries: Sequence[JournalEntry]) -> dict[UUID, UUID]:
    """The owners of new records that somebody else made."""
    by_type: dict[str, set[UUID]] = defaultdict(set)
    for one in entries:
        if one.about_id:
            by_type[one.about_type].add(one.about_id)
    made: dict[UUID, UUID] = {}
    for name, keys in by_type.items():
        rtype = by_journal_type(name)
        owner = rtype.field("owner") if rtype and not rtype.sees_as else None
        if rtype and owner:
            rows = rtype.rows().filter(pk__in=keys, deleted_at=None).values_list("pk", owner.column, "created_by")
            made |= {key: holder for key, holder, maker in rows if holder and holder != maker}
    return made


def _happenings(entries: Sequence[JournalEntry]) -> list[Happening]:
    """What is news. A merge is told as one thing, and what it did to each record not again."""
    since = timezone.now() - NEWS
    entries = [one for one in entries if one.at > since]
    merges = {one.batch for one in entries if one.kind in MERGING}
    found: list[tuple[JournalEntry, RecordType, Key]] = []
    for one in entries:
        rtype = by_journal_type(one.about_type)
        if rtype is None or rtype.sees_as or one.about_id is None:
            continue
        if one.batch not in merges or one.kind in MERGING:
            found.append((one, rtype, (rtype.slug, one.about_id)))
    sizes: dict[UUID, set[Key]] = defaultdict(set)
    for one, _rtype, record in found:
        sizes[one.batch].add(record)
    return [
        Happening(one, rtype, record, one.actor_kind == "import" or len(sizes[one.batch]) > FEW)
        for one, rtype, record in found
    ]


def _reasons(happening: Happening, following: Following) -> dict[UUID, tuple[str, bool]]:
    """Why each of them is told, and whether it matters."""
    entry, rtype = happening.entry, happening.rtype
    is_important = entry.kind != "changed" or _matters(rtype, entry)
    kind = "changed" if entry.kind == "changed" else entry.kind.removeprefix("records.")
    reasons = dict.fromkeys(following.hear(is_important=is_important), (kind, is_important))
    owner = rtype.field("owner")
    if entry.kind == "changed" and owner and (given := entry.after.get(owner.column)):
        reasons[UUID(given)] = (ASSIGNED, True)
    return _but_for(entry, reasons)


def _assigned_by(happening: Happening, owner: UUID) -> dict[UUID, tuple[str, bool]]:
    return _but_for(happening.entry, {owner: (ASSIGNED, True)})


def _but_for(entry: JournalEntry, reasons: dict[UUID, tuple[str, bool]]) -> dict[UUID, tuple[str, bool]]:
    return {user: why for user, why in reasons.items() if user != entry.user_id}


def _matters(rtype: RecordType, entry: JournalEntry) -> bool:
    """Whether a change is of the title, the owner, or a field that stands as a chip beside the title."""
    touched = entry.before.keys() | entry.after.keys()
    custom = (entry.before.get("custom") or {}).keys() | (entry.after.get("custom") or {}).keys()
    fields = [rtype.field(slug) for slug in (rtype.title, "owner", *rtype.chips)]
    return any(_is_among(one, touched, custom) for one in fields if one)


def _is_among(field: Field, touched: Collection[str], custom: Collection[str]) -> bool:
    if field.custom or field.through:
        return field.slug in (custom if field.custom else touched)
    return field.column in touched or field.path in touched


def _told(happenings: Sequence[Happening], reasons: Sequence[Any], records: dict[Key, Following]) -> list[Notice]:
    concerned: dict[Key, set[UUID]] = defaultdict(set)
    for one, why in zip(happenings, reasons, strict=True):
        if why:
            concerned[one.record] |= why.keys()
    seen = audience(concerned, records)
    found: dict[tuple[UUID, str], Notice] = {}
    for one, why in zip(happenings, reasons, strict=True):
        for notice in _notices(one, why, seen):
            known = found.setdefault((notice.user_id, notice.key), notice)
            if notice.is_important and not known.is_important:
                found[notice.user_id, notice.key] = notice
    return list(found.values())


def _notices(happening: Happening, reasons: dict[UUID, tuple[str, bool]], seen: Audience) -> Iterator[Notice]:
    entry, (slug, key) = happening.entry, happening.record
    for user in reasons.keys() & seen.seeing.get(happening.record, set()):
        kind, is_important = reasons[user]
        about: dict[str, Any] = {"record_type": slug, "record_id": key}
        data: dict[str, Any] = {"who": entry.actor_name}
        if happening.is_bulk:
            kind = MANY_ASSIGNED if kind == ASSIGNED else MANY
            about, is_important = {}, kind == MANY_ASSIGNED
            data |= {"type": slug}
        elif kind == DELETED:
            # A notice about a record is for who sees it live: this one names it by itself.
            about, data = {}, data | {"type": slug, "id": str(key)}
        elif kind == CHANGED:
            data |= {"slice": _slice(entry)}
        yield Notice(
            user_id=user,
            key=_key(happening, kind),
            kind=kind,
            who_id=entry.user_id,
            data=data,
            is_important=is_important,
            seen=user in seen.looking.get(happening.record, ()),
            **about,
        )


def _key(happening: Happening, kind: str) -> str:
    entry = happening.entry
    if happening.is_bulk:
        return f"{kind} {entry.batch} {happening.rtype.slug}"
    if kind == CHANGED:
        return f"changed {entry.about_id} {entry.user_id or entry.actor_name} {_slice(entry)}"[:200]
    return f"{kind} {entry.about_id} {entry.id}"


def _slice(entry: JournalEntry) -> int:
    return int(entry.at.timestamp()) // SLICE
