"""Imports for programs: send a file, look how far it is, run, pause, cancel and undo it."""

import base64
import binascii
import io
from typing import Any

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer
from rapport.engine.api.problems import Problem, not_found
from rapport.engine.events.ids import read_id
from rapport.engine.files.errors import FileRefused
from rapport.engine.files.store import Readable
from rapport.engine.records.imports import doors, problems
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.summary import fate_counts
from rapport.engine.records.models import Fate, ImportRun

State = ImportRun.State
FATES = {
    Fate.NEW: "new", Fate.UPDATE: "update", Fate.CONFLICT: "conflict", Fate.SAME: "same",
    Fate.LEFT_OUT: "left_out", Fate.SKIPPED: "skipped", Fate.BAD: "refused",
}  # fmt: skip
WORDS = ("record_type", "name", "mode", "match", "rule", "source", "map", "create_missing", "run")
KNOWN = frozenset({*WORDS, "content", "content_base64"})
PART = "file"
SAID = {"true": True, "false": False}
MOST_SHOWN = 20


def send_file(call: Call) -> HttpResponse:
    """Take in a file, map its columns, check it, and run it if `run` says so. JSON, or a form with a part `file`."""
    upload = call.request.FILES.get(PART)
    sent = object_of(call.body) if call.body is not None else _of_form(call, upload)
    if unknown := sorted(sent.keys() - KNOWN):
        raise Problem("unknown-field", _("There is no member “%(name)s”.") % {"name": unknown[0][:60]})
    rtype = call.record_type(str(sent.get("record_type", "")), "import")
    stream: Readable = upload if isinstance(upload, UploadedFile) else io.BytesIO(_content(sent))
    options = {name: str(sent[name]) for name in ("mode", "match", "source") if sent.get(name)}
    options["rule"] = str(sent.get("rule") or "overwrite")
    name = str(sent.get("name") or "import.csv")
    try:
        run = doors.begin(call.actor, rtype, stream, name=name, options=options, wait=True)
        if run.state == State.STAGED:
            _map(run, sent)
            doors.start_check(run)
        if sent.get("run") is True and run.state == State.CHECKED:
            doors.start_run(run)
    except (ImportRefused, FileRefused) as refused:
        raise Problem("invalid", str(refused)) from refused
    response = answer(as_json(run), status=201, batch=run.batch)
    response["Location"] = f"/api/v1/imports/{run.pk}"
    return response


def show_import(call: Call, key: str) -> HttpResponse:
    """How far an import is, what is wrong in it and what came of it."""
    return answer(as_json(_found(call, key)))


def steer_import(call: Call, key: str, word: str) -> HttpResponse:
    """`run`, `pause`, `cancel` or `undo`."""
    run = _found(call, key)
    try:
        match word:
            case "run":
                doors.start_run(run)
            case "pause":
                doors.ask_to(run, State.PAUSED)
            case "cancel":
                doors.ask_to(run, State.CANCELLED)
            case "undo":
                doors.start_undo(run)
            case _:
                raise not_found()
    except ImportRefused as refused:
        raise Problem("invalid", str(refused)) from refused
    return answer(as_json(run), status=202, batch=run.batch)


def as_json(run: ImportRun) -> dict[str, Any]:
    """An import as programs see it."""
    counts = fate_counts(run)
    groups = problems.groups(run, None)[:MOST_SHOWN]
    return {
        "id": str(run.pk), "record_type": run.record_type, "name": run.name, "state": run.state,
        "batch": str(run.batch),
        "rows": run.rows, "done": run.done, "error": run.error or None,
        "columns": [
            {"header": one["header"], "to": one.get("to") or None, "sure": one.get("sure")} for one in run.columns
        ],
        "match": run.options.get("match"), "mode": run.options.get("mode"),
        "preview": {word: counts.get(state, 0) for state, word in FATES.items()},
        "problems": [
            {"column": run.header[one.col] if one.col >= 0 else None, "code": one.code, "rows": one.count}
            for one in groups
        ],
        "counts": run.results.get("counts", {}),
    }  # fmt: skip


def _found(call: Call, key: str) -> ImportRun:
    run_id = read_id(key)
    run = doors.find_run(call.actor, run_id) if run_id else None
    if run is None:
        raise not_found()
    return run


def _of_form(call: Call, upload: object) -> dict[str, Any]:
    """The members of a form as JSON would give them: `map` as the text of an object, yes and no as true and false."""
    if not isinstance(upload, UploadedFile):
        raise Problem("malformed", _("Send JSON, or multipart/form-data with the file in its part “file”."))
    form: dict[str, Any] = {"name": upload.name, **call.request.POST.dict()}
    for name in ("create_missing", "run"):
        if name in form:
            form[name] = SAID.get(str(form[name]).lower(), form[name])
    if form.get("map", "auto") != "auto":
        try:
            form["map"] = orjson.loads(str(form["map"]))
        except orjson.JSONDecodeError as error:
            raise Problem(
                "malformed", _("A map is auto, or an object of column names and fields."), pointer="/map"
            ) from error
    return form


def _content(sent: dict[str, Any]) -> bytes:
    if isinstance(sent.get("content"), str):
        return str(sent["content"]).encode()
    try:
        return base64.b64decode(str(sent["content_base64"]), validate=True)
    except KeyError:
        raise Problem(
            "malformed", _("Send the file as text in content, or in content_base64."), pointer="/content"
        ) from None
    except (binascii.Error, ValueError) as error:
        raise Problem("malformed", _("This is not base64."), pointer="/content_base64") from error


def _map(run: ImportRun, sent: dict[str, Any]) -> None:
    given = sent.get("map", "auto")
    if given != "auto" and not isinstance(given, dict):
        raise Problem("malformed", _("A map is auto, or an object of column names and fields."), pointer="/map")
    columns = []
    for column in run.columns:
        said = (
            {"to": str(given[column["header"]] or ""), "sure": "said"}
            if given != "auto" and column["header"] in given
            else {}
        )
        columns.append(column | said | {"create": sent.get("create_missing") is True})
    doors.map_columns(run, columns, {})
