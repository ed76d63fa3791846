"""Audits over the API: read-only, for the tokens of administrators."""

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from rapport.engine.accounts.audit.keeping import find_report, reports
from rapport.engine.accounts.models import AuditReport
from rapport.engine.api.additions import Addition, add_addresses
from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.call import Call, answer
from rapport.engine.api.endpoint import endpoint
from rapport.engine.api.openapi.fields import TEXT, operation
from rapport.engine.api.problems import not_found
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.ids import read_id

MOST = 100
Json = dict[str, Any]
TIME: Json = {"type": "string", "format": "date-time"}


def list_reports(call: Call) -> HttpResponse:
    """The newest audits, without what they say."""
    _require_admin(call)
    return answer({"items": [_item(one) for one in reports().defer("content")[:MOST]]})


def show_report(call: Call, key: str) -> HttpResponse:
    """One audit with all its sections."""
    _require_admin(call)
    row = find_report(found) if (found := read_id(key)) else None
    if row is None:
        raise not_found()
    return answer({**_item(row), "report": row.content})


def _require_admin(call: Call) -> None:
    refuse_unknown(call.request, set())
    if not call.actor.is_admin:
        raise NotAllowed(_("Only administrators read audits."))


def _item(row: AuditReport) -> Json:
    return {
        "id": str(row.pk), "since": row.since, "until": row.until, "verdict": row.verdict, "full": row.is_full,
        "month": f"{row.month:%Y-%m}" if row.month else None, "digest": row.digest,
    }  # fmt: skip


def _paths(actor: Actor) -> Json:
    if not actor.is_admin:
        return {}
    place = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    ref = {"$ref": "#/components/schemas/AuditReport"}
    items: Json = {"type": "object", "properties": {"items": {"type": "array", "items": ref}}}
    return {
        "/audit-reports": {"get": operation("audit-reports.list", _("The audits that are kept"), {"200": items})},
        "/audit-reports/{id}": {
            "parameters": [place],
            "get": operation("audit-reports.show", _("One audit"), {"200": ref}),
        },
    }


def _schemas() -> Json:
    maybe = {"type": ["string", "null"], "description": _("The month of which it is the audit: 2026-11")}
    whole: Json = {
        "id": {"type": "string", "format": "uuid"}, "since": TIME, "until": TIME,
        "verdict": {"enum": ["good", "look", "act"]}, "full": {"type": "boolean"}, "month": maybe, "digest": TEXT,
    }  # fmt: skip
    said = {"type": "object", "description": _("What it says, where one audit is asked for")}
    return {"AuditReport": {"type": "object", "required": list(whole), "properties": {**whole, "report": said}}}


add_addresses(
    Addition(
        [
            path("audit-reports", endpoint(get=list_reports), name="audit-reports"),
            path("audit-reports/<str:key>", endpoint(get=show_report), name="audit-report"),
        ],
        _paths,
        _schemas,
    )
)
