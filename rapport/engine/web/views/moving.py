"""Moving a card of a board: to another lane, with what the move asks for, and what to say when it cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.engine.events.act import open_act
from rapport.engine.records.actions import change_record
from rapport.engine.records.errors import EditConflict, ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask
from rapport.engine.records.queries.lanes import in_lane
from rapport.engine.records.queries.listing import next_after, page
from rapport.engine.web.addresses import read_number
from rapport.engine.web.boards import WITHOUT, Board, Lane, board_fields, board_of
from rapport.engine.web.cards import card_fields, cards
from rapport.engine.web.counts import forget_counts
from rapport.engine.web.forms import raw_values
from rapport.engine.web.uploads import Uploads, read_uploads
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.layouts.board import lane_context
from rapport.engine.web.views.listed import listed
from rapport.engine.web.views.presenting import present, values_of
from rapport.engine.web.views.toasts import say, warn


@dataclass
class Move:
    """One card on its way: the board it is on, and the fields that the form asks for beside the lane."""

    request: HttpRequest
    board: Board
    row: Any
    asked: list[Field]

    @property
    def title(self) -> str:
        rtype = self.board.rtype
        is_shown = mask(self.board.actor, rtype).shows(rtype.title)
        return (rtype.title_of(self.row) if is_shown else "") or str(rtype.label)

    @property
    def to(self) -> str | None:
        return self.request.POST.get("to")

    @property
    def is_part(self) -> bool:
        return bool(self.request.headers.get("HX-Request"))


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, slug: str, key: UUID, field_slug: str) -> HttpResponse:
    """GET asks where to; POST moves, or asks for what the move needs."""
    one = _move(request, slug, key, field_slug)
    if request.method != "POST":
        return _form(one)
    if one.to is None:
        return _form(one, errors={field_slug: _("Choose where to.")})
    uploads = read_uploads(request, one.board.actor, one.asked)
    try:
        batch = _change(one, uploads)
    except ValidationFailed as failed:
        return _form(one, errors=failed.errors, uploads=uploads)
    except EditConflict as conflict:
        return _refused(one, conflict)
    return _moved(one, batch)


def _move(request: HttpRequest, slug: str, key: UUID, field_slug: str) -> Move:
    rtype, actor = find_type(request, slug, "change"), actor_of(request)
    row = find_record(request, rtype, key)
    by = next((field for field in board_fields(actor, rtype) if field.slug == field_slug), None)
    board = board_of(actor, listed(request, rtype), by) if by else None
    if board is None or row.is_deleted or not board.may_move:
        raise Http404(_("This card cannot be moved."))
    return Move(request, board, row, _askable(board, request.POST.getlist("ask")))


def _askable(board: Board, slugs: "list[str] | Mapping[str, str]") -> list[Field]:
    """Those of the fields that a form can ask for, in their order."""
    allowed = mask(board.actor, board.rtype)
    return [
        field
        for field in board.rtype.all_fields()
        if field.slug in slugs and field.slug != board.by.slug and not field.readonly and not field.immutable
        and allowed.lets_change(field.slug)
    ]  # fmt: skip


def _change(one: Move, uploads: Uploads) -> UUID | None:
    """Write the lane and what was asked for. The batch, if anything changed. Raises ValidationFailed, EditConflict."""
    actor, version = one.board.actor, one.request.POST.get("version", "")
    raw = {one.board.by.slug: "" if one.to == WITHOUT else one.to} | raw_values(one.request.POST, one.asked)
    with transaction.atomic():
        values = uploads.kept(actor, raw)
        with open_act(actor) as act:
            # Whoever moved it a moment before is waited for, and what they did is no change of ours.
            before = act.lock(one.row).version
            change_record(act, one.board.rtype, one.row, values, base_version=read_number(version))
    forget_counts()
    return act.batch if one.row.version != before else None


def _form(one: Move, *, errors: Mapping[str, str] | None = None, uploads: Uploads | None = None) -> HttpResponse:
    """Where to, or what the move asks for, in place or as a page."""
    errors = errors or {}
    board, asked = one.board, _askable(one.board, [*errors, *(field.slug for field in one.asked)])
    stored = present(board.actor, asked, [values_of(asked, one.row)])[0] if asked else {}
    typed = raw_values(one.request.POST, one.asked) | (uploads.shown() if uploads else {})
    here, to = board.lane_of(board.by.get(one.row)), board.lane(one.to) if one.to else None
    lanes = [lane for lane in board.lanes if lane.is_open or lane == here]
    after = lanes[(lanes.index(here) + 1) % len(lanes)].name if here in lanes else ""
    context = {
        "one": one,
        "rtype": board.rtype,
        "field": board.by,
        "to": to if asked else None,
        "lanes": [lane for lane in lanes if lane != here],
        "here": here,
        "chosen": one.to or after,
        "asks": [
            {"field": field, "value": typed.get(field.slug, stored[field.slug]), "error": errors.get(field.slug, "")}
            for field in asked
        ],
        "problems": [text for slug, text in errors.items() if not any(field.slug == slug for field in asked)],
        "has_files": any(field.type.name == "file" for field in asked),
        "action": board.asked.url_of("web:move", one.row.pk, board.by.slug),
        "back_url": board.asked.url(),
        "is_part": one.is_part,
    }
    template = "web/move_part.html" if one.is_part else "web/move.html"
    return render(one.request, template, context, status=422 if errors else 200)


def _refused(one: Move, conflict: EditConflict) -> HttpResponse:
    """Somebody was there first: their change stands, and the card is shown where it is."""
    board = one.board
    slugs = [one.slug for one in conflict.conflicts]
    if board.by.slug in slugs:
        here = board.lane_of(board.by.get(one.row))
        words = _("Somebody else moved %(title)s to %(lane)s meanwhile. It stays there.")
        text = words % {"title": one.title, "lane": here.label if here else "—"}
    else:
        names = ", ".join(str(field.label) for slug in slugs if (field := board.rtype.field(slug)))
        words = _("Somebody else changed %(fields)s of %(title)s meanwhile. Look at it, then move it again.")
        text = words % {"fields": names, "title": one.title}
    forget_counts()
    if one.is_part:
        return _told(one, {"text": text, "level": "warning", "undo": ""}, status=409)
    warn(one.request, text)
    return redirect(board.asked.url())


def _moved(one: Move, batch: UUID | None) -> HttpResponse:
    lane = one.board.lane_of(one.board.by.get(one.row))
    words = _("%(title)s moved to %(lane)s.") if batch else _("%(title)s stands in %(lane)s.")
    text = words % {"title": one.title, "lane": lane.label if lane else "—"}
    if one.is_part:
        return _told(one, {"text": text, "level": "success", "undo": batch or ""})
    say(one.request, text, undo=batch)
    return redirect(one.board.asked.url())


def _told(one: Move, toast: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """What changes on the board: the heads of all lanes, the card in its place, and a word on it."""
    board = one.board
    board.count()
    rows = board.asked.rows
    found = page(board.rtype, rows.filter(pk=one.row.pk), card_fields(board).every, order=board.asked.order, limit=1)
    lane = board.lane_of(board.by.get(one.row))
    context = {
        "rtype": board.rtype,
        "lanes": [lane_context(board, lane, place) for place, lane in enumerate(board.lanes)],
        "card": next(iter(cards(board, found.rows)), None),
        "lane": lane,
        "before": _next_card(board, lane, one.row.pk) if lane else None,
        "toast_of": toast,
    }
    if not found.rows:
        toast["text"] += " " + _("This list no longer holds it.")
    return render(one.request, "web/moved.html", context, status=status)


def _next_card(board: Board, lane: Lane, key: UUID) -> UUID | None:
    """Before which card it stands, in the order of the list."""
    return next_after(board.asked.rows.filter(in_lane(board.rtype, board.by, lane.key)), board.asked.order, key)
