"""Undoing a batch: whether one may, and in which order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _

from rapport.engine.events.act import Act, open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import CannotUndo, NotAllowed, nothing_to_undo
from rapport.engine.events.facts import Fact
from rapport.engine.events.ids import uuid7
from rapport.engine.events.images import type_name
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import Journaled, JournalEntry
from rapport.engine.events.undo.outcome import Outcome
from rapport.engine.events.undo.steps import CHANGES, take_back

UNDOABLE_FOR = timedelta(days=30)
CHUNK = 1000
LISTED = 200


@dataclass(frozen=True)
class BatchUndone(Fact, kind="batch.undone", about="events.batch"):
    """A batch was taken back, but for what others had changed since: `conflicts` names the first of these places."""

    batch: UUID
    rows: int
    kept: int
    conflicts: list[dict[str, Any]]


@dataclass(frozen=True)
class BatchPartlyUndone(Fact, kind="batch.partly_undone", about="events.batch"):
    """A slice of a large batch was taken back: all entries from the last down to this one."""

    batch: UUID
    down_to: int


def undo_batch(act: Act, batch: UUID) -> Outcome:
    """Take back every change of a batch within its 30 days; the act's own batch can be undone in turn.

    A value changed since by someone else is kept and listed. Raises CannotUndo or NotAllowed.
    """
    _hold(batch)
    _require_undoable(act.actor, batch, act.now)
    outcome = Outcome()
    for entries in _chunks_backwards(batch, _begun(batch)):
        take_back(act, entries, outcome)
    _tell(act, batch, outcome)
    return outcome


def undo_in_slices(actor: Actor, batch: UUID, *, reason: str = "") -> Outcome:
    """As `undo_batch`, for batches so large that one transaction would keep everybody waiting.

    Each slice commits, all in one batch. If it is broken off, the next undo of the batch goes on from there.
    """
    begun = _begun(batch)
    undoing = begun.batch if begun else uuid7()
    outcome = Outcome()
    while True:
        with open_act(actor, reason=reason, batch=undoing) as act:
            _hold(batch)
            _require_undoable(actor, batch, act.now)
            entries = next(_chunks_backwards(batch, _begun(batch)), None)
            if entries is None:
                _tell(act, batch, outcome)
                return outcome
            take_back(act, entries, outcome)
            act.happened(BatchPartlyUndone(batch, entries[-1].id))


def count_changes(batch: UUID, *, limit: int = 10_001) -> int:
    """How many changes a batch made, counted up to a limit: whether to undo it at once or in a job."""
    return JournalEntry.objects.filter(batch=batch, kind__in=CHANGES)[:limit].count()


def is_undone(batch: UUID) -> bool:
    """Whether a batch has been taken back, and its undoing not undone again."""
    undoing = JournalEntry.objects.filter(kind=BatchUndone.kind, about_id=batch).order_by("-id").first()
    return undoing is not None and not is_undone(undoing.batch)


def _hold(batch: UUID) -> None:
    """Two who undo the same batch at once take turns, so that the second finds it undone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"undo {batch}"])


def _require_undoable(actor: Actor, batch: UUID, now: datetime) -> None:
    changes = JournalEntry.objects.filter(batch=batch, kind__in=CHANGES)
    first = changes.order_by("id").first()
    if first is None:
        raise nothing_to_undo()
    if not (actor.is_admin or (actor.user_id and not _by_others(batch, actor.user_id))):
        raise NotAllowed(_("Only the person who made these changes or an administrator can undo them."))
    if now - first.at > UNDOABLE_FOR:
        raise CannotUndo(_("These changes are more than 30 days old and can no longer be undone."))
    if is_undone(batch):
        raise CannotUndo(_("These changes have already been undone."))
    if changes.filter(about_type__in=never_undone()).exists():
        raise CannotUndo(_("This changed who may do what, which is never undone. Change it back by hand."))


def never_undone() -> list[str]:
    """The tables whose changes undo refuses: who may do what."""
    models = (model for model in apps.get_models() if issubclass(model, Journaled))
    return [type_name(model) for model in models if not model.undoable]


def _by_others(batch: UUID, user: UUID) -> bool:
    return JournalEntry.objects.filter(batch=batch, kind__in=CHANGES).exclude(user_id=user).exists()


def _begun(batch: UUID) -> JournalEntry | None:
    """The last slice of an undo that was broken off."""
    kinds = (BatchUndone.kind, BatchPartlyUndone.kind)
    entry = JournalEntry.objects.filter(kind__in=kinds, about_id=batch).order_by("-id").first()
    return entry if entry and entry.kind == BatchPartlyUndone.kind else None


def _chunks_backwards(batch: UUID, begun: JournalEntry | None) -> Iterator[list[JournalEntry]]:
    """Entries of a batch from the last, by keyset, so that an import of a million rows stays small in memory."""
    entries = JournalEntry.objects.filter(batch=batch, kind__in=CHANGES).order_by("-id")
    if begun is not None:
        entries = entries.filter(id__lt=with_payloads([begun])[0].data["down_to"])
    while chunk := list(entries[:CHUNK]):
        with_payloads(chunk)
        yield chunk
        entries = entries.filter(id__lt=chunk[-1].id)


def _tell(act: Act, batch: UUID, outcome: Outcome) -> None:
    """The fact names places, not values: those may have to be erased with the records they belong to."""
    places = [
        {"type": one.about_type, "id": one.about_id, "column": one.column, "why": one.why}
        for one in outcome.conflicts[:LISTED]
    ]
    act.happened(BatchUndone(batch, outcome.rows, outcome.kept, places))
