"""What happened in the whole house, as far as an actor may see it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.undo import BatchUndone
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType, by_journal_type


def entries_seen(actor: Actor, *, before: int | None, limit: int) -> list[JournalEntry]:
    """Entries, newest first: an administrator's are all, everybody else's those of their own hand."""
    entries = JournalEntry.objects.order_by("-id")
    if before is not None:
        entries = entries.filter(id__lt=before)
    if not actor.is_admin:
        entries = entries.filter(user_id=actor.user_id)
    return list(entries[:limit])


def ids_seen(actor: Actor, table: str, keys: set[UUID]) -> set[UUID]:
    """Those of the records of a table, live or deleted, that the actor may see."""
    rtype = by_journal_type(table)
    if rtype is None:
        return set()
    return set(visible(actor, rtype, deleted=None).filter(pk__in=keys).values_list("pk", flat=True))


def undone_among(batches: Iterable[UUID]) -> set[UUID]:
    """Those of the batches that were taken back, and whose undoing was not undone in turn."""
    undoings = JournalEntry.objects.filter(kind=BatchUndone.kind, about_id__in=list(batches)).order_by("id")
    latest = {undoing.about_id: undoing.batch for undoing in undoings if undoing.about_id}
    if not latest:
        return set()
    revived = undone_among(latest.values())
    return {batch for batch, undoing in latest.items() if undoing not in revived}


def made_in(batch: UUID, rtype: RecordType) -> list[Any]:
    """The records of a type that a batch has made, deleted ones included."""
    entries = JournalEntry.objects.filter(batch=batch, kind="created", about_type=rtype.journal_type)
    return list(rtype.rows().filter(pk__in=entries.values("about_id")))


def first_of_own(actor: Actor, batch: UUID) -> JournalEntry | None:
    """The entry with which a batch began; None if it was somebody else's and the actor is no administrator."""
    first = JournalEntry.objects.filter(batch=batch).order_by("id").first()
    is_own = first is not None and actor.user_id is not None and first.user_id == actor.user_id
    return first if is_own or actor.is_admin else None
