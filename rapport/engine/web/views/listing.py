"""The list of a record type: filter, order, columns and page stand in the address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.gate import mask, may
from rapport.engine.records.queries import BadCursor, Count, Order, Page, count, page, parse_order
from rapport.engine.records.queries.filtered import filter_chips, filtered
from rapport.engine.records.reading import zone_now
from rapport.engine.records.registry import RecordType
from rapport.engine.web.counts import count_text
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.presenting import face, present, record_url

PAGE_SIZE = 50
RIGHT_ALIGNED = frozenset({"number", "money"})
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

    def url(self, **changes: str) -> str:
        """This list with other parts of its address; an empty value leaves a part out."""
        parts = {"where": self.where, "order": self.order.text, "deleted": "1" if self.deleted else ""} | changes
        if parts["order"] == self.rtype.order:
            parts["order"] = ""
        query = urlencode({name: value for name, value in parts.items() if value})
        address = reverse("web:list", args=[self.rtype.slug])
        return f"{address}?{query}" if query else address


def list_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of records with its count."""
    rtype = find_type(request, slug)
    asked = _asked(request, rtype)
    try:
        shown = page(rtype, asked.rows, asked.fields, order=asked.order, limit=PAGE_SIZE, cursor=asked.cursor)
    except BadCursor:
        shown = page(rtype, asked.rows, asked.fields, order=asked.order, limit=PAGE_SIZE)
    context = {
        "rtype": rtype,
        "where": asked.where,
        "filter_url": _filter_url(asked),
        "is_filtered": bool(asked.where),
        "deleted": asked.deleted,
        **_filter_context(request, asked),
        **_count_context(asked, count(asked.rows)),
        **_table_context(actor_of(request), asked, shown),
        "actions": _actions(actor_of(request), rtype),
        "tabs": _tabs(asked),
    }
    return render(request, "web/list.html", context, status=400 if asked.error else 200)


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
    fields = [field for slug in rtype.columns if slug not in hidden and (field := rtype.field(slug))]
    asked = Asked(rtype, where, order, request.GET.get("cursor", ""), fields, deleted, rtype.rows().none())
    try:
        asked.rows = filtered(actor, rtype, where, deleted=deleted, **zone_now())
    except FilterError as error:
        asked.error = error
    return asked


def _filter_url(asked: Asked) -> str:
    """The builder, filled with this list's filter."""
    query = urlencode({"where": asked.where, "order": asked.order.text})
    return f"{reverse('web:filter', args=[asked.rtype.slug])}?{query}"


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


def _count_context(asked: Asked, found: Count) -> dict[str, Any]:
    query = asked.url().partition("?")[2]
    return {
        "count": {"text": count_text(found), "exact": found.exact, "value": found.value},
        "count_url": reverse("web:count", args=[asked.rtype.slug]) + (f"?{query}" if query else ""),
    }


def _table_context(actor: Actor, asked: Asked, shown: Page) -> dict[str, Any]:
    rtype = asked.rtype
    may_change = may(actor, rtype, "change") and not asked.deleted
    allowed = mask(actor, rtype)
    rows = []
    for row in present(actor, asked.fields, shown.rows):
        title = str(row.get(rtype.title) or _("Without a name"))
        rows.append(
            {
                "id": row["id"],
                "version": row["version"],
                "url": record_url(rtype, row["id"]),
                "title": title,
                "face": face(title, row["id"], square=rtype.square),
                "cells": [
                    _cell(rtype, field, row, may_change and allowed.lets_change(field.slug)) for field in asked.fields
                ],
            }
        )
    return {
        "columns": [_column(asked, field) for field in asked.fields],
        "rows": rows,
        "next_url": asked.url(cursor=shown.next) if shown.next else None,
        "previous_url": asked.url(cursor=shown.previous) if shown.previous else None,
        "page_size": PAGE_SIZE,
    }


def _cell(rtype: RecordType, field: Field, row: dict[str, Any], may_change: bool) -> dict[str, Any]:
    editable = may_change and not field.readonly and field.type.name not in EDITED_ELSEWHERE
    return {
        "field": field,
        "value": row[field.slug],
        "editable": editable,
        "edit_url": reverse("web:edit", args=[rtype.slug, row["id"], field.slug]) if editable else None,
        "is_title": field.slug == rtype.title,
        "phone": dict(zip(rtype.phone_columns, ("second", "end"), strict=True)).get(field.slug, ""),
    }


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


def _actions(actor: Actor, rtype: RecordType) -> dict[str, Any]:
    return {
        "create_url": reverse("web:create", args=[rtype.slug]) if may(actor, rtype, "create") else None,
        "import_url": None,
        "export_url": None,
        "delete_url": reverse("web:delete-many", args=[rtype.slug]) if may(actor, rtype, "delete") else None,
    }


def _tabs(asked: Asked) -> list[dict[str, Any]]:
    everything = _("All %(what)s") % {"what": asked.rtype.label_plural}
    tabs = [{"label": everything, "url": asked.url(where="", deleted=""), "on": not asked.deleted and not asked.where}]
    if asked.rtype.field("owner"):
        mine = "owner = me"
        tabs.append({"label": _("Mine"), "url": asked.url(where=mine, deleted=""), "on": asked.where == mine})
    tabs.append({"label": _("Deleted"), "url": asked.url(where="", deleted="1"), "on": asked.deleted})
    return tabs
