"""The list of a record type: filter, order, columns and page stand in the address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Invalid
from rapport.engine.records.exports import formats_of
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.gate import mask, may
from rapport.engine.records.queries import BadCursor, Count, Order, Page, count, page, parse_order
from rapport.engine.records.queries.filtered import filter_chips, filtered, steadily
from rapport.engine.records.reading import zone_now
from rapport.engine.records.registry import RecordType
from rapport.engine.web.addresses import address
from rapport.engine.web.columns import chosen_columns, column_choices
from rapport.engine.web.counts import count_text, list_count
from rapport.engine.web.table import RIGHT_ALIGNED, Table, body_html
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.presenting import present

PAGE_SIZE = 50
EDITED_ELSEWHERE = frozenset({"file"})


@dataclass
class Asked:
    """What the address of a list asks for, and what was wrong with it."""

    rtype: RecordType
    where: str
    order: Order
    cursor: str
    fields: list[Field]
    deleted: bool
    rows: "models.QuerySet[Any]"
    error: FilterError | None = None
    columns: str = ""

    def url(self, **changes: str) -> str:
        """This list with other parts of its address; an empty value leaves a part out."""
        parts = {"where": self.where, "order": self.order.text, "deleted": "1" if self.deleted else ""} | changes
        parts["columns"] = self.columns
        if parts["order"] == self.rtype.order:
            parts["order"] = ""
        query = urlencode({name: value for name, value in parts.items() if value})
        path = address("web:list", self.rtype.slug)
        return f"{path}?{query}" if query else path


@require_safe
def list_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of records with its count."""
    rtype = find_type(request, slug)
    asked = _asked(request, rtype)
    with steadily(actor_of(request), rtype, asked.where):
        shown = _page(asked)
    context = {
        "rtype": rtype,
        "where": asked.where,
        "filter_url": _filter_url(asked),
        "is_filtered": bool(asked.where),
        "deleted": asked.deleted,
        **_filter_context(request, asked),
        **_count_context(asked, _count(actor_of(request), asked)),
        **_table_context(actor_of(request), asked, shown),
        "actions": _actions(actor_of(request), asked),
        "tabs": _tabs(asked),
        "all_columns": column_choices(rtype, asked.fields, mask(actor_of(request), rtype).hidden),
        "kept_inputs": {"where": asked.where, "order": asked.order.text, "deleted": "1" if asked.deleted else ""},
    }
    return render(request, "web/list.html", context, status=400 if asked.error else 200)


def _page(asked: Asked) -> Page:
    """The page at the cursor; the first one where the cursor is not this list's."""
    try:
        return page(asked.rtype, asked.rows, asked.fields, order=asked.order, limit=PAGE_SIZE, cursor=asked.cursor)
    except BadCursor:
        return page(asked.rtype, asked.rows, asked.fields, order=asked.order, limit=PAGE_SIZE)


@require_safe
def count_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The exact number of records in a list, asked for by a click."""
    rtype = find_type(request, slug)
    asked = _asked(request, rtype)
    return render(request, "web/count.html", _count_context(asked, count(asked.rows, exact=True)))


def _asked(request: HttpRequest, rtype: RecordType) -> Asked:
    actor = actor_of(request)
    hidden = mask(actor, rtype).hidden
    where = request.GET.get("where", "").strip()
    deleted = request.GET.get("deleted") == "1"
    try:
        order = parse_order(rtype, request.GET.get("order") or rtype.order, hidden)
    except Invalid:
        order = parse_order(rtype, rtype.order)
    chosen = chosen_columns(rtype, request.GET.getlist("columns"), hidden)
    cursor = request.GET.get("cursor", "")
    asked = Asked(rtype, where, order, cursor, chosen.fields, deleted, rtype.rows().none(), columns=chosen.text)
    try:
        asked.rows = filtered(actor, rtype, where, deleted=deleted, **zone_now())
    except FilterError as error:
        asked.error = error
    return asked


def _filter_url(asked: Asked) -> str:
    """The builder, filled with this list's filter."""
    query = urlencode({"where": asked.where, "order": asked.order.text, "columns": asked.columns})
    return f"{address('web:filter', asked.rtype.slug)}?{query}"


def _filter_context(request: HttpRequest, asked: Asked) -> dict[str, Any]:
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


def _count(actor: Actor, asked: Asked) -> Count:
    if asked.deleted or asked.error:
        return count(asked.rows)
    return list_count(actor, asked.rtype, asked.where, asked.rows)


def _count_context(asked: Asked, found: Count) -> dict[str, Any]:
    query = asked.url().partition("?")[2]
    return {
        "count": {"text": count_text(found), "exact": found.exact, "value": found.value},
        "count_url": address("web:count", asked.rtype.slug) + (f"?{query}" if query else ""),
    }


def _table_context(actor: Actor, asked: Asked, shown: Page) -> dict[str, Any]:
    fields = asked.fields
    return {
        "columns": [_column(asked, field) for field in fields],
        "rows": shown.rows,
        "body": body_html(_table(actor, asked), present(actor, fields, shown.rows)),
        "next_url": asked.url(cursor=shown.next) if shown.next else None,
        "previous_url": asked.url(cursor=shown.previous) if shown.previous else None,
        "page_size": PAGE_SIZE,
    }


def _table(actor: Actor, asked: Asked) -> Table:
    may_change = may(actor, asked.rtype, "change") and not asked.deleted
    allowed = mask(actor, asked.rtype)
    edited = [one.slug for one in asked.fields if allowed.lets_change(one.slug) and _is_edited_here(one)]
    return Table(asked.rtype, asked.fields, edited if may_change else (), _phone_places(asked))


def _phone_places(asked: Asked) -> dict[str, str]:
    """What stands beside the title on a phone: what the type says, or the first of the columns that were chosen."""
    chosen = [field.slug for field in asked.fields if field.slug != asked.rtype.title]
    return dict(zip(chosen if asked.columns else asked.rtype.phone_columns, ("second", "end"), strict=False))


def _is_edited_here(field: Field) -> bool:
    return not field.readonly and field.type.name not in EDITED_ELSEWHERE


def _column(asked: Asked, field: Field) -> dict[str, Any]:
    is_sorted = asked.order.slug == field.slug
    turned = f"-{field.slug}" if is_sorted and not asked.order.descending else field.slug
    return {
        "slug": field.slug,
        "label": field.label,
        "field": field,
        "align": "end" if field.type.name in RIGHT_ALIGNED else "start",
        "sort_url": asked.url(order=turned) if field.sortable else None,
        "sorted": ("desc" if asked.order.descending else "asc") if is_sorted else None,
    }


def _actions(actor: Actor, asked: Asked) -> dict[str, Any]:
    rtype = asked.rtype
    return {
        "create_url": address("web:create", rtype.slug) if may(actor, rtype, "create") else None,
        "import_url": address("web:import-send", rtype.slug) if may(actor, rtype, "import") else None,
        "exports": _exports(asked) if may(actor, rtype, "export") else [],
        "delete_url": address("web:delete-many", rtype.slug) if may(actor, rtype, "delete") else None,
    }


def _exports(asked: Asked) -> list[dict[str, str]]:
    """This list as a file in each format that makes sense for it."""
    if asked.deleted:
        return []
    words = {"csv": "CSV", "xlsx": "XLSX", "vcf": "vCard"}
    query = asked.url().partition("?")[2]
    return [
        {
            "label": words[name],
            "url": address("web:export", asked.rtype.slug, name) + (f"?{query}" if query else ""),
        }
        for name in formats_of(asked.rtype)
    ]


def _tabs(asked: Asked) -> list[dict[str, Any]]:
    everything = _("All %(what)s") % {"what": asked.rtype.label_plural}
    tabs = [{"label": everything, "url": asked.url(where="", deleted=""), "on": not asked.deleted and not asked.where}]
    if asked.rtype.field("owner"):
        mine = "owner = me"
        tabs.append({"label": _("Mine"), "url": asked.url(where=mine, deleted=""), "on": asked.where == mine})
    tabs.append({"label": _("Deleted"), "url": asked.url(where="", deleted="1"), "on": asked.deleted})
    return tabs
