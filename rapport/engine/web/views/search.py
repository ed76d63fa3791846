"""Search: a page that works as a form and links, and the same results as a part for the palette."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.text import quoted
from rapport.engine.records.registry import record_type
from rapport.engine.records.saved.queries import views_called
from rapport.engine.records.search import Group, search
from rapport.engine.web.addresses import address
from rapport.engine.web.views.finding import actor_of

ON_PAGE = 20
IN_PALETTE = 6


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Whatever matches, by type. The palette, which asks by script, gets the results alone."""
    text = request.GET.get("q", "").strip()
    in_palette = bool(request.headers.get("HX-Request"))
    limit = IN_PALETTE if in_palette else ON_PAGE
    found = search(actor_of(request), text, limit=limit)
    context = {
        "asked": text,
        "groups": [
            *(_group(group, "" if in_palette else _more_url(group, text, limit)) for group in found.groups),
            *_views(actor_of(request), text, limit),
        ],
        "milliseconds": found.milliseconds,
    }
    response = render(request, "web/search_part.html" if in_palette else "web/search.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _group(group: Group, more_url: str) -> dict[str, Any]:
    return {"name": group.type, "label": group.label, "results": group.results, "more_url": more_url}


def _views(actor: Actor, text: str, limit: int) -> list[dict[str, Any]]:
    """Saved views by their names, under a heading of their own; none is no heading."""
    rows = views_called(actor, text, limit)
    results = [
        {
            "title": row.name,
            "url": address("web:view", row.record_type, row.pk),
            "icon": "list",
            "beside": [str(record_type(row.record_type).label_plural)],
            "reason": "",
        }
        for row in rows
    ]
    return [{"name": "views", "label": _("Views"), "results": results, "more_url": ""}] if results else []


def _more_url(group: Group, text: str, limit: int) -> str:
    """For a full group, all of its type whose name holds the text: a list, with its filter and its pages."""
    rtype = record_type(group.type)
    if rtype.section is None or len(group.results) < limit:
        return ""
    query = urlencode({"where": f"{rtype.title} ~ {quoted(text)}"})
    return f"{address('web:list', rtype.slug)}?{query}"
