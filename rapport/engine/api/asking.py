"""Reading what a list is asked for in its address."""

from dataclasses import dataclass

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from rapport.engine.api.call import Call
from rapport.engine.api.presenting import fields_shown
from rapport.engine.api.problems import Problem, bad_parameter
from rapport.engine.events.ids import read_id
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.gate import mask
from rapport.engine.records.models import SavedView
from rapport.engine.records.queries import Order, parse_order
from rapport.engine.records.queries.filtered import filtered
from rapport.engine.records.queries.listing import MAX_LIMIT
from rapport.engine.records.reading import zone_now
from rapport.engine.records.registry import RecordType
from rapport.engine.records.saved.parts import ORDER
from rapport.engine.records.saved.queries import find_view

LIMIT = 50
COUNTS = {"": None, "0": None, "1": False, "exact": True}


@dataclass(frozen=True)
class Asked:
    """A list as asked for. `exact_count` is None where no count was asked for."""

    rows: "models.QuerySet[models.Model]"
    fields: list[Field]
    order: Order
    limit: int
    cursor: str
    exact_count: bool | None


def read_list(call: Call, rtype: RecordType) -> Asked:
    """Raises Problem 400 that names the parameter and, in a filter, the place."""
    given = call.request.GET
    refuse_unknown(call.request, {"where", "view", "order", "fields", "limit", "cursor", "count"})
    if (counting := given.get("count", "")) not in COUNTS:
        raise bad_parameter("count", _("Write count=1, or count=exact for the exact number of a long list."))
    view = _view(call, rtype, given.get("view"))
    return Asked(
        rows=_filtered(call, rtype, given.get("where", ""), view),
        fields=fields_shown(call.actor, rtype, given.get("fields")),
        order=_order(call, rtype, given.get("order"), view),
        limit=read_limit(given.get("limit")),
        cursor=given.get("cursor", ""),
        exact_count=COUNTS[counting],
    )


def refuse_unknown(request: HttpRequest, known: set[str]) -> None:
    """Raise Problem 400 for a parameter that means nothing here: it is most likely misspelt."""
    for name in request.GET:
        if name not in known:
            raise bad_parameter(name, _("There is no parameter “%(name)s” here.") % {"name": name[:60]})


def filter_problem(error: FilterError) -> Problem:
    """A filter that cannot be read, with the place in its text and what to write instead."""
    place = {"position": error.position, "length": error.length} if error.position >= 0 else {}
    mend = {"suggestion": error.suggestion} if error.suggestion else {}
    return bad_parameter("where", error.message, **place, **mend)


def _view(call: Call, rtype: RecordType, key: str | None) -> SavedView | None:
    if not key:
        return None
    shown = find_view(call.actor, found) if (found := read_id(key)) else None
    if shown is None or shown.row.record_type != rtype.slug:
        raise bad_parameter("view", _("There is no such view of %(what)s.") % {"what": rtype.label_plural})
    return shown.row


def _filtered(call: Call, rtype: RecordType, text: str, view: SavedView | None) -> "models.QuerySet[models.Model]":
    try:
        return filtered(call.actor, rtype, text, view=view.pk if view else None, **zone_now())
    except FilterError as error:
        if view is not None and error.position < 0:
            raise bad_parameter("view", error.message) from error
        raise filter_problem(error) from error


def _order(call: Call, rtype: RecordType, text: str | None, view: SavedView | None) -> Order:
    """As asked for, else as the view has it, as far as the actor may sort by that."""
    hidden = mask(call.actor, rtype).hidden
    try:
        return parse_order(rtype, text or (view.parts.get(ORDER) if view else "") or rtype.order, hidden)
    except Invalid as error:
        if text:
            raise bad_parameter("order", str(error)) from error
        return parse_order(rtype, rtype.order)


def read_limit(text: str | None) -> int:
    """How many items a page has. Raises Problem 400."""
    if not text:
        return LIMIT
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:10]) <= MAX_LIMIT:
        raise bad_parameter("limit", _("Write a number from 1 to %(most)d.") % {"most": MAX_LIMIT})
    return int(text)
