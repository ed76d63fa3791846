"""What people and programs can do to an import: begin, read otherwise, map, check, run, pause, cancel, undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.files.actions import keep_file
from rapport.engine.files.store import Readable, path_of, receive
from rapport.engine.records.gate import require
from rapport.engine.records.imports.checking import check_again, sample_of
from rapport.engine.records.imports.compiled import Compiled, compile_run
from rapport.engine.records.imports.doing import can_undo, go_on, import_actor, suggest, type_of
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.holding import in_hand
from rapport.engine.records.imports.inventing import new_field, refresh_names
from rapport.engine.records.imports.jobs import work
from rapport.engine.records.imports.matching import match_named
from rapport.engine.records.imports.places import NEW
from rapport.engine.records.imports.reading.clipboard import PASTED
from rapport.engine.records.imports.reading.dialect import Dialect
from rapport.engine.records.imports.reading.encoding import ENCODINGS
from rapport.engine.records.imports.reading.source import detect_reading, kind_of
from rapport.engine.records.imports.staging import file_path
from rapport.engine.records.models import ImportRun
from rapport.engine.records.models.imports import SHOWN
from rapport.engine.records.registry import RecordType

MOST_BYTES = 2 * 1024**3
SMALL_FILE = 2 * 1024**2  # bytes that are staged while the sender waits
FEW_ROWS = 5_000  # rows that are checked while somebody waits
FEW_PASTED = 500  # rows that are written while somebody waits, to whom no bell has to ring
OPTIONS = frozenset({"mode", "match", "rule", "rules", "source"})
MODES = ("create", "update", "upsert")
State = ImportRun.State


@dataclass(frozen=True)
class Pasted:
    """Rows that were pasted into a list: whether the first names the columns, and which columns the list shows."""

    has_names: bool
    shown: Sequence[str]


def begin(
    actor: Actor,
    rtype: RecordType,
    stream: Readable,
    *,
    name: str,
    options: Mapping[str, Any] | None = None,
    wait: bool = False,
    pasted: Pasted | None = None,
) -> ImportRun:
    """Take in a file and stage it, at once if it is small, was pasted, or if the sender waits.

    Raises ImportRefused, FileRefused or NotAllowed.
    """
    require(actor, rtype, "import")
    with receive(stream, name=name, most=MOST_BYTES) as incoming:
        kind = kind_of(incoming.content_type, incoming.name, incoming.path)
        with open_act(actor, reason=_("File for an import")) as act:
            file = keep_file(act, incoming)
    run = ImportRun(
        record_type=rtype.slug, user_id=actor.user_id, actor_name=actor.name, name=incoming.name, file_id=file.pk,
        content_type=incoming.content_type, kind=kind, created_at=timezone.now(),
        options=_options(rtype, options or {}),
    )  # fmt: skip
    if pasted:
        run.dialect = replace(PASTED, header=pasted.has_names).as_json()
        run.options[SHOWN] = list(pasted.shown)
    else:
        run.dialect = detect_reading(path_of(incoming.sha256), kind).as_json()
    _work_at(run, State.STAGING, at_once=wait or pasted is not None or incoming.size <= SMALL_FILE)
    return run


def read_otherwise(run: ImportRun, **changes: Any) -> None:
    """Correct how the file is read, and stage it anew. Raises ImportRefused."""
    _require_state(run, State.STAGED, State.CHECKED, State.FAILED)
    dialect = Dialect.of({**run.dialect, **changes})
    if dialect.encoding not in ENCODINGS or len(dialect.delimiter) != 1 or len(dialect.quote) > 1:
        raise ImportRefused(_("A file cannot be read like this."))
    run.dialect = dialect.as_json()
    _work_at(run, State.STAGING, at_once=file_path(run).stat().st_size <= SMALL_FILE)


def map_columns(run: ImportRun, columns: list[dict[str, Any]], options: Mapping[str, Any]) -> None:
    """Say where the columns go. Raises ImportRefused for what does not hold; nothing is written then."""
    _require_state(run, State.STAGED, State.CHECKED)
    _name_new_fields(run, columns)
    run.columns = columns
    run.options = run.options | _options(type_of(run), options)
    compiled = compiled_of(run)
    if run.options.get("mode") == "update" and not run.options.get("match"):
        raise ImportRefused(_("To change records that are here, choose by what they are found."))
    _refuse_matching_by_nothing(run, compiled)
    run.mends, run.state = {}, State.STAGED
    run.save(update_fields=["columns", "options", "mends", "state"])


def start_check(run: ImportRun) -> None:
    """Check all rows, at once if they are few."""
    _require_state(run, State.STAGED, State.CHECKED)
    _name_new_fields(run, run.columns)
    run.save(update_fields=["columns"])
    _work_at(run, State.CHECKING, at_once=run.rows <= FEW_ROWS)


def check_rows(run: ImportRun, numbers: list[int]) -> None:
    """Check rows again after a mend; all of them in the background if they are many."""
    _require_state(run, State.CHECKED)
    numbers = [*numbers, *run.found.get("united", [])]
    if len(numbers) > FEW_ROWS:
        start_check(run)
        return
    # Rows that are checked anew are gone for a moment; a process that dies then must not take them with it.
    with transaction.atomic():
        check_again(run, import_actor(run), type_of(run), numbers)


def set_rules(run: ImportRun, options: Mapping[str, Any]) -> None:
    """Say what happens to records that are there already."""
    _require_state(run, State.CHECKED)
    run.options = run.options | _options(type_of(run), options)
    run.save(update_fields=["options"])


def start_run(run: ImportRun) -> None:
    """Begin or go on with writing, in the background; a few rows that were pasted at once. Raises ImportRefused."""
    if run.is_pasted and run.state == State.CHECKED and run.rows <= FEW_PASTED:
        # Held before it is seen to run, so that nobody takes it for abandoned.
        with in_hand(run):
            _set_running(run)
            _go_on_here(run)
    else:
        with transaction.atomic():
            _set_running(run)
            work.defer(run_id=run.pk)
    run.refresh_from_db()


def ask_to(run: ImportRun, wish: str) -> None:
    """Pause or cancel: the slice at work ends first."""
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().get(pk=run.pk)
        if held.state == State.RUNNING:
            held.wish = wish
        elif wish == State.CANCELLED and not held.is_over and not held.is_working:
            held.state, held.finished_at = State.CANCELLED, timezone.now()
        else:
            raise _wrong_state()
        held.save(update_fields=["wish", "state", "finished_at"])
    run.refresh_from_db()


def start_undo(run: ImportRun) -> None:
    """Take the whole import back, in the background. Raises ImportRefused."""
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().get(pk=run.pk)
        if not can_undo(held):
            raise ImportRefused(_("There is nothing of this import to take back."))
        held.state = State.UNDOING
        held.save(update_fields=["state"])
        work.defer(run_id=held.pk)
    run.refresh_from_db()


def find_run(actor: Actor, key: UUID) -> ImportRun | None:
    """An import that the actor may see: their own, an administrator's are all."""
    run: ImportRun | None = runs_of(actor).filter(pk=key).first()
    return run


def runs_of(actor: Actor) -> Any:
    runs = ImportRun.objects.order_by("-id")
    return runs if actor.is_admin else runs.filter(user_id=actor.user_id)


def compiled_of(run: ImportRun) -> Compiled:
    """The run's columns ready to read with. Raises ImportRefused."""
    return compile_run(run, import_actor(run), type_of(run), sample_of(run))


def guess_again(run: ImportRun) -> None:
    """Forget the mapping and guess anew."""
    _require_state(run, State.STAGED, State.CHECKED)
    suggest(run, import_actor(run), type_of(run))


def _options(rtype: RecordType, given: Mapping[str, Any]) -> dict[str, Any]:
    options = {name: value for name, value in given.items() if name in OPTIONS and value is not None}
    if "match" in options:
        options["match"] = match_named(rtype, str(options["match"]))
    if options.get("mode", "upsert") not in MODES:
        raise ImportRefused(_("An import creates, updates or does both: create, update or upsert."))
    return options


def _name_new_fields(run: ImportRun, columns: list[dict[str, Any]]) -> None:
    """Give each field that is to be made a type and names that are free, where nobody said them."""
    if not any(one.get("to") == NEW for one in columns):
        return
    if not import_actor(run).is_admin:
        raise ImportRefused(_("Only administrators make fields. Choose another place, or leave the column out."))
    rtype, sample = type_of(run), sample_of(run)
    for index, column in enumerate(columns):
        said = column.get("new") or {}
        if column.get("to") == NEW and not (said.get("label") and said.get("type")):
            values = [row[index].strip() for row in sample if index < len(row)]
            column["new"] = new_field(rtype, column["header"], values, set()) | said
    refresh_names(rtype, columns)


def _refuse_matching_by_nothing(run: ImportRun, compiled: Compiled) -> None:
    going = {one.place.to.partition(":")[0].partition(".")[0] for one in compiled.columns}
    if compiled.match and not going & set(compiled.match):
        raise ImportRefused(_("No column goes to what records are found by."))


def _work_at(run: ImportRun, state: str, *, at_once: bool) -> None:
    """Save a run in a state in which it is worked at: here while the sender waits, else by the worker."""
    run.state, run.error = state, ""
    changed = None if run._state.adding else ["dialect", "state", "error"]
    if not at_once:
        with transaction.atomic():
            run.save(update_fields=changed)
            work.defer(run_id=run.pk)
        return
    with in_hand(run):
        run.save(update_fields=changed)
        _go_on_here(run)


def _go_on_here(run: ImportRun) -> None:
    try:
        go_on(run)
    except (ImportRefused, NotAllowed) as error:
        run.state, run.error = State.FAILED, str(error)
        run.save(update_fields=["state", "error"])


def _set_running(run: ImportRun) -> None:
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().get(pk=run.pk)
        going_on = held.state == State.PAUSED or (held.state == State.FAILED and held.results.get("prepared"))
        if held.state != State.CHECKED and not going_on:
            raise _wrong_state()
        held.state, held.wish, held.error = State.RUNNING, "", ""
        held.started_at = held.started_at or timezone.now()
        held.save(update_fields=["state", "wish", "error", "started_at"])
    run.refresh_from_db()


def _require_state(run: ImportRun, *states: str) -> None:
    if run.state not in states:
        raise _wrong_state()


def _wrong_state() -> ImportRefused:
    return ImportRefused(_("This import is at another step now. Look at it again."))
