"""The page of one record: fields left, what happened in the middle, what is related right."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask
from rapport.engine.records.registry import RecordType
from rapport.engine.records.timeline import timeline
from rapport.engine.records.watching import PAGE, watch
from rapport.engine.runtime.preparing import prepared
from rapport.engine.web.addresses import address, of_record, read_number
from rapport.engine.web.composers import composers
from rapport.engine.web.deeds import deeds
from rapport.engine.web.heads import heads
from rapport.engine.web.panels import panels_context
from rapport.engine.web.shaping import Shape, shape_of
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.presenting import face, present, record_url, values_of
from rapport.engine.web.views.telling import KINDS, tell


@prepared()
@require_safe
def record_page(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """A record, live or deleted, with its timeline and panels."""
    rtype = find_type(request, slug)
    row = find_record(request, rtype, key)
    context = {
        **record_context(actor_of(request), rtype, row, request.GET.get("as", "")),
        "back_url": address("web:list", rtype.slug),
        **middle_context(request, rtype, row),
    }
    return render(request, "web/record.html", context)


@require_safe
def timeline_page(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """A further stretch of a record's timeline."""
    rtype = find_type(request, slug)
    row = find_record(request, rtype, key)
    part = "web/timeline_part.html" if request.headers.get("HX-Request") else "web/timeline.html"
    context = {"rtype": rtype, "back_url": record_url(rtype, row.pk), **timeline_context(request, rtype, row.pk)}
    return render(request, part, context)


def record_context(
    actor: Actor, rtype: RecordType, row: Any, role: str = "", *, is_beside: bool = False
) -> dict[str, Any]:
    """A record with its fields, panels and composers, on a page of its own or beside a list.

    With a role the panels stand as they do for it.
    """
    title = rtype.title_of(row)
    return {
        "rtype": rtype,
        "record": {"id": row.pk, "title": title, "version": row.version},
        "face": face(title, row.pk, square=rtype.square),
        **_fields_context(actor, rtype, row),
        **panels_context(actor, rtype, row, role, is_beside=is_beside),
        "composers": [] if row.is_deleted else composers(actor, rtype, row),
        "open_composer": "",
        "heads": [] if is_beside else heads(actor, rtype, row),
        "delete_url": _url("web:delete", rtype, row) if row.may_delete and not row.is_deleted else None,
        "merge_url": _merge_url(rtype, row),
        "deeds": deeds(actor, rtype, row),
        "deleted": row.deleted_at,
        "restore_url": _url("web:restore", rtype, row) if row.may_delete else None,
        **sharing_links(actor, rtype, row),
    }


def sharing_links(actor: Actor, rtype: RecordType, row: Any) -> dict[str, Any]:
    """Where a record is shared, and where it says who can see it, for whoever may change it."""
    may_share = row.may_change and not row.is_deleted and rtype.by_roles
    may_ask = rtype.by_roles and (row.may_change or actor.is_admin)
    return {
        "share_url": _url("web:share", rtype, row) if may_share else None,
        "why_url": _url("web:why", rtype, row) if may_ask else None,
        "is_shared": may_share and row.is_shared,
    }


def middle_context(request: HttpRequest, rtype: RecordType, row: Any) -> dict[str, Any]:
    """The timeline, or what stands in its place for the chosen kind."""
    kind = KINDS.get(request.GET.get("kind", ""))
    if kind is None or kind.load is None:
        return timeline_context(request, rtype, row.pk)
    part = {
        "template": kind.template,
        "kinds": kinds_shown(request, rtype, row.pk),
        "entries": [],
        "next_url": None,
        "refresh_url": None,
    }
    return {"timeline": part, "open_composer": kind.composer, **kind.load(actor_of(request), rtype, row)}


def timeline_context(request: HttpRequest, rtype: RecordType, key: UUID) -> dict[str, Any]:
    """Entries in words, the chips of kinds, and where it goes on."""
    before = request.GET.get("before", "")
    chosen = request.GET.get("kind", "")
    shown = timeline(
        actor_of(request),
        key,
        before=read_number(before),
        since=read_number(request.GET.get("from", "")),
        kinds=KINDS.get(chosen, KINDS[""]).kinds,
    )
    further = of_record("web:timeline", rtype.slug, key)
    return {
        "timeline": {
            "template": "web/timeline_part.html",
            # Where it is read again when the record changed, from its oldest entry on, so that none between goes.
            "refresh_url": f"{further}?kind={chosen}&from={shown.oldest or 0}",
            "is_earlier": bool(before),
            "entries": tell(actor_of(request), shown.items),
            "next_url": f"{further}?kind={chosen}&before={shown.before}" if shown.before else None,
            "kinds": kinds_shown(request, rtype, key),
        }
    }


def kinds_shown(request: HttpRequest, rtype: RecordType, key: UUID) -> list[dict[str, Any]]:
    """The chips above the timeline."""
    record, chosen = record_url(rtype, key), request.GET.get("kind", "")
    return [
        {"label": kind.label, "url": f"{record}?kind={name}" if name else record, "on": name == chosen}
        for name, kind in KINDS.items()
    ]


def _fields_context(actor: Actor, rtype: RecordType, row: Any) -> dict[str, Any]:
    allowed = mask(actor, rtype)
    elsewhere = {rtype.title, *rtype.shown_elsewhere}
    fields = [field for field in rtype.all_fields() if allowed.shows(field.slug) and field.slug not in elsewhere]
    stored = values_of(fields, row)
    shape = shape_of(actor, rtype, row, stored)
    fields = [field for field in fields if field.slug not in shape.hidden]
    watch(actor, rtype, fields, [stored], door=PAGE)
    values = present(actor, fields, [{field.slug: stored[field.slug] for field in fields}])[0]
    may_change = row.may_change and not row.is_deleted
    shown = [
        {
            "field": field,
            "value": values[field.slug],
            "edit_url": of_record("web:edit", rtype.slug, row.pk, field.slug)
            if may_change and allowed.lets_change(field.slug) and not field.readonly and field.slug not in shape.locked
            else None,
            "locked": shape.locked.get(field.slug, ""),
            "needed": shape.needed.get(field.slug, "") if field.type.is_empty(stored[field.slug]) else "",
            "is_folded": _is_folded(rtype, field, values[field.slug], shape),
        }
        for field in fields
    ]
    title = rtype.title_field
    title_editable = may_change and allowed.lets_change(title.slug) and title.slug not in shape.locked
    return {
        "fields": [one for one in shown if not one["is_folded"]],
        "more_fields": [one for one in shown if one["is_folded"]],
        "title_edit_url": of_record("web:edit", rtype.slug, row.pk, title.slug) if title_editable else None,
        "chips": [{"field": one["field"], "value": one["value"]} for one in shown if one["field"].slug in rtype.chips],
        "subtitle": rtype.subtitle(actor, row) if rtype.subtitle else [],
    }


def _is_folded(rtype: RecordType, field: Field, value: Any, shape: Shape) -> bool:
    """Whether a field stands among those that say nothing; what is needed does not."""
    says_nothing = value is False or field.type.is_empty(value)
    return field.slug in rtype.secondary or (says_nothing and field.slug not in shape.needed)


def _url(name: str, rtype: RecordType, row: Any) -> str:
    return of_record(name, rtype.slug, row.pk)


def _merge_url(rtype: RecordType, row: Any) -> str | None:
    """Where a record is merged with others, for whoever may change and delete it."""
    if not rtype.by_roles or row.is_deleted or not (row.may_change and row.may_delete):
        return None
    return f"{address('web:merge', rtype.slug)}?ids={row.pk}"
