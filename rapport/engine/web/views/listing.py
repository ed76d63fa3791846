"""The list of a record type: filter, order, columns and page stand in the address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Invalid
from rapport.engine.records.exports import formats_of
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.gate import mask, may
from rapport.engine.records.queries import BadCursor, Count, Order, Page, count, page, parse_order
from rapport.engine.records.queries.filtered import filter_chips, filtered
from rapport.engine.records.reading import zone_now
from rapport.engine.records.registry import RecordType
from rapport.engine.web.columns import chosen_columns, column_choices
from rapport.engine.web.counts import count_text
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.presenting import face, present, record_url

PAGE_SIZE = 50
RIGHT_ALIGNED = frozenset({"number", "money"})
EDITED_ELSEWHERE = frozenset({"file"})
# Finding an address costs 30 µs, and a page has hundreds: each field's is found once, and the row put in.
ANY_ROW = UUID(int=0)
ANY = str(ANY_ROW)


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
        "actions": _actions(actor_of(request), asked),
        "tabs": _tabs(asked),
        "all_columns": column_choices(rtype, asked.fields, mask(actor_of(request), rtype).hidden),
        "kept_inputs": {"where": asked.where, "order": asked.order.text, "deleted": "1" if asked.deleted else ""},
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
    phone = _phone_places(asked)
    edit_urls = {
        field.slug: reverse("web:edit", args=[rtype.slug, ANY_ROW, field.slug])
        for field in asked.fields
        if may_change and allowed.lets_change(field.slug) and _is_edited_here(field)
    }
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
                    _cell(rtype, field, row, edit_url=edit_urls.get(field.slug), phone=phone) for field in asked.fields
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


def _phone_places(asked: Asked) -> dict[str, str]:
    """What stands beside the title on a phone: what the type says, or the first of the columns that were chosen."""
    chosen = [field.slug for field in asked.fields if field.slug != asked.rtype.title]
    return dict(zip(chosen if asked.columns else asked.rtype.phone_columns, ("second", "end"), strict=False))


def _is_edited_here(field: Field) -> bool:
    return not field.readonly and field.type.name not in EDITED_ELSEWHERE


def _cell(
    rtype: RecordType, field: Field, row: dict[str, Any], *, edit_url: str | None, phone: dict[str, str]
) -> dict[str, Any]:
    """`edit_url` is that of the field in any row."""
    return {
        "field": field,
        "value": row[field.slug],
        "editable": edit_url is not None,
        "edit_url": edit_url.replace(ANY, str(row["id"])) if edit_url else None,
        "is_title": field.slug == rtype.title,
        "phone": phone.get(field.slug, ""),
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


def _actions(actor: Actor, asked: Asked) -> dict[str, Any]:
    rtype = asked.rtype
    return {
        "create_url": reverse("web:create", args=[rtype.slug]) if may(actor, rtype, "create") else None,
        "import_url": reverse("web:import-send", args=[rtype.slug]) if may(actor, rtype, "import") else None,
        "exports": _exports(asked) if may(actor, rtype, "export") else [],
        "delete_url": reverse("web:delete-many", args=[rtype.slug]) if may(actor, rtype, "delete") else None,
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
            "url": reverse("web:export", args=[asked.rtype.slug, name]) + (f"?{query}" if query else ""),
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
