"""What a run does next: staging, checking, running or undoing, by its state."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from rapport.engine.events.actor import SYSTEM, Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.undo import is_undone, undo_in_slices
from rapport.engine.records.gate import require
from rapport.engine.records.imports.checking import check, sample_of
from rapport.engine.records.imports.contents import place_by_content
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.guessing import guess_columns, remembered
from rapport.engine.records.imports.matching import match_choices
from rapport.engine.records.imports.running import run_slices
from rapport.engine.records.imports.staging import stage
from rapport.engine.records.models import ImportRun
from rapport.engine.records.models.imports import SHOWN
from rapport.engine.records.reading import reading_for
from rapport.engine.records.registry import RecordType, find_record_type

State = ImportRun.State
Report = Callable[[int], None]


def silent(_done: int) -> None:
    """Tells nobody."""


def go_on(run: ImportRun, report: Report = silent) -> None:
    """Do what the state says, up to the next state that waits for somebody."""
    if run.state == State.UNDOING:
        undo_in_slices(user_actor(run), run.batch, reason=_("Undo of the import of %(name)s") % {"name": run.name})
        _become(run, State.UNDONE)
        return
    actor, rtype = import_actor(run), type_of(run)
    require(actor, rtype, "import")
    if run.state == State.STAGING:
        stage(run, report)
        suggest(run, actor, rtype)
        _become(run, State.STAGED)
    elif run.state == State.CHECKING:
        check(run, actor, rtype, report)
        _become(run, State.CHECKED)
    elif run.state == State.RUNNING:
        run_slices(run, actor, rtype, report)


def suggest(run: ImportRun, actor: Actor, rtype: RecordType) -> None:
    """Propose where the columns go: as the last time a file looked like this, else by names and values."""
    # Pasted columns without names say nothing of where those went that were pasted before.
    is_nameless = run.is_pasted and not run.dialect.get("header")
    before = None if is_nameless else remembered(run, actor, rtype)
    if before is not None:
        run.columns = [
            {**one, "header": head, "sure": "remembered"} for one, head in zip(before.columns, run.header, strict=True)
        ]
        kept = {name: before.options[name] for name in ("match", "rules", "source") if name in before.options}
        run.options = kept | run.options
    else:
        run.columns = guess_columns(actor, rtype, run.header, sample_of(run), reading_for(actor))
    if is_nameless:
        run.columns = place_by_content(actor, rtype, run.columns, sample_of(run), run.options[SHOWN])
    run.options.setdefault("match", best_match(run, actor, rtype))
    run.options.setdefault("mode", "upsert")
    run.mends, run.found = {}, {}
    run.save(update_fields=["columns", "options", "mends", "found"])


def best_match(run: ImportRun, actor: Actor, rtype: RecordType) -> str:
    """The way to match that the columns allow: Rapport's own ids before those of others, then the type's best."""
    going = {one.get("to", "").partition(":")[0].partition(".")[0] for one in run.columns}
    if "id" in going:
        return "id"
    usual = match_choices(actor, rtype)[0]
    if going & set(usual.split("+")):
        return usual
    return "external_id" if "external_id" in going else ""


def type_of(run: ImportRun) -> RecordType:
    """The record type of a run. Raises ImportRefused when there is no such type any more."""
    rtype = find_record_type(run.record_type)
    if rtype is None:
        raise ImportRefused(_("Records of this kind are no longer here."))
    return rtype


def user_actor(run: ImportRun) -> Actor:
    """Who sent the file, with the roles of now. Raises NotAllowed when they may no longer sign in."""
    if run.user_id is None:
        return SYSTEM
    user = get_user_model()._default_manager.filter(pk=run.user_id).first()
    if user is None or not user.is_active:
        raise NotAllowed(_("The user who sent this file may no longer sign in."))
    actor: Actor = user.actor
    return actor


def import_actor(run: ImportRun) -> Actor:
    """The import, on behalf of its user."""
    user = user_actor(run)
    if user.kind == "system":
        return user
    return replace(user, kind="import", id=run.pk, on_behalf_of=user.user_id)


def can_undo(run: ImportRun) -> bool:
    """Whether there is something of the run to take back."""
    wrote = bool(run.results.get("prepared"))
    return wrote and run.state in (State.DONE, State.CANCELLED, State.PAUSED, State.FAILED) and not is_undone(run.batch)


def _become(run: ImportRun, state: str) -> None:
    run.state, run.error = state, ""
    run.save(update_fields=["state", "error"])
