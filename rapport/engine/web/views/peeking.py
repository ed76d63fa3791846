"""A record open beside its list: the address of the list names it, so a link shows it and Back closes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest
from markupsafe import Markup

from rapport.engine.events.ids import read_id
from rapport.engine.records.queries import page
from rapport.engine.records.queries.filtered import steadily
from rapport.engine.web.addresses import of_record
from rapport.engine.web.markup import rendered
from rapport.engine.web.views.finding import actor_of, find_record
from rapport.engine.web.views.listed import Listed
from rapport.engine.web.views.presenting import record_url
from rapport.engine.web.views.record import record_context

# The panel stands at the address of the whole page, which a browser must not take it for.
UNCACHED = {"Cache-Control": "no-store", "Vary": "HX-Target"}


def asks_for_peek(request: HttpRequest) -> bool:
    """Whether script asks for the panel alone; the list around it stands already."""
    return request.headers.get("HX-Target") == "peek"


def peek_html(request: HttpRequest, asked: Listed, records: Mapping[str, Any]) -> Markup | None:
    """The panel for the record that the address names. `records` is what the layout made of the list."""
    named = asked.parts["peek"]
    if not named:
        return None
    before, after = _around(request, asked, records)
    context: dict[str, Any] = {
        "rtype": asked.rtype,
        "record": None,
        "peek_id": named,
        "close_url": asked.beside(""),
        "before_url": before,
        "after_url": after,
    }
    row = _record(request, asked)
    if row is not None:
        context |= record_context(actor_of(request), asked.rtype, row, is_beside=True)
        context |= {
            "page_url": record_url(asked.rtype, row.pk),
            "timeline_url": of_record("web:timeline", asked.rtype.slug, row.pk),
        }
    return rendered("web/peek.html", context, request)


def _record(request: HttpRequest, asked: Listed) -> Any:
    """The record, live or deleted; None where it is gone for good or not for the reader to see."""
    key = read_id(asked.parts["peek"])
    try:
        return find_record(request, asked.rtype, key) if key else None
    except Http404:
        return None


def _around(request: HttpRequest, asked: Listed, records: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Where the records before and after it stand open: in the order of what is shown, over the ends of pages.

    One that stands in several groups comes where it stands first, so that the way through the list has an end.
    """
    keys = list(dict.fromkeys(str(key) for key in records.get("shown", ())))
    if asked.parts["peek"] not in keys:
        return None, None
    here = keys.index(asked.parts["peek"])
    previous, following = records.get("cursors", (None, None))
    before = asked.beside(keys[here - 1]) if here else _beyond(request, asked, previous)
    after = asked.beside(keys[here + 1]) if here + 1 < len(keys) else _beyond(request, asked, following)
    return before, after


def _beyond(request: HttpRequest, asked: Listed, cursor: str | None) -> str | None:
    """The nearest record on another page, open beside that page."""
    if not cursor:
        return None
    with steadily(actor_of(request), asked.rtype, asked.where):
        found = _first(asked, cursor)
    return asked.url(cursor=cursor, peek=str(found[0]["id"])) if found else None


def _first(asked: Listed, cursor: str) -> Sequence[Mapping[str, Any]]:
    return page(asked.rtype, asked.rows, [], order=asked.order, limit=1, cursor=cursor).rows
