"""A list as a table: a page of rows by keyset, or groups of them, with cells that are edited in place."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask
from rapport.engine.records.queries import page_or_first
from rapport.engine.records.queries.filtered import steadily
from rapport.engine.records.queries.summing import Measure, Total
from rapport.engine.records.queries.summing_text import read_measures, totals_for
from rapport.engine.records.watching import PAGE, watch
from rapport.engine.web.columns import NARROWEST, PICK, WIDEST, column_choices, usual_width, widths_of
from rapport.engine.web.grouping import Grouping, read_grouping
from rapport.engine.web.menus import group_menu, sort_menu
from rapport.engine.web.table import RIGHT_ALIGNED, body_html
from rapport.engine.web.totals import added_up, word_of
from rapport.engine.web.views.bulk.offers import bulk_offers, merge_offer
from rapport.engine.web.views.finding import actor_of
from rapport.engine.web.views.layouts.grouped import table_of, under_groups
from rapport.engine.web.views.listed import Listed
from rapport.engine.web.views.presenting import present

PAGE_SIZE = 50
NOW = "now"


def table(request: HttpRequest, asked: Listed) -> dict[str, Any]:
    """The rows, the columns that there are and could be, the menus above them and the totals at their foot."""
    actor = actor_of(request)
    hidden = mask(actor, asked.rtype).hidden
    grouping, measures, faults = _read(actor, asked)
    widths = widths_of(asked.rtype, asked.fields, asked.parts["widths"])
    rows = under_groups(actor, asked, grouping, measures) if grouping else _plain(actor, asked)
    return rows | {
        "columns": [_column(asked, field) for field in asked.fields],
        "widths": widths,
        "table_width": PICK + sum(widths),
        "pick_width": PICK,
        "faults": faults,
        "bulk": bulk_offers(actor, asked),
        "merge_url": merge_offer(actor, asked),
        **_picking(asked),
        "all_columns": column_choices(asked.rtype, asked.fields, hidden, lambda text: asked.url(columns=text)),
        "columns_kept": asked.kept("columns"),
        "columns_reset_url": asked.url(columns="", widths=""),
        "sorting": sort_menu(asked, hidden),
        "grouping": group_menu(asked, grouping, hidden),
        **_foot(request, asked, measures),
    }


def _picking(asked: Listed) -> dict[str, Any]:
    """Whether a phone shows boxes to tick, which leave no room for anything else, and where that begins or ends."""
    is_picking = asked.parts["select"] == "1"
    other = asked.url(cursor=asked.cursor, select="" if is_picking else "1")
    return {"is_picking": is_picking, "picking_url": other}


def totals_context(actor: Actor, asked: Listed) -> dict[str, Any]:
    """The totals alone, for the page that shows them already or asks for them."""
    _grouping, measures, faults = _read(actor, asked)
    name = "|".join(asked.parts[part] for part in ("where", "deleted", "totals"))
    found = added_up(actor, asked.rtype, asked.rows, measures, name)
    return {"totals": found or {}, "faults": faults, "is_given_up": found is None}


def _read(actor: Actor, asked: Listed) -> tuple[Grouping | None, list[Measure], list[str]]:
    """What the address says of groups and totals; what cannot be read is left out, and said."""
    grouping, measures, faults = None, [], []
    try:
        grouping = read_grouping(actor, asked.rtype, asked.parts["group"])
    except Invalid as error:
        faults.append(str(error))
        asked.parts["group"] = ""
    try:
        measures = read_measures(asked.rtype, asked.parts["totals"], mask(actor, asked.rtype).hidden)
    except Invalid as error:
        faults.append(str(error))
        asked.parts["totals"] = ""
    return grouping, measures, faults


def _plain(actor: Actor, asked: Listed) -> dict[str, Any]:
    with steadily(actor, asked.rtype, asked.where):
        shown = page_or_first(
            asked.rtype, asked.rows, asked.fields, order=asked.order, limit=PAGE_SIZE, cursor=asked.cursor
        )
    watch(actor, asked.rtype, asked.fields, shown.rows, door=PAGE)
    return {
        "rows": shown.rows,
        "shown": [row["id"] for row in shown.rows],
        "groups": [],
        "cursors": (shown.previous, shown.next),
        "body": body_html(table_of(actor, asked), present(actor, asked.fields, shown.rows)),
        "next_url": asked.url(cursor=shown.next) if shown.next else None,
        "previous_url": asked.url(cursor=shown.previous) if shown.previous else None,
    }


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
        "edge": {"now": usual_width(asked.rtype, field), "least": NARROWEST, "most": WIDEST},
    }


def _foot(request: HttpRequest, asked: Listed, measures: Sequence[Measure]) -> dict[str, Any]:
    """A cell below each column: its total, and a menu of those that it could have."""
    if asked.error:
        return {"foot": [], "totals_url": ""}
    chosen = {one.field.slug: one for one in measures if one.field}
    found = totals_context(actor_of(request), asked) if NOW in request.GET and chosen else None
    return {
        "foot": [_foot_cell(asked, field, chosen) for field in asked.fields],
        "totals_url": asked.url_of("web:totals"),
        "totals_now_url": asked.url(**{NOW: "1"}),
        "totals": found["totals"] if found else {},
        "is_given_up": bool(found and found["is_given_up"]),
    }


def _foot_cell(asked: Listed, field: Field, chosen: dict[str, Measure]) -> dict[str, Any]:
    here = chosen.get(field.slug)
    others = [f"{slug}:{one.total}" for slug, one in chosen.items() if slug != field.slug]

    def url(total: Total | None) -> str:
        return asked.url(totals=",".join([*others, *([f"{field.slug}:{total}"] if total else [])]))

    offered = [
        {"label": word_of(one, field), "url": url(one), "on": bool(here and here.total is one)}
        for one in totals_for(asked.rtype, field)
    ]
    return {
        "slug": field.slug,
        "label": field.label,
        "align": "end" if field.type.name in RIGHT_ALIGNED else "start",
        "word": word_of(here.total, field) if here else "",
        "offered": offered,
        "off_url": url(None) if here else "",
        "is_hint": not chosen and field.slug == asked.rtype.title,
        "menu_label": _("Total of %(what)s") % {"what": field.label},
    }
