"""A table under groups: all of them from one query, and the first rows of those that stand open from another."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask, may
from rapport.engine.records.queries import page_or_first
from rapport.engine.records.queries.counting import CAP
from rapport.engine.records.queries.labels import pointed_at
from rapport.engine.records.queries.listing import Page, first_pages
from rapport.engine.records.queries.summing import LISTS, Group, Measure, Sort, Total, grouped
from rapport.engine.records.queries.within import key_text, read_key, within
from rapport.engine.records.reading import zone_now
from rapport.engine.records.watching import PAGE, watch
from rapport.engine.web import formatting
from rapport.engine.web.addresses import ANY
from rapport.engine.web.counts import eyes_of, kept_if_large
from rapport.engine.web.grouping import Grouping, group_filter, group_html, in_order, pointed_by
from rapport.engine.web.table import RIGHT_ALIGNED, Table, body_html
from rapport.engine.web.totals import Shown, shown, with_rates
from rapport.engine.web.views.listed import Listed
from rapport.engine.web.views.presenting import pointers_to, with_pointers

MOST_GROUPS = 100
OPEN = 5  # groups whose first rows the page shows where the address does not say which
MOST_OPEN = 20  # that an address can name
NOTHING_OPEN = "none"
AT_ONCE = 10  # rows of a group
EDITED_ELSEWHERE = frozenset({"file"})


def under_groups(actor: Actor, asked: Listed, grouping: Grouping, measures: Sequence[Measure]) -> dict[str, Any]:
    """The groups with their totals, and the first rows of the first ones."""
    zone = zone_now()["zone"]
    found = _groups(actor, asked, grouping, measures)
    names = pointers_to(actor, pointed_by(grouping, found)) if found else {}
    groups = in_order(grouping, found[:MOST_GROUPS], names)
    standing = _open(asked, groups)
    lists = [within(asked.rtype, asked.rows, grouping.by, one.keys[0], zone=zone) for one in standing]
    pages = first_pages(lists, asked.fields, order=asked.order, limit=AT_ONCE)
    rows = [row for one in pages for row in one.rows]
    pointers = names | pointers_to(actor, (one for one in pointed_at(asked.fields, rows) if one[1] not in names))
    bodies = {
        one.keys: _body(actor, asked, grouping, one.keys[0], found, pointers)
        for one, found in zip(standing, pages, strict=True)
    }
    return {
        "rows": groups,
        "shown": [row["id"] for row in rows],
        "groups": [_group(asked, grouping, one, measures, names) | bodies.get(one.keys, CLOSED) for one in groups],
        "most_open": MOST_OPEN,
        "is_cut": len(found) > MOST_GROUPS,
        "most_groups": MOST_GROUPS,
        "is_largest": grouping.sort is Sort.LARGEST,
        "next_url": None,
        "previous_url": None,
    }


CLOSED: dict[str, Any] = {"is_open": False, "body": "", "more_url": ""}


def more_of_group(actor: Actor, asked: Listed, grouping: Grouping, only: str) -> dict[str, Any]:
    """Further rows of one group, from the cursor on. Raises Invalid where there can be no such group."""
    key = read_key(grouping.by, only)
    rows = within(asked.rtype, asked.rows, grouping.by, key, zone=zone_now()["zone"])
    found = page_or_first(asked.rtype, rows, asked.fields, order=asked.order, limit=AT_ONCE, cursor=asked.cursor)
    asked = replace(asked, cursor="")
    pointers = pointers_to(actor, pointed_at(asked.fields, found.rows))
    return {"group": _addresses(asked, grouping, key) | _body(actor, asked, grouping, key, found, pointers)}


def _open(asked: Listed, groups: list[Group]) -> list[Group]:
    """Those that the address names; the first ones where it names none that there are."""
    if asked.parts["open"] == NOTHING_OPEN:
        return []
    named = set(asked.parts["open"].split(".", MOST_OPEN)[:MOST_OPEN])
    return [one for one in groups if _token(one.keys[0]) in named] or groups[:OPEN]


def _token(key: Any) -> str:
    """A group in an address that may name many, in at most eight letters whatever its value."""
    return f"{zlib.crc32(key_text(key).encode()):x}"


def table_of(actor: Actor, asked: Listed, mark: str = "") -> Table:
    """The columns, and what of them this actor edits here."""
    may_change = may(actor, asked.rtype, "change") and not asked.deleted
    allowed = mask(actor, asked.rtype)
    edited = [one.slug for one in asked.fields if allowed.lets_change(one.slug) and _is_edited_here(one)]
    return Table(
        asked.rtype, asked.fields, edited if may_change else (), _phone_places(asked), mark,
        beside=asked.beside(ANY), here=asked.parts["peek"],
    )  # fmt: skip


def _groups(actor: Actor, asked: Listed, grouping: Grouping, measures: Sequence[Measure]) -> list[Group]:
    """One more than are shown. Those of many records may be a minute old, as their totals may."""
    name = "|".join(asked.parts[part] for part in ("where", "deleted", "group", "totals"))
    zone = zone_now()["zone"]
    key = (eyes_of(actor), asked.rtype.slug, f"groups {zone} {name}")
    every = [Measure(Total.COUNT), *with_rates(measures)]

    def made() -> list[Group]:
        return grouped(
            asked.rtype, asked.rows, [grouping.by], every, zone=zone, most=MOST_GROUPS + 1, sort=grouping.sort
        )

    return kept_if_large(key, made, is_large=lambda found: sum(one.values[0] for one in found) > CAP)


def _group(
    asked: Listed, grouping: Grouping, group: Group, measures: Sequence[Measure], names: dict[Any, Any]
) -> dict[str, Any]:
    totals = shown(measures, group.values[1:])
    return _addresses(asked, grouping, group.keys[0]) | {
        "label": group_html(grouping, group.keys[0], names),
        "count": formatting.number(group.values[0]),
        "cells": [_cell(field, totals.get(field.slug)) for field in asked.fields if field.slug != asked.rtype.title],
        "title_total": totals.get(asked.rtype.title) if not _is_counted(asked, measures) else None,
    }


def _is_counted(asked: Listed, measures: Sequence[Measure]) -> bool:
    """Whether the foot counts the records, which every group does anyway."""
    return any(one.total is Total.COUNT and one.field == asked.rtype.title_field for one in measures)


def _addresses(asked: Listed, grouping: Grouping, key: Any) -> dict[str, Any]:
    """The list of the group's records alone, for whoever works without script, and its rows for a script."""
    where = group_filter(asked.where, grouping, key)
    return {
        "url": asked.url(where=where, group="", open="") if where else "",
        "token": _token(key),
        "rows_url": asked.url_of("web:group", only=key_text(key)),
        "span": len(asked.fields) + 1,
    }


def _cell(field: Field, total: Shown | None) -> dict[str, Any]:
    return {"total": total, "align": "end" if field.type.name in RIGHT_ALIGNED else "start"}


def _body(
    actor: Actor, asked: Listed, grouping: Grouping, key: Any, found: Page, pointers: dict[Any, dict[str, Any]]
) -> dict[str, Any]:
    watch(actor, asked.rtype, asked.fields, found.rows, door=PAGE)
    text = key_text(key)
    mark = f"{_token(key)}-" if grouping.field.type.name in LISTS else ""
    rows = [with_pointers(asked.fields, row, pointers) for row in found.rows]
    url = asked.url_of("web:group", only=text, cursor=found.next) if found.next else ""
    return {"is_open": True, "body": body_html(table_of(actor, asked, mark), rows), "more_url": url}


def _phone_places(asked: Listed) -> dict[str, str]:
    """What stands beside the title on a phone: what the type says, or the first of the columns that were chosen."""
    chosen = [field.slug for field in asked.fields if field.slug != asked.rtype.title]
    return dict(zip(chosen if asked.parts["columns"] else asked.rtype.phone_columns, ("second", "end"), strict=False))


def _is_edited_here(field: Field) -> bool:
    return not field.readonly and field.type.name not in EDITED_ELSEWHERE
