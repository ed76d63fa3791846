"""Undoing a batch: whether one may, and in which order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.engine.events.act import Act, open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import CannotUndo, NotAllowed, nothing_to_undo
from rapport.engine.events.facts import Fact
from rapport.engine.events.ids import uuid7
from rapport.engine.events.images import type_name
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import Journaled, JournalEntry
from rapport.engine.events.turns import take_turns
from rapport.engine.events.undo.objections import objection
from rapport.engine.events.undo.outcome import Outcome, Place
from rapport.engine.events.undo.reach import freed
from rapport.engine.events.undo.steps import CHANGES, take_back

UNDOABLE_FOR = timedelta(days=30)
CHUNK = 1000
LISTED = 200
Report = Callable[[int], None]


@dataclass(frozen=True)
class BatchUndone(Fact, kind="batch.undone", about="events.batch"):
    """A batch was taken back, but for what others had changed since: `conflicts` names the first of these places."""

    batch: UUID
    rows: int
    kept: int
    conflicts: list[dict[str, Any]]


@dataclass(frozen=True)
class BatchPartlyUndone(Fact, kind="batch.partly_undone", about="events.batch"):
    """A slice of a large batch was taken back: all entries from the last down to this one.

    `done` counts entries, `rows` what went back, both from the beginning; `conflicts` names the places of this slice.
    """

    batch: UUID
    down_to: int
    done: int
    rows: int
    conflicts: list[Place]


def undo_batch(act: Act, batch: UUID) -> Outcome:
    """Take back every change of a batch within its 30 days; the act's own batch can be undone in turn.

    A value changed since by someone else is kept and listed. Raises CannotUndo or NotAllowed.
    """
    hold(batch)
    require_undoable(act.actor, batch, act.now)
    begun = _begun(batch)
    outcome, _done = _taken_up(act.actor, batch, begun)
    for entries in _chunks_backwards(batch, begun):
        take_back(act, entries, outcome)
    _tell(act, batch, outcome)
    return outcome


def undo_in_slices(
    actor: Actor, batch: UUID, *, reason: str = "", undoing: UUID | None = None, report: Report = lambda _done: None
) -> Outcome:
    """As `undo_batch`, for batches so large that one transaction would keep everybody waiting.

    Each slice commits, all in one batch: `undoing`, or that of an undo that was broken off, which goes on from there.
    `report` hears between slices how many entries are done, and may end the work by raising.
    """
    require_undoable(actor, batch, timezone.now())
    begun = _begun(batch)
    outcome, done = _taken_up(actor, batch, begun)
    undoing = begun.batch if begun else undoing or uuid7()
    while True:
        report(done)
        with open_act(actor, reason=reason, batch=undoing) as act:
            hold(batch)
            _require_not_undone(batch)
            entries = next(_chunks_backwards(batch, _begun(batch)), None)
            if entries is None:
                _tell(act, batch, outcome)
                return outcome
            take_back(act, entries, outcome)
            done += len(entries)
            act.happened(BatchPartlyUndone(batch, entries[-1].id, done, outcome.rows, outcome.news()))


def count_changes(batch: UUID, *, limit: int = 10_001) -> int:
    """How many changes a batch made, counted up to a limit: whether to undo it at once or in a job."""
    return JournalEntry.objects.filter(batch=batch, kind__in=CHANGES)[:limit].count()


def is_undone(batch: UUID) -> bool:
    """Whether a batch has been taken back, and its undoing not undone again."""
    undoing = JournalEntry.objects.filter(kind=BatchUndone.kind, about_id=batch).order_by("-id").first()
    return undoing is not None and not is_undone(undoing.batch)


def begun_in(batch: UUID) -> UUID | None:
    """The batch in which an undo of this one was begun and broken off."""
    begun = _begun(batch)
    return begun.batch if begun else None


def hold(batch: UUID) -> None:
    """Two who undo the same batch at once take turns, so that the second finds it undone."""
    take_turns(f"undo {batch}")


def require_undoable(actor: Actor, batch: UUID, now: datetime, *, at_a_glance: bool = False) -> None:
    """Raise CannotUndo or NotAllowed. A glance looks at how the batch began, not at each of its changes."""
    changes = JournalEntry.objects.filter(batch=batch, kind__in=CHANGES)
    first = changes.order_by("id").first()
    if first is None:
        raise nothing_to_undo()
    is_own = actor.user_id is not None and first.user_id == actor.user_id
    if not (actor.is_admin or (is_own and (at_a_glance or not _by_others(batch, first.user_id)))):
        raise NotAllowed(_("Only the person who made these changes or an administrator can undo them."))
    if now - first.at > UNDOABLE_FOR:
        raise CannotUndo(_("These changes are more than 30 days old and can no longer be undone."))
    _require_not_undone(batch)
    if why := objection(batch):
        raise CannotUndo(why)
    if not at_a_glance and changes.filter(about_type__in=never_undone()).exists():
        raise CannotUndo(_("This changed who may do what, which is never undone. Change it back by hand."))


def _require_not_undone(batch: UUID) -> None:
    if is_undone(batch):
        raise CannotUndo(_("These changes have already been undone."))


def never_undone() -> list[str]:
    """The tables whose changes undo refuses: who may do what."""
    models = (model for model in apps.get_models() if issubclass(model, Journaled))
    return [type_name(model) for model in models if not model.undoable]


def _by_others(batch: UUID, user: UUID | None) -> bool:
    return JournalEntry.objects.filter(batch=batch, kind__in=CHANGES).exclude(user_id=user).exists()


def _begun(batch: UUID) -> JournalEntry | None:
    """The last slice of an undo that was broken off."""
    kinds = (BatchUndone.kind, BatchPartlyUndone.kind)
    entry = JournalEntry.objects.filter(kind__in=kinds, about_id=batch).order_by("-id").first()
    return entry if entry and entry.kind == BatchPartlyUndone.kind and not is_undone(entry.batch) else None


def done_again_in(batch: UUID) -> frozenset[UUID]:
    """The batches that did again what was taken back of this one, by taking back its undoing."""
    entries = JournalEntry.objects.filter(kind=BatchUndone.kind)
    again: set[UUID] = set()
    asked = {batch}
    while asked:
        undoings = entries.filter(about_id__in=asked).values_list("batch", flat=True)
        found = set(entries.filter(about_id__in=list(undoings)).values_list("batch", flat=True))
        asked = found - again
        again |= found
    return frozenset(again)


def _taken_up(actor: Actor, batch: UUID, begun: JournalEntry | None) -> tuple[Outcome, int]:
    """What an undo that was broken off had done and kept, and through how many entries it had come."""
    outcome = Outcome(frees=freed(actor, batch), own_batches=done_again_in(batch))
    if begun is None:
        return outcome, 0
    slices = JournalEntry.objects.filter(batch=begun.batch, kind=BatchPartlyUndone.kind, about_id=begun.about_id)
    places: list[Place] = []
    for one in with_payloads(list(slices.order_by("id"))):
        places += one.data.get("conflicts", [])
    last: Sequence[JournalEntry] = with_payloads([begun])
    outcome.recall(last[0].data.get("rows", 0), places)
    return outcome, last[0].data.get("done", 0)


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
    places = [one.place for one in outcome.conflicts[:LISTED]]
    act.happened(BatchUndone(batch, outcome.rows, outcome.kept, places))
