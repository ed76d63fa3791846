"""Running: the records are laid out in slices first, then each slice commits with how far the run has come."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.bulk.asking import VERBS, Ask, Deed, asked_rows
from rapport.engine.records.bulk.changes import recalled
from rapport.engine.records.bulk.errors import BulkRefused
from rapport.engine.records.bulk.writing import Outcome, touched_unique, write_slice
from rapport.engine.records.gate import require
from rapport.engine.records.models import BulkRefusal, BulkRun, BulkSlice
from rapport.engine.records.registry import RecordType, find_record_type

SLICE = 500
SLICE_ALONE = 100  # where records go one after the other, a slice takes several times as long
LOOK = 40  # slices laid out in one transaction
MOST_REFUSALS = 1_000
State = BulkRun.State
Report = Callable[[int], None]


class Ended(Exception):
    """The run was cancelled, or another worker has it."""


def silent(_done: int) -> None:
    """Tells nobody."""


def go_on(run: BulkRun, report: Report = silent) -> None:
    """Work from where the run stands to its end, or until somebody cancels it.

    Raises BulkRefused, NotAllowed and FilterError when it cannot go on as it was asked for.
    """
    with timezone.override(ZoneInfo(run.zone)):
        try:
            while run.state == State.LOOKING:
                _look(run)
                report(run.done)
            while run.slices_done < run.slices:
                _run_slice(run)
                report(run.done)
            _finish(run, State.DONE)
        except _Asked:
            _finish(run, State.CANCELLED)
        except Ended:
            return


def lay_out(run: BulkRun, keys: Sequence[UUID], size: int) -> None:
    """Fix some more of the records that the run is about."""
    pieces = [keys[start : start + size] for start in range(0, len(keys), size)]
    BulkSlice.objects.bulk_create(
        BulkSlice(run_id=run.pk, n=n, keys=list(piece)) for n, piece in enumerate(pieces, run.slices)
    )
    run.slices += len(pieces)
    run.total += len(keys)


def slice_size(rtype: RecordType, ask: Ask) -> int:
    """How many records one transaction changes well within a second."""
    return SLICE_ALONE if touched_unique(rtype, ask) else SLICE


def type_of(run: BulkRun) -> RecordType:
    """The record type of a run. Raises BulkRefused when there is no such type any more."""
    rtype = find_record_type(run.record_type)
    if rtype is None:
        raise BulkRefused(_("Records of this kind are no longer here."))
    return rtype


def ask_of(run: BulkRun, rtype: RecordType, actor: Actor) -> Ask:
    """What was asked, if the actor may still do it. Raises NotAllowed and BulkRefused."""
    require(actor, rtype, VERBS[run.deed])
    changes = tuple(recalled(rtype, run.changes, actor))
    return Ask(run.deed, now=run.created_at, zone=ZoneInfo(run.zone), where=run.where, changes=changes)


def reason_of(run: BulkRun) -> str:
    """What the journal says beside each change."""
    words = {
        Deed.EDIT: _("Bulk edit"), Deed.DELETE: _("Bulk delete"), Deed.RESTORE: _("Bulk restore"),
        Deed.CONFIRM: _("Confirmed in bulk"),
    }  # fmt: skip
    return words[Deed(run.deed)]


def user_actor(run: BulkRun) -> Actor:
    """Who asked, with the roles of now. Raises NotAllowed when they may no longer sign in."""
    user: Any = get_user_model()._default_manager.filter(pk=run.user_id).first() if run.user_id else None
    if user is None or not user.is_active:
        raise NotAllowed(_("The user who asked for this may no longer sign in."))
    return cast(Actor, user.actor)


def _look(run: BulkRun) -> None:
    """Fix the next of the records, before any is changed: a record that is changed may leave the filter."""
    with transaction.atomic():
        _hold(run)
        actor, rtype = user_actor(run), type_of(run)
        ask = ask_of(run, rtype, actor)
        rows = asked_rows(actor, rtype, ask).order_by("pk")
        if run.looked_to:
            rows = rows.filter(pk__gt=run.looked_to)
        size = slice_size(rtype, ask)
        keys = list(rows.values_list("pk", flat=True).distinct()[: LOOK * size])
        lay_out(run, keys, size)
        run.looked_to = keys[-1] if keys else run.looked_to
        if len(keys) < LOOK * size:
            run.is_found, run.state = True, State.RUNNING
        run.save(update_fields=["looked_to", "slices", "total", "is_found", "state"])


def _run_slice(run: BulkRun) -> None:
    """Do the next slice, with the rights that the actor has now."""
    actor, rtype = user_actor(run), type_of(run)
    with open_act(actor, reason=reason_of(run), batch=run.batch) as act:
        _hold(run)
        piece = BulkSlice.objects.get(run_id=run.pk, n=run.slices_done)
        outcome = write_slice(act, rtype, ask_of(run, rtype, actor), piece.keys)
        note(run, outcome)
        piece.delete()
        run.slices_done += 1
        run.done += len(piece.keys)
        run.save(update_fields=["slices_done", "done", "counts"])


def note(run: BulkRun, outcome: Outcome) -> None:
    """Add up what came of a slice, and keep the first of the reasons."""
    counts = Counter(run.counts)
    room = max(MOST_REFUSALS - counts["refused"], 0)
    counts.update(outcome.counts)
    run.counts = {name: number for name, number in counts.items() if number}
    BulkRefusal.objects.bulk_create(
        BulkRefusal(run_id=run.pk, record=key, reason=reason) for key, reason in outcome.refused[:room]
    )


def _hold(run: BulkRun) -> None:
    """Lock the run's row. Raises Ended when it is no longer ours to go on with."""
    now = BulkRun.objects.select_for_update().get(pk=run.pk)
    if (now.state, now.slices_done, now.looked_to) != (run.state, run.slices_done, run.looked_to):
        raise Ended
    if now.wish == State.CANCELLED:
        raise _Asked


class _Asked(Ended):
    """Somebody asked for the end."""


def _finish(run: BulkRun, state: State) -> None:
    """End with what is written so far; what was laid out and not done is dropped."""
    with transaction.atomic():
        held = BulkRun.objects.select_for_update().get(pk=run.pk)
        if not held.is_working or held.slices_done != run.slices_done:
            return
        BulkSlice.objects.filter(run_id=run.pk).delete()
        held.state, held.wish, held.error, held.finished_at = state, "", "", timezone.now()
        held.save(update_fields=["state", "wish", "error", "finished_at"])
    run.refresh_from_db()
