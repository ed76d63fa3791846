"""A list as a table: a page of rows by keyset, with cells that are edited in place."""

from typing import Any

from django.http import HttpRequest

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask, may
from rapport.engine.records.queries import BadCursor, Page, page
from rapport.engine.records.queries.filtered import steadily
from rapport.engine.web.columns import column_choices
from rapport.engine.web.table import RIGHT_ALIGNED, Table, body_html
from rapport.engine.web.views.bulk.offers import bulk_offers
from rapport.engine.web.views.finding import actor_of
from rapport.engine.web.views.listed import Listed
from rapport.engine.web.views.presenting import present

PAGE_SIZE = 50
EDITED_ELSEWHERE = frozenset({"file"})


def table(request: HttpRequest, asked: Listed) -> dict[str, Any]:
    """The page at the cursor, its columns, and the columns that there could be."""
    actor = actor_of(request)
    with steadily(actor, asked.rtype, asked.where):
        shown = _page(asked)
    return {
        "columns": [_column(asked, field) for field in asked.fields],
        "rows": shown.rows,
        "body": body_html(_table(actor, asked), present(actor, asked.fields, shown.rows)),
        "next_url": asked.url(cursor=shown.next) if shown.next else None,
        "previous_url": asked.url(cursor=shown.previous) if shown.previous else None,
        "all_columns": column_choices(asked.rtype, asked.fields, mask(actor, asked.rtype).hidden),
        "bulk": bulk_offers(actor, asked),
        "columns_kept": asked.kept("columns"),
    }


def _page(asked: Listed) -> Page:
    """The page at the cursor; the first one where the cursor is not this list's."""
    try:
        return page(asked.rtype, asked.rows, asked.fields, order=asked.order, limit=PAGE_SIZE, cursor=asked.cursor)
    except BadCursor:
        return page(asked.rtype, asked.rows, asked.fields, order=asked.order, limit=PAGE_SIZE)


def _table(actor: Actor, asked: Listed) -> Table:
    may_change = may(actor, asked.rtype, "change") and not asked.deleted
    allowed = mask(actor, asked.rtype)
    edited = [one.slug for one in asked.fields if allowed.lets_change(one.slug) and _is_edited_here(one)]
    return Table(asked.rtype, asked.fields, edited if may_change else (), _phone_places(asked))


def _phone_places(asked: Listed) -> dict[str, str]:
    """What stands beside the title on a phone: what the type says, or the first of the columns that were chosen."""
    chosen = [field.slug for field in asked.fields if field.slug != asked.rtype.title]
    return dict(zip(chosen if asked.parts["columns"] else asked.rtype.phone_columns, ("second", "end"), strict=False))


def _is_edited_here(field: Field) -> bool:
    return not field.readonly and field.type.name not in EDITED_ELSEWHERE


def _column(asked: Listed, field: Field) -> dict[str, Any]:
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
