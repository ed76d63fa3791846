"""The first step: a file is sent, and how it is read can be corrected; and the list of imports."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.engine.files.errors import FileRefused
from rapport.engine.records.gate import may
from rapport.engine.records.imports import doors
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.reading.encoding import ENCODINGS
from rapport.engine.records.imports.staging import staged
from rapport.engine.records.imports.summary import words_of
from rapport.engine.records.models import ImportRun
from rapport.engine.records.registry import find_record_type, record_types
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.imports.finding import State, find_import, frame, step_url
from rapport.engine.web.views.toasts import warn

PAGE_SIZE = 50
PREVIEW_ROWS = 8


@require_safe
def imports_page(request: HttpRequest) -> HttpResponse:
    """Imports, newest first: one's own, for administrators everybody's."""
    actor = actor_of(request)
    runs = doors.runs_of(actor)[:PAGE_SIZE]
    shown = [_line(run) for run in runs if find_record_type(run.record_type)]
    types = [one for one in record_types() if one.section is not None and may(actor, one, "import")]
    return render(request, "web/imports/list.html", {"runs": shown, "types": types, "everybody": actor.is_admin})


@require_http_methods(["GET", "HEAD", "POST"])
def send_page(request: HttpRequest, slug: str) -> HttpResponse:
    """GET shows where to drop the file; POST takes it in and goes on to the columns."""
    rtype = find_type(request, slug, "import")
    error, status = "", 200
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise ImportRefused(_("Choose a file first."))
            run = doors.begin(actor_of(request), rtype, upload, name=upload.name or "", options={"rule": "fill"})
            return redirect(step_url(run))
        except (ImportRefused, FileRefused) as refused:
            error, status = str(refused), 422
    context = {"rtype": rtype, "error": error, "back_url": reverse("web:list", args=[rtype.slug])}
    return render(request, "web/imports/send.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def file_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """How the file is read, with its first rows; POST reads it otherwise."""
    run, rtype = find_import(request, key)
    if run.is_over or run.state in (State.RUNNING, State.PAUSED):
        return redirect(step_url(run))
    status = 200
    if request.method == "POST":
        try:
            doors.read_otherwise(run, **_changes(request))
            return redirect("web:import-file", run.pk)
        except ImportRefused as refused:
            run.error, status = str(refused), 422
    context = {
        **frame(run, rtype, "file"),
        "encodings": ENCODINGS,
        "delimiters": {",": _("Comma"), ";": _("Semicolon"), "\t": _("Tab"), "|": _("Bar")},
        "quotes": {'"': '"', "'": "'", "": _("None")},
        "rows": [cells for _n, cells in staged(run, limit=PREVIEW_ROWS)],
    }
    return render(request, "web/imports/file.html", context, status=status)


@require_POST
def drop(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give an import up that has not begun to write."""
    run, rtype = find_import(request, key)
    try:
        doors.ask_to(run, State.CANCELLED)
    except ImportRefused as refused:
        warn(request, str(refused))
        return redirect(step_url(run))
    return redirect("web:list", rtype.slug)


def _changes(request: HttpRequest) -> dict[str, Any]:
    sent = request.POST
    changes: dict[str, Any] = {"header": sent.get("header") == "yes"}
    changes |= {name: sent[name] for name in ("encoding", "delimiter", "quote") if name in sent}
    return changes


def _line(run: ImportRun) -> dict[str, Any]:
    rtype = find_record_type(run.record_type)
    assert rtype is not None
    return {
        "run": run,
        "rtype": rtype,
        "url": step_url(run),
        "words": words_of(run) if run.results.get("counts") else "",
    }
