"""The second step: where each column goes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.engine.events.actor import Actor
from rapport.engine.records.custom.kinds import KINDS
from rapport.engine.records.imports import doors
from rapport.engine.records.imports.checking import sample_of
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.inventing import NEW_TYPES
from rapport.engine.records.imports.matching import match_choices
from rapport.engine.records.imports.places import NEW, Place, places
from rapport.engine.records.models import ImportRun
from rapport.engine.records.registry import RecordType
from rapport.engine.web.views.finding import actor_of
from rapport.engine.web.views.imports.finding import State, checked_url, find_import, frame, step_url

SHOWN_VALUES = 3
DATES, NUMBERS = frozenset({"date", "datetime"}), frozenset({"number", "money"})


@require_http_methods(["GET", "HEAD", "POST"])
def columns_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET shows the mapping; POST keeps it and goes on to the check."""
    run, rtype = find_import(request, key)
    if run.state not in (State.STAGED, State.CHECKED):
        return redirect(step_url(run))
    error = ""
    if request.method == "POST":
        try:
            if "guess" in request.POST:
                doors.guess_again(run)
                return redirect("web:import-columns", run.pk)
            doors.map_columns(run, _sent(run, request.POST), _options(request.POST))
            doors.start_check(run)
            return redirect(checked_url(run))
        except ImportRefused as refused:
            error = str(refused)
    context = {
        **frame(run, rtype, "columns"),
        **_mapping(run, actor_of(request), rtype),
        "error": error,
        "ways": {way: way_label(rtype, way) for way in match_choices(actor_of(request), rtype)},
        "modes": {"upsert": _("Create and update"), "create": _("Only create"), "update": _("Only update")},
    }
    return render(request, "web/imports/columns.html", context, status=422 if error else 200)


def way_label(rtype: RecordType, way: str) -> str:
    """A way to match in words: `Domains, else Name`."""
    if way == "id":
        return _("Rapport ID")
    if way == "external_id":
        return _("Id in another system")
    fields = [field for part in way.split("+") if (field := rtype.field(part))]
    return _(", else ").join(str(field.label) for field in fields)


def _mapping(run: ImportRun, actor: Actor, rtype: RecordType) -> dict[str, Any]:
    known = places(actor, rtype)
    by_to = {place.to: place for place in known}
    sample = sample_of(run)
    return {
        "places": known,
        "columns": [_line(index, column, by_to, sample) for index, column in enumerate(run.columns)],
        "keys": set(str(run.options.get("match", "")).split("+")),
        "may_make_fields": actor.is_admin,
        "types": {name: KINDS[name].label for name in NEW_TYPES},
    }


def _line(index: int, column: dict[str, Any], by_to: dict[str, Place], sample: list[list[str]]) -> dict[str, Any]:
    values = list(dict.fromkeys(row[index].strip() for row in sample if index < len(row) and row[index].strip()))
    place = by_to.get(column.get("to", ""))
    kind = place.field.type.name if place and place.field else ""
    if column.get("to") == NEW:
        kind = column["new"]["type"]
    return {
        "index": index, "column": column, "first_values": " · ".join(value[:40] for value in values[:SHOWN_VALUES]),
        "kind": kind, "is_relation": kind == "relation", "is_date": kind in DATES, "is_number": kind in NUMBERS,
        "sure": column.get("sure", "none"),
    }  # fmt: skip


def _sent(run: ImportRun, sent: QueryDict) -> list[dict[str, Any]]:
    columns = []
    for index, before in enumerate(run.columns):
        column = dict(before)
        to = sent.get(f"to.{index}", column.get("to", ""))
        if to != column.get("to"):
            column["sure"] = "said"
        column["to"] = to
        column["create"] = sent.get(f"create.{index}") == "yes"
        if order := sent.get(f"order.{index}"):
            column["order"] = order if order in ("dmy", "mdy", "ymd") else ""
        if comma := sent.get(f"comma.{index}"):
            column["comma"] = {"yes": True, "no": False}.get(comma)
        if to == NEW:
            column["new"] = _new(column, sent, index)
        columns.append(column)
    return columns


def _new(column: dict[str, Any], sent: QueryDict, index: int) -> dict[str, Any]:
    """What was said of a new field; what was not said follows from the column."""
    new = dict(column.get("new") or {})
    if label := " ".join(str(sent.get(f"label.{index}", "")).split())[:100]:
        new["label"] = label
    if (kind := sent.get(f"type.{index}")) in NEW_TYPES:
        new["type"] = kind
    return new


def _options(sent: QueryDict) -> dict[str, Any]:
    return {name: str(sent[name]).strip()[:60] for name in ("mode", "match", "source") if name in sent}
