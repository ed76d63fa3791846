"""Undoing a large batch in the background: handed to a job by the doors, followed by whoever asked for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, cast
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import CannotUndo, NotAllowed
from rapport.engine.events.ids import uuid7
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.undo.batches import (
    BatchUndone,
    begun_in,
    count_changes,
    hold,
    is_undone,
    require_undoable,
    undo_in_slices,
)
from rapport.engine.events.undo.outcome import Place
from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.queries import JobRow, last_job

AT_ONCE = 2_000  # changes that one transaction takes back well within a second
EVERYTHING = 2**62

State = Literal["waiting", "running", "done", "stopped"]


@dataclass(frozen=True)
class Undoing:
    """How far a batch has been taken back: `undoing` is the batch in which, `conflicts` the first places that stay."""

    batch: UUID
    undoing: UUID
    state: State
    done: int = 0
    total: int | None = None
    rows: int = 0
    kept: int = 0
    conflicts: list[Place] = field(default_factory=list)
    error: str = ""


# Called once when an undo in the background has ended: (user, how it ended). Filled by the room that tells people.
tellers: list[Callable[[UUID, Undoing], None]] = []


def is_large(batch: UUID) -> bool:
    """Whether taking it back would keep everybody waiting."""
    return count_changes(batch, limit=AT_ONCE + 1) > AT_ONCE


def undo_later(actor: Actor, batch: UUID, *, reason: str = "") -> Undoing:
    """Have a job take a batch back. Raises CannotUndo, also while one is at it already, and NotAllowed."""
    with transaction.atomic():
        hold(batch)
        require_undoable(actor, batch, timezone.now(), at_a_glance=True)
        refuse_if_at_work(batch)
        undoing = begun_in(batch) or uuid7()
        undo_large.defer(batch=batch, undoing=undoing, user_id=actor.user_id, reason=reason)
    return Undoing(batch, undoing, "waiting")


def refuse_if_at_work(batch: UUID) -> None:
    """Raise CannotUndo while a job takes the batch back."""
    run = last_job(undo_large.name, batch=batch)
    if run is not None and run.state in ("waiting", "running"):
        raise CannotUndo(_("These changes are being taken back already."))


def undoing_of(batch: UUID) -> Undoing | None:
    """How far a batch has been taken back; None when nobody has asked for it, or it was done again since."""
    fact = JournalEntry.objects.filter(kind=BatchUndone.kind, about_id=batch).order_by("-id").first()
    if fact is not None and not is_undone(fact.batch):
        told = with_payloads([fact])[0].data
        return Undoing(
            batch, fact.batch, "done", rows=told["rows"], kept=told["kept"], conflicts=told.get("conflicts", [])
        )
    run = last_job(undo_large.name, batch=batch)
    return _unfinished(batch, run) if run is not None else None


@job(label=__("Undo"), retry=2)
def undo_large(progress: Reporter, batch: UUID, undoing: UUID, user_id: UUID | None, reason: str) -> None:
    """Take a batch back slice by slice; a run that was broken off goes on from its last slice."""
    if not is_undone(batch):
        total = count_changes(batch, limit=EVERYTHING)
        try:
            report = partial(progress.report, total=total)
            undo_in_slices(_user_of(user_id), batch, reason=reason, undoing=undoing, report=report)
        except (CannotUndo, NotAllowed) as refused:
            progress.problem(str(refused))
            _tell(user_id, Undoing(batch, undoing, "stopped", error=str(refused)))
            return
    if (done := undoing_of(batch)) is not None:
        _tell(user_id, done)


def _unfinished(batch: UUID, run: JobRow) -> Undoing | None:
    undoing = UUID(run.arguments["undoing"])
    problems = run.progress.problems if run.progress else []
    if run.state == "done" and not problems:
        return None
    state: State = run.state if run.state in ("waiting", "running") else "stopped"
    error = "; ".join(problems) or run.error if state == "stopped" else ""
    done, total = (run.progress.done, run.progress.total) if run.progress else (0, None)
    return Undoing(batch, undoing, state, done=done, total=total, error=error)


def _user_of(user_id: UUID | None) -> Actor:
    """Who asked, with the roles of now. Raises NotAllowed when they may no longer sign in."""
    user: Any = get_user_model()._default_manager.filter(pk=user_id).first() if user_id else None
    if user is None or not user.is_active:
        raise NotAllowed(_("The user who asked for this may no longer sign in."))
    return cast(Actor, user.actor)


def _tell(user_id: UUID | None, how: Undoing) -> None:
    if user_id is not None:
        for teller in tellers:
            teller(user_id, how)
