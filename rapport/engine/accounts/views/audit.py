"""The audit, for administrators: the reports that are kept, one of them open, and having one made now."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.accounts.audit.keeping import find_report, is_as_made, read_report, reports
from rapport.engine.accounts.audit.report import Cell, Column, Report, Section, Table, Verdict
from rapport.engine.accounts.audit.text import verdict_line, verdict_word
from rapport.engine.accounts.doors import user_of
from rapport.engine.accounts.jobs import audit_now
from rapport.engine.accounts.models import AuditReport
from rapport.engine.jobs.queries import last_job
from rapport.engine.web.views.finding import admin_of
from rapport.engine.web.views.toasts import say, warn

TABS, MOST = 6, 60
COLOURS = {Verdict.GOOD: "good", Verdict.LOOK: "warn", Verdict.ACT: "bad"}


@require_safe
def audits(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """The newest report, or the one that the address names, under a line of those that are kept."""
    admin_of(request)
    listed = list(reports().defer("content")[:MOST])
    row = _found(key) if key else reports().first()
    working = last_job(audit_now.name)
    context = {
        "row": row,
        "report": _shown(read_report(row)) if row else None,
        "is_altered": row is not None and not is_as_made(row),
        "tabs": [_tab(one, row) for one in listed[:TABS]],
        "earlier": [_tab(one, row) for one in listed[TABS:]],
        "job": working if working and working.state in ("waiting", "running", "failed") else None,
        "is_live": working is not None and working.state in ("waiting", "running"),
    }
    return render(request, "accounts/audit.html", context)


@require_safe
def as_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """A report as JSON, to be kept elsewhere."""
    admin_of(request)
    row = _found(key)
    answer = JsonResponse(row.content, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="audit-{row}.json"'
    return answer


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Have a report made now; with `full`, over the whole journal."""
    admin_of(request)
    queued = audit_now.defer_once("asked", user=user_of(request).pk, full=bool(request.POST.get("full")))
    if queued is None:
        warn(request, _("An audit is being made already."))
    else:
        say(request, _("The audit is being made."))
    return redirect("accounts:audits")


def _found(key: UUID) -> AuditReport:
    row = find_report(key)
    if row is None:
        raise Http404(_("This audit is not kept, or not any more."))
    return row


def _tab(one: AuditReport, here: AuditReport | None) -> dict[str, Any]:
    verdict = Verdict[one.verdict.upper()]
    return {
        "url": reverse("accounts:audit", args=[one.pk]),
        "until": one.until,
        "on": one == here,
        "colour": COLOURS[verdict],
        "word": verdict_word(verdict),
    }


def _shown(report: Report) -> dict[str, Any]:
    to_do = [one for one in report.sections if one.verdict is not Verdict.GOOD]
    return {
        "since": report.since,
        "until": report.until,
        "seconds": report.seconds,
        "is_full": report.is_full,
        "line": verdict_line(report),
        "colour": COLOURS[report.verdict],
        "to_do": [_section(one) for one in sorted(to_do, key=lambda one: -one.verdict)],
        "sections": [_section(one) for one in report.sections],
    }


def _section(one: Section) -> dict[str, Any]:
    return {
        "name": one.name, "title": one.title, "advice": one.advice, "counts": one.counts,
        "word": verdict_word(one.verdict), "colour": COLOURS[one.verdict], "is_open": one.verdict is Verdict.ACT,
        "tables": [_table(shown) for shown in one.tables],
    }  # fmt: skip


def _table(one: Table) -> dict[str, Any]:
    return {
        "title": one.title,
        "columns": [one.columns[place] for place in one.telling],
        "rows": [[_cell(row[place], one.columns[place]) for place in one.telling] for row in one.rows],
        "total": one.total,
        "left_out": one.left_out,
    }


def _cell(cell: Cell, column: Column) -> dict[str, Any]:
    """What a cell holds, times as times."""
    value = datetime.fromisoformat(str(cell)) if column.kind == "time" and cell is not None else cell
    return {"label": column.label, "kind": column.kind, "value": value, "is_empty": cell in (None, "")}
