"""Asking for a deed upon many records: what is to be done, what would come of it, and the start."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.records.bulk import doors
from rapport.engine.records.bulk.asking import VERBS, Ask, Deed, Preview, asked_rows, preview
from rapport.engine.records.bulk.changes import CONFIRM, Change, changeable_fields
from rapport.engine.records.bulk.errors import BulkRefused
from rapport.engine.records.bulk.telling import words_of
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask
from rapport.engine.records.models import BulkRun
from rapport.engine.records.queries import Count, count
from rapport.engine.records.queries.filtered import filter_chips
from rapport.engine.records.reading import zone_now
from rapport.engine.records.registry import RecordType
from rapport.engine.web.counts import count_text
from rapport.engine.web.once import batch_asked, form_key
from rapport.engine.web.views.bulk.form import SEEN, chosen_fields, digest, read_changes, shown_fields
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.listed import Listed, listed
from rapport.engine.web.views.presenting import present, record_url
from rapport.engine.web.views.toasts import say, warn
from rapport.engine.web.views.undoing import back

MOST_AT_ONCE = 200  # records picked one by one


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_page(request: HttpRequest, slug: str, word: str) -> HttpResponse:
    """GET shows the form, or how many records are to be deleted or restored; POST looks at it again, or does it."""
    if word not in VERBS:
        raise Http404(_("There is no page here."))
    rtype = find_type(request, slug, VERBS[word])
    asked, is_picked = listed(request, rtype), request.method == "POST" and "id" in request.POST
    try:
        keys = _keys(request.POST.getlist("id") if is_picked else request.GET.get("ids", "").split(","))
    except BulkRefused as refused:
        warn(request, str(refused))
        return redirect(back(request, asked.url()) if is_picked else asked.url())
    if is_picked:
        return _picked(request, asked, word, keys)
    ask = _ask(request, asked, word, keys)
    if ask is None or asked.error:
        return redirect(asked.url())
    if word == Deed.CONFIRM:
        ask = replace(ask, changes=_confirmed(request, rtype))
    return _edit(request, asked, ask) if word == Deed.EDIT else _confirm(request, asked, ask)


def _keys(texts: Iterable[str]) -> tuple[UUID, ...]:
    """The records that are picked, each once: in a list under groups one may be ticked twice. Raises BulkRefused."""
    keys = tuple(dict.fromkeys(key for text in texts if (key := read_id(text))))
    if len(keys) > MOST_AT_ONCE:
        words = _(
            "Nothing was done: %(count)d records are picked, and %(most)d can be. Filter, and select all that match."
        )
        raise BulkRefused(words % {"count": len(keys), "most": MOST_AT_ONCE})
    return keys


def _picked(request: HttpRequest, asked: Listed, word: str, keys: tuple[UUID, ...]) -> HttpResponse:
    """Records picked in a list: an edit goes to its form, anything else is done and can be taken back."""
    if word in (Deed.EDIT, Deed.CONFIRM):
        query = urlencode({**asked.kept(), "ids": ",".join(map(str, keys))})
        return redirect(f"{asked.url_of('web:bulk', word).partition('?')[0]}?{query}")
    return _start(request, asked, Ask(word, keys=keys, **zone_now()), _done_picking(back(request, asked.url())))


def _done_picking(page: str) -> str:
    """The list that rows were picked in, without the boxes that a phone shows for it."""
    parts = urlsplit(page)
    query = urlencode([one for one in parse_qsl(parts.query) if one[0] != "select"])
    return urlunsplit(parts._replace(query=query))


def _ask(request: HttpRequest, asked: Listed, word: str, keys: tuple[UUID, ...]) -> Ask | None:
    """What the address says: some records by their ids, or all that match. None where it says neither."""
    if request.GET.get("all") == "1":
        return Ask(word, where=asked.where, **zone_now())
    return Ask(word, keys=keys, **zone_now()) if keys else None


def _confirmed(request: HttpRequest, rtype: RecordType) -> tuple[Change, ...]:
    """The fields that the address names, as somebody has made sure of them."""
    asked = request.GET.getlist("field")
    return tuple(Change(one, CONFIRM) for one in changeable_fields(actor_of(request), rtype) if one.slug in asked)


def _edit(request: HttpRequest, asked: Listed, ask: Ask) -> HttpResponse:
    actor, rtype = actor_of(request), asked.rtype
    fields = chosen_fields(request, actor, rtype)
    is_sent = "bulk.preview" in request.POST or "bulk.go" in request.POST
    if not is_sent:
        return _form(request, asked, ask, fields)
    try:
        changes = read_changes(request, actor, rtype, fields)
    except ValidationFailed as error:
        return _form(request, asked, ask, fields, errors=error.errors)
    ask = replace(ask, changes=changes)
    if "bulk.go" in request.POST and request.POST.get(SEEN) == digest(request) and changes:
        return _start(request, asked, ask)
    return _form(request, asked, ask, fields, seen=preview(actor, rtype, ask) if changes else None)


def _confirm(request: HttpRequest, asked: Listed, ask: Ask) -> HttpResponse:
    if request.method == "POST":
        return _start(request, asked, ask)
    if ask.deed == Deed.CONFIRM and not ask.changes:
        return redirect(asked.url())
    return _form(request, asked, ask, [], seen=preview(actor_of(request), asked.rtype, ask))


def _start(request: HttpRequest, asked: Listed, ask: Ask, back_url: str = "") -> HttpResponse:
    actor, back_url = actor_of(request), back_url or asked.url()
    try:
        run = doors.start(actor, asked.rtype, ask, batch=batch_asked(request, actor), back=back_url)
    except BulkRefused as refused:
        warn(request, str(refused))
        return redirect(back_url)
    if run.state != BulkRun.State.DONE:
        return redirect("web:bulk-run", run.pk)
    if run.counts.get("changed"):
        say(request, words_of(run), undo=run.batch)
    else:
        warn(request, words_of(run))
    is_partly = run.counts.get("refused") or run.counts.get("beyond")
    return redirect("web:bulk-run", run.pk) if is_partly else redirect(back_url)


def _form(
    request: HttpRequest,
    asked: Listed,
    ask: Ask,
    fields: list[Field],
    *,
    errors: dict[str, str] | None = None,
    seen: Preview | None = None,
) -> HttpResponse:
    actor, rtype = actor_of(request), asked.rtype
    here = {field.slug for field in fields}
    context = {
        "rtype": rtype,
        "deed": ask.deed,
        "is_picked": ask.keys is not None,
        "about": _about(actor, rtype, ask, seen),
        "chips": [] if ask.keys is not None else filter_chips(actor, rtype, ask.where),
        "fields": shown_fields(request, fields, errors or {}),
        "offered": [field for field in changeable_fields(actor, rtype) if field.slug not in here],
        "errors": [text for slug, text in (errors or {}).items() if slug not in here],
        "seen": seen,
        "examples": _examples(actor, ask.changes, seen) if seen else [],
        "confirmed": [one.field for one in ask.changes if one.way == CONFIRM],
        "digest": digest(request),
        "form_key": form_key(actor),
        "is_added": "bulk.more" in request.POST,
        "is_asked": "bulk.preview" in request.POST or "bulk.go" in request.POST,
        "changed_since": "bulk.go" in request.POST and seen is not None,
        "titles": _titles(actor, rtype, seen) if seen else [],
        "back_url": asked.url(),
    }
    return render(request, "web/bulk/ask.html", context, status=422 if errors else 200)


def _about(actor: Actor, rtype: RecordType, ask: Ask, seen: Preview | None) -> str:
    """How many records it is about, exactly once that was counted for the preview."""
    return count_text(Count(seen.total, True) if seen else count(asked_rows(actor, rtype, ask)))


def _titles(actor: Actor, rtype: RecordType, seen: Preview) -> list[dict[str, str]]:
    called = rtype.title_of if mask(actor, rtype).shows(rtype.title) else lambda _row: str(rtype.label)
    return [
        {"title": called(one.row) or _("Without a name"), "url": record_url(rtype, one.row.pk)} for one in seen.examples
    ]


def _examples(actor: Actor, changes: tuple[Change, ...], seen: Preview) -> list[dict[str, Any]]:
    """The first records, field by field, before and after."""
    fields = [one.field for one in changes]
    before = present(actor, fields, [one.before for one in seen.examples])
    after = present(actor, fields, [one.after for one in seen.examples])
    return [
        {"problem": one.problem, "cells": [{"field": f, "was": was[f.slug], "is": becomes[f.slug]} for f in fields]}
        for one, was, becomes in zip(seen.examples, before, after, strict=True)
    ]
