"""What people and programs can do with a bulk edit: ask for it, follow it, cancel it, go on with it."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import CannotUndo
from rapport.engine.events.ids import uuid7
from rapport.engine.events.turns import take_turns
from rapport.engine.events.undo import is_undone
from rapport.engine.events.undo.batches import hold
from rapport.engine.events.undo.large import refuse_if_at_work
from rapport.engine.records.bulk.asking import Ask, Deed, asked_rows
from rapport.engine.records.bulk.changes import as_kept
from rapport.engine.records.bulk.errors import BulkRefused
from rapport.engine.records.bulk.jobs import work
from rapport.engine.records.bulk.running import lay_out, note, reason_of, slice_size
from rapport.engine.records.bulk.writing import write_slice
from rapport.engine.records.gate import require
from rapport.engine.records.models import BulkRun
from rapport.engine.records.registry import RecordType

AT_ONCE = 300  # records that are changed while somebody waits
State = BulkRun.State


def start(actor: Actor, rtype: RecordType, ask: Ask, *, batch: UUID | None = None, back: str = "") -> BulkRun:
    """Do it now if the records are few, else begin it in the background.

    `batch` names the deed: asked for twice, it is done once. Raises BulkRefused, NotAllowed and FilterError.
    """
    require(actor, rtype, ask.verb)
    if ask.deed == Deed.EDIT and not ask.changes:
        raise BulkRefused(_("Choose at least one field to change."))
    if ask.deed == Deed.CONFIRM and not ask.changes:
        raise BulkRefused(_("Choose at least one field to confirm."))
    with transaction.atomic():
        if batch is not None:
            take_turns(f"bulk {batch}")
            known = BulkRun.objects.filter(batch=batch).first()
            if known is not None and not is_undone(batch):
                return known
            batch = None if known else batch
        run = BulkRun(
            record_type=rtype.slug, user_id=actor.user_id, actor_name=actor.name, deed=ask.deed, where=ask.where,
            zone=str(ask.zone), changes=as_kept(ask.changes), back=back, batch=batch or uuid7(), created_at=ask.now,
            started_at=timezone.now(),
        )  # fmt: skip
        _begin(run, actor, rtype, ask)
    return run


def cancel(run: BulkRun) -> None:
    """End a run: the slice at work ends first. Raises BulkRefused for one that has ended."""
    with transaction.atomic():
        held = BulkRun.objects.select_for_update().get(pk=run.pk)
        if held.is_over:
            raise _wrong_state()
        if held.is_working:
            held.wish = State.CANCELLED
        else:
            held.state, held.finished_at = State.CANCELLED, timezone.now()
        held.save(update_fields=["wish", "state", "finished_at"])
    run.refresh_from_db()


def resume(run: BulkRun) -> None:
    """Go on with a run that stopped, unless what it did was taken back. Raises BulkRefused."""
    with transaction.atomic():
        hold(run.batch)
        held = BulkRun.objects.select_for_update().get(pk=run.pk)
        if held.state != State.STOPPED:
            raise _wrong_state()
        try:
            refuse_if_at_work(held.batch)
        except CannotUndo as at_work:
            raise BulkRefused(str(at_work)) from None
        if is_undone(held.batch):
            raise BulkRefused(_("What this did has been taken back. Ask for it anew."))
        held.state, held.wish, held.error = (State.RUNNING if held.is_found else State.LOOKING), "", ""
        held.save(update_fields=["state", "wish", "error"])
        work.defer(run_id=held.pk)
    run.refresh_from_db()


def find_run(actor: Actor, key: UUID) -> BulkRun | None:
    """A run that the actor may see: their own, an administrator's are all."""
    runs: Any = BulkRun.objects.all() if actor.is_admin else BulkRun.objects.filter(user_id=actor.user_id)
    found: BulkRun | None = runs.filter(pk=key).first()
    return found


def _begin(run: BulkRun, actor: Actor, rtype: RecordType, ask: Ask) -> None:
    rows = asked_rows(actor, rtype, ask).order_by("pk").values_list("pk", flat=True).distinct()
    keys = list(rows if ask.keys is not None else rows[: AT_ONCE + 1])
    if len(keys) > AT_ONCE:
        if ask.keys is not None:
            lay_out(run, keys, slice_size(rtype, ask))
            run.is_found, run.state = True, State.RUNNING
        run.save()
        work.defer(run_id=run.pk)
        return
    run.total = run.done = len(keys)
    with open_act(actor, reason=reason_of(run), batch=run.batch) as act:
        note(run, write_slice(act, rtype, ask, keys))
    run.is_found, run.state, run.finished_at = True, State.DONE, timezone.now()
    run.save()


def _wrong_state() -> BulkRefused:
    return BulkRefused(_("This has come to another point meanwhile. Look at it again."))
