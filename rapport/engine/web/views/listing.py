"""The list of a record type: how it is shown stands in the address, and what frames it is the same in every layout."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from rapport.engine.events.actor import Actor
from rapport.engine.records.exports import formats_of
from rapport.engine.records.gate import may
from rapport.engine.records.queries import Count, count
from rapport.engine.records.queries.filtered import filter_chips
from rapport.engine.web.addresses import address
from rapport.engine.web.counts import count_text, list_count
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.layouts import layout_of, layouts_for
from rapport.engine.web.views.listed import Listed, listed
from rapport.engine.web.views.peeking import UNCACHED, asks_for_peek, peek_html
from rapport.engine.web.views.tabbing import Views, tab_row, view_url, views_in


@require_safe
def list_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Records in one of the layouts, with their count."""
    asked = listed(request, find_type(request, slug))
    views = views_in(request, asked)
    if not request.GET and views.default:
        return redirect(view_url(views.default.row))
    layout = layout_of(actor_of(request), asked)
    records = layout.make(request, asked)
    peek = peek_html(request, asked, records)
    if peek and asks_for_peek(request):
        return HttpResponse(peek, headers=UNCACHED)
    context = _frame(request, asked, views) | records | {"peek": peek}
    return render(request, layout.template, context, status=400 if asked.error else 200)


@require_safe
def count_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The exact number of records in a list, asked for by a click."""
    asked = listed(request, find_type(request, slug))
    return render(request, "web/count.html", _count_context(asked, count(asked.rows, exact=True)))


def _frame(request: HttpRequest, asked: Listed, views: Views) -> dict[str, Any]:
    """What stands around the records, whatever the layout."""
    actor = actor_of(request)
    return {
        "rtype": asked.rtype,
        "where": asked.where,
        "filter_url": asked.url_of("web:filter"),
        "is_filtered": bool(asked.where),
        "deleted": asked.deleted,
        **_filter_context(request, asked),
        **_count_context(asked, _count(actor, asked)),
        "actions": _actions(actor, asked),
        **tab_row(request, asked, views),
        "layouts": _layouts(actor, asked),
        "kept_inputs": asked.kept("where", "deleted"),
    }


def _filter_context(request: HttpRequest, asked: Listed) -> dict[str, Any]:
    if asked.error:
        return {"filters": [], "filter_text": asked.where, "filter_error": asked.error}
    shown = [
        {
            "label": chip.field or chip.sentence,
            "op": chip.operator,
            "value_text": chip.value,
            "remove_url": asked.url(where=chip.without),
        }
        for chip in filter_chips(actor_of(request), asked.rtype, asked.where)
    ]
    return {"filters": shown, "filter_text": asked.where, "filter_error": None}


def _count(actor: Actor, asked: Listed) -> Count:
    if asked.deleted or asked.error:
        return count(asked.rows)
    return list_count(actor, asked.rtype, asked.where, asked.rows)


def _count_context(asked: Listed, found: Count) -> dict[str, Any]:
    return {
        "count": {"text": count_text(found), "exact": found.exact, "value": found.value},
        "count_url": asked.url_of("web:count"),
    }


def _actions(actor: Actor, asked: Listed) -> dict[str, Any]:
    rtype = asked.rtype
    return {
        "create_url": address("web:create", rtype.slug) if may(actor, rtype, "create") else None,
        "import_url": address("web:import-send", rtype.slug) if may(actor, rtype, "import") else None,
        "paste_url": asked.url_of("web:paste", layout="", peek="") if may(actor, rtype, "import") else None,
        "exports": _exports(asked) if may(actor, rtype, "export") else [],
    }


def _exports(asked: Listed) -> list[dict[str, str]]:
    """This list as a file in each format that makes sense for it."""
    if asked.deleted:
        return []
    words = {"csv": "CSV", "xlsx": "XLSX", "vcf": "vCard"}
    return [{"label": words[name], "url": asked.url_of("web:export", name)} for name in formats_of(asked.rtype)]


def _layouts(actor: Actor, asked: Listed) -> list[dict[str, Any]]:
    """The ways to show this list; none to choose from where there is only one."""
    here = layout_of(actor, asked).name
    ways = [
        {"label": one.label, "icon": one.icon, "url": asked.url(layout=one.name), "on": one.name == here}
        for one in layouts_for(actor, asked)
    ]
    return ways if len(ways) > 1 else []
