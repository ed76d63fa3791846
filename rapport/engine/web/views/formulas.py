"""Formulas while they are written: what could come next, what they give, and roll-ups put together by mouse."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from rapport.engine.events.actor import Actor
from rapport.engine.records.computed.graph import read_formula, scope_of
from rapport.engine.records.computed.side import stored_as
from rapport.engine.records.computed.working import evaluation
from rapport.engine.records.custom import actions
from rapport.engine.records.custom.kinds import FORMULA, KINDS
from rapport.engine.records.fields import TYPES, Field
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.making import COUNTED, made_label
from rapport.engine.records.filters.scope import takes
from rapport.engine.records.filters.tree import Function
from rapport.engine.records.formulas.bind import Bound
from rapport.engine.records.formulas.compile import worked_out
from rapport.engine.records.formulas.complete import complete_formula
from rapport.engine.records.formulas.tree import MAX_TEXT
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType
from rapport.engine.records.related import Related
from rapport.engine.web.views.completing import MOST, known, place_of
from rapport.engine.web.views.finding import actor_of, find_type

SHOWN = 3
AMOUNTS = (Function.SUM, Function.AVG, Function.MIN, Function.MAX)


@require_safe
def complete_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Offers at the place of the cursor, the best first."""
    rtype, actor = _find(request, slug)
    text, cursor = place_of(request, MAX_TEXT)
    offers = complete_formula(text, cursor, scope_of(rtype), lambda ref, typed: known(actor, ref, typed))
    return render(request, "web/filter_offers.html", {"offers": offers[:MOST]})


@require_safe
def try_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What a formula gives for some records, or what is wrong with it."""
    rtype, actor = _find(request, slug)
    text = request.GET.get("formula", "").strip()
    context = tried(actor, rtype, text) if text else Tried()
    return render(request, "web/fields/tried.html", {"tried": context})


@require_safe
def roll_up_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose what is counted or summed up of which records; what comes of it is a formula."""
    rtype, _actor = _find(request, slug)
    if chosen := request.GET.get("of", ""):
        query = urlencode({"type": FORMULA, "formula": chosen})
        return redirect(f"{reverse('web:new-field', args=[rtype.slug])}?{query}")
    return render(request, "web/fields/roll_up.html", {"rtype": rtype, "groups": list(_roll_ups(rtype))})


@dataclass(frozen=True)
class Tried:
    """What a formula gives, with its values for some records; or its fault, and what stands before it."""

    gives: str = ""
    examples: Sequence[tuple[str, Field, Any]] = ()
    fault: str = ""
    before: str = ""
    at: str = ""


def tried(actor: Actor, rtype: RecordType, text: str) -> Tried:
    """The kind of value that a formula gives, and its value for the newest records; or its fault."""
    try:
        bound, _inputs = read_formula(rtype, text)
    except FilterError as error:
        start = max(error.position, 0)
        return Tried(fault=error.message, before=text[:start], at=text[start:][: error.length])
    return Tried(str(KINDS[bound.kind].label), list(_examples(actor, rtype, bound)))


def _find(request: HttpRequest, slug: str) -> tuple[RecordType, Actor]:
    actor = actor_of(request)
    actions.require_admin(actor)
    return find_type(request, slug), actor


def _examples(actor: Actor, rtype: RecordType, bound: Bound) -> Iterator[tuple[str, Field, Any]]:
    """Titles of some records, with what they would have in the field."""
    field = Field(slug="tried", label="", type=TYPES[bound.kind])
    value = worked_out(bound, scope_of(rtype), evaluation())
    rows = visible(actor, rtype).order_by("-created_at").annotate(tried=value)
    for title, made in rows.values_list(rtype.title_field.path, "tried")[:SHOWN]:
        yield title, field, stored_as(field, made)


@dataclass(frozen=True)
class RollUps:
    """What can be made of the records that point here in one way: formulas with their names."""

    label: str
    choices: list[tuple[str, str]]


def _roll_ups(rtype: RecordType) -> Iterator[RollUps]:
    scope = scope_of(rtype)
    for name, related in scope.related().items():
        within = scope.inside(scope.resolve((name,), function=Function.COUNT))
        yield RollUps(related.label, list(_made_of(name, related, within.fields())))


def _made_of(name: str, related: Related, fields: Sequence[Field]) -> Iterator[tuple[str, str]]:
    yield f"{Function.COUNT}({name})", made_label(Function.COUNT, COUNTED, related)
    for field in fields:
        for function in AMOUNTS:
            if takes(function, field):
                yield f"{function}({name}.{field.slug})", made_label(function, field, related)
