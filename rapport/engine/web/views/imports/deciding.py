"""The last steps: preview with a rule for each field, run with its progress, result with the way back."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.engine.records.duplicates.doors import finds_duplicates
from rapport.engine.records.duplicates.wording import because
from rapport.engine.records.imports import doors
from rapport.engine.records.imports.alike import alike_rows
from rapport.engine.records.imports.doing import can_undo
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.merging import RULES
from rapport.engine.records.imports.refused import refused_count, refused_rows
from rapport.engine.records.imports.summary import (
    done_words,
    fate_counts,
    fate_words,
    field_rules,
    first_rows,
    words_of,
)
from rapport.engine.records.models import Fate, ImportRun
from rapport.engine.web.counts import forget_counts
from rapport.engine.web.views.finding import actor_of
from rapport.engine.web.views.imports.finding import State, find_import, frame, step_url
from rapport.engine.web.views.presenting import record_url, title_shown
from rapport.engine.web.views.toasts import say, warn

ASKED = {"pause": State.PAUSED, "cancel": State.CANCELLED}


@require_http_methods(["GET", "HEAD", "POST"])
def preview_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET shows what would become of the rows; POST keeps the rules, and begins if that was asked."""
    run, rtype = find_import(request, key)
    if run.state != State.CHECKED:
        return redirect(step_url(run))
    if request.method == "POST":
        doors.set_rules(run, {"rules": _rules(request, run)})
        if "run" not in request.POST:
            return redirect("web:import-preview", run.pk)
        try:
            doors.start_run(run)
        except ImportRefused as refused:
            warn(request, str(refused))
        if run.state == State.DONE:
            say(request, done_words(run, rtype), undo=run.batch if can_undo(run) else None)
        return redirect(step_url(run))
    counts, compiled = fate_counts(run), doors.compiled_of(run)
    context = {
        **frame(run, rtype, "preview"),
        "fates": [{"label": label, "count": counts.get(state, 0)} for state, label in fate_words().items()],
        "good": sum(counts.get(state, 0) for state in Fate.WRITTEN),
        "news": counts.get(Fate.NEW, 0) if finds_duplicates(rtype) else 0,
        "adds": run.is_pasted and counts.get(Fate.NEW, 0) == sum(counts.get(state, 0) for state in Fate.WRITTEN),
        "names": [column.place.label for column in compiled.columns],
        "rows": first_rows(run, compiled),
        "colours": {Fate.NEW: "good", Fate.UPDATE: "info", Fate.CONFLICT: "warn", Fate.BAD: "bad"},
        "fate_words": fate_words(),
        "fields": field_rules(run, compiled),
        "rule_words": {
            "overwrite": _("Overwrite"), "fill": _("Fill blanks, keep what is there"),
            "append": _("Append"), "newest": _("Newest wins"),
        },
    }  # fmt: skip
    return render(request, "web/imports/preview.html", context)


@require_safe
def alike_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """New rows that look like a record that is here, as a part of the preview or by itself."""
    run, rtype = find_import(request, key)
    if run.state != State.CHECKED:
        return redirect(step_url(run))
    found = alike_rows(run, doors.compiled_of(run), actor_of(request))
    rows = [
        {
            "n": one.n,
            "title": one.title,
            "like": title_shown(actor_of(request), rtype, one.similar.record),
            "url": record_url(rtype, one.similar.record.pk),
            "why": because(rtype, one.similar.reasons),
        }
        for one in found.rows
    ]
    context = {**frame(run, rtype, "preview"), "alike": found, "rows": rows}
    part = "web/imports/alike_part.html" if request.headers.get("HX-Request") else "web/imports/alike.html"
    return render(request, part, context)


@require_safe
def run_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far the run is; the page asks again by itself, and by hand without script."""
    run, rtype = find_import(request, key)
    if run.state not in (State.RUNNING, State.PAUSED):
        return redirect(step_url(run))
    seconds = (timezone.now() - run.started_at).total_seconds() if run.started_at else 0.0
    speed = run.done / seconds if seconds > 0 else 0.0
    context = {
        **frame(run, rtype, "run"),
        "speed": round(speed),
        "seconds_left": round((run.rows - run.done) / speed) if speed else None,
        "words": words_of(run),
    }
    return render(request, "web/imports/run.html", context)


@require_POST
def steer(request: HttpRequest, key: UUID, word: str) -> HttpResponse:
    """Pause, cancel, go on, or take the whole import back."""
    run, _rtype = find_import(request, key)
    try:
        if word in ASKED:
            doors.ask_to(run, ASKED[word])
        elif word == "undo":
            doors.start_undo(run)
        else:
            doors.start_run(run)
    except ImportRefused as refused:
        warn(request, str(refused))
    return redirect(step_url(run))


@require_safe
def result_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """What came of it, the rows that were refused, and Undo."""
    run, rtype = find_import(request, key)
    if not run.is_over and run.state not in (State.UNDOING, State.FAILED):
        return redirect(step_url(run))
    forget_counts()
    counts, can = run.results.get("counts", {}), can_undo(run)
    if run.state == State.DONE and run.results.get("prepared") and not can:
        # Taken back by the word after the deed, or in the journal.
        run.state = State.UNDONE
    context: dict[str, Any] = {
        **frame(run, rtype, "result"),
        "counts": [
            {"label": label, "count": counts.get(name, 0), "is_change": name in ("created", "changed")}
            for name, label in (
                ("created", _("created")), ("changed", _("changed")), ("same", _("already the same")),
                ("left_out", _("left out")),
            )
        ],
        "refused": refused_count(run),
        "can_undo": can,
        "can_go_on": run.state == State.FAILED and bool(run.results.get("prepared")),
    }  # fmt: skip
    return render(request, "web/imports/result.html", context)


@require_safe
def refused_page(request: HttpRequest, key: UUID) -> StreamingHttpResponse:
    """The rows that were refused, as a file with reasons that can be fed back."""
    run, _rtype = find_import(request, key)
    name = f"refused-{run.created_at:%Y-%m-%d}.csv"
    pieces = (piece.encode() for piece in refused_rows(run))
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _rules(request: HttpRequest, run: ImportRun) -> dict[str, str]:
    rules = dict(run.options.get("rules", {}))
    for name, rule in request.POST.items():
        if name.startswith("rule.") and rule in RULES:
            rules[name.removeprefix("rule.")] = str(rule)
    return rules
