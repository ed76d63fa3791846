"""Finding an import, and what every step of it shows."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.records.gate import require
from rapport.engine.records.imports import doors
from rapport.engine.records.imports.pasting import is_plain
from rapport.engine.records.imports.reading.encoding import ENCODINGS
from rapport.engine.records.models import ImportRun
from rapport.engine.records.registry import RecordType, find_record_type
from rapport.engine.web.views.finding import actor_of

State = ImportRun.State
# The step at which a run stands, by its state.
STEPS = {
    State.STAGING: "import-file", State.STAGED: "import-columns", State.CHECKING: "import-check",
    State.CHECKED: "import-check", State.RUNNING: "import-run", State.PAUSED: "import-run",
    State.DONE: "import-result", State.CANCELLED: "import-result", State.UNDOING: "import-result",
    State.UNDONE: "import-result", State.FAILED: "import-result",
}  # fmt: skip
DELIMITER_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def find_import(request: HttpRequest, key: UUID) -> tuple[ImportRun, RecordType]:
    """An import of the reader's; 404 for those of others."""
    actor = actor_of(request)
    run = doors.find_run(actor, key)
    rtype = find_record_type(run.record_type) if run else None
    if run is None or rtype is None:
        raise Http404(_("There is no such import."))
    require(actor, rtype, "import")
    return run, rtype


def step_url(run: ImportRun) -> str:
    """Where an import goes on."""
    if run.state == State.FAILED and not run.results.get("prepared"):
        return reverse("web:import-file", args=[run.pk])
    return reverse(f"web:{STEPS[State(run.state)]}", args=[run.pk])


def checked_url(run: ImportRun) -> str:
    """Where an import goes on that was just checked: pasted rows with which nothing is wrong are ready to be added."""
    return reverse("web:import-preview", args=[run.pk]) if is_plain(run) else step_url(run)


def frame(run: ImportRun, rtype: RecordType, step: str) -> dict[str, Any]:
    """What the head of every step shows."""
    return {
        "run": run, "rtype": rtype, "step": step, "steps": _steps(run, step), "reading": reading_words(run),
        "list_url": reverse("web:list", args=[rtype.slug]), "imports_url": reverse("web:imports"),
    }  # fmt: skip


def reading_words(run: ImportRun) -> str:
    """`UTF-8, semicolon`"""
    if run.is_pasted:
        has_names = run.dialect.get("header")
        return _("the first row names the columns") if has_names else _("the first row is no names of columns")
    if run.kind != "csv":
        return {"xlsx": "XLSX", "vcard": "vCard"}[run.kind]
    delimiter = run.dialect.get("delimiter", ",")
    words = {"comma": _("comma"), "semicolon": _("semicolon"), "tab": _("tab"), "bar": _("bar")}
    encoding = ENCODINGS.get(run.dialect.get("encoding", ""), run.dialect.get("encoding", ""))
    return f"{encoding}, {words.get(DELIMITER_WORDS.get(delimiter, ''), delimiter)}"


def _steps(run: ImportRun, step: str) -> list[dict[str, Any]]:
    names = {
        "file": _("1. File"), "columns": _("2. Columns"), "check": _("3. Check and mend"),
        "preview": _("4. Preview"), "run": _("5. Run"),
    }  # fmt: skip
    order = list(names)
    here = order.index("run" if step == "result" else step)
    reached = _reached(run)
    return [
        {
            "label": label, "on": place == here, "done": place < here,
            "url": reverse(f"web:import-{name}", args=[run.pk]) if place <= reached and place != here else None,
        }
        for place, (name, label) in enumerate(names.items())
    ]  # fmt: skip


def _reached(run: ImportRun) -> int:
    """The last step that may be looked at; once it runs, there is no way back but undo."""
    if run.state == State.STAGED:
        return 1
    return 3 if run.state == State.CHECKED else -1
