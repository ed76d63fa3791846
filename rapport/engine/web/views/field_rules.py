"""The pages on which administrators make rules for fields, and that of a built-in field."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.engine.events.act import open_act
from rapport.engine.records.custom.kinds import KINDS
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.describe import sentence
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.gate import visible
from rapport.engine.records.models import FieldRule
from rapport.engine.records.queries.counting import count
from rapport.engine.records.queries.filtered import filtered, names_in
from rapport.engine.records.reading import zone_now
from rapport.engine.records.registry import RecordType
from rapport.engine.records.rules import actions
from rapport.engine.records.rules.reading import Kind
from rapport.engine.records.rules.scope import read_condition, rule_scope
from rapport.engine.records.showing import rule_url
from rapport.engine.web.conditions import form_context
from rapport.engine.web.counts import count_text
from rapport.engine.web.rules_shown import LABELS, WHILE, field_context
from rapport.engine.web.views.completing import offers_in
from rapport.engine.web.views.fields import find_type_with_fields
from rapport.engine.web.views.filtering import edit_form, is_beyond, row_at_fault, sent_form
from rapport.engine.web.views.finding import actor_of
from rapport.engine.web.views.toasts import say


@require_safe
def built_in_field(request: HttpRequest, slug: str, field_slug: str) -> HttpResponse:
    """A built-in field: what it is, its rules, and what uses it."""
    rtype = find_type_with_fields(request, slug)
    field = next((one for one in rtype.fields if one.slug == field_slug), None)
    if field is None:
        raise Http404(_("There is no such field."))
    kind = KINDS.get(field.type.name)
    context = {"rtype": rtype, "field": field, "kind": kind.label if kind else field.type.name}
    return render(request, "web/fields/built_in.html", context | field_context(actor_of(request), rtype, field))


@require_http_methods(["GET", "HEAD", "POST"])
def rule_page(request: HttpRequest, slug: str, field_slug: str, kind: str) -> HttpResponse:
    """When a rule holds: built by hand or written as text, seen before it is saved."""
    rtype, field, row = _find(request, slug, field_slug, kind)
    if request.method == "POST":
        return _save(request, rtype, field, kind, row)
    form, error = sent_form(request, row.condition if row else "")
    if "apply" in request.GET and error is None:
        try:
            return _with_text(request, rtype, to_text(form.tree(rule_scope(rtype))), field_slug, kind)
        except FilterError as refused:
            error = refused
    edit_form(request, form)
    where = request.GET.get("where", row.condition if row else "")
    context = _context(request, rtype, field, kind, row) | {
        "form": form,
        "inner": form_context(rule_scope(rtype), form),
        "is_beyond": is_beyond(where),
        "error": error,
        "error_at": row_at_fault(error),
        **_preview(request, rtype, where),
    }
    part = "web/fields/rule_builder.html" if request.headers.get("HX-Request") else "web/fields/rule.html"
    return render(request, part, context)


@require_POST
def remove_rule(request: HttpRequest, slug: str, field_slug: str, kind: str) -> HttpResponse:
    """Take a rule away."""
    rtype, field, row = _find(request, slug, field_slug, kind)
    if row is None:
        raise Http404(_("There is no such rule."))
    with open_act(actor_of(request)) as act:
        actions.remove_rule(act, row)
    say(request, _("The rule for %(label)s was removed.") % {"label": field.label}, undo=act.batch)
    return redirect(field_url(rtype, field))


@require_safe
def rule_offers(request: HttpRequest, slug: str) -> HttpResponse:
    """What could be written next in the condition of a rule."""
    return offers_in(request, rule_scope(find_type_with_fields(request, slug)))


def field_url(rtype: RecordType, field: Field) -> str:
    """The page of a field."""
    if not field.custom:
        return reverse("web:built-in-field", args=[rtype.slug, field.slug])
    return reverse("web:field-by-slug", args=[rtype.slug, field.slug])


def _save(request: HttpRequest, rtype: RecordType, field: Field, kind: str, row: FieldRule | None) -> HttpResponse:
    where = request.POST.get("where", "")
    try:
        with open_act(actor_of(request)) as act:
            if row:
                actions.change_rule(act, row, where)
            else:
                actions.create_rule(act, rtype, {"field": field.slug, "kind": kind, "condition": where})
    except ValidationFailed as error:
        said = {"filter_error": " ".join(error.errors.values()), "where": where}
        empty = {"form": None, "sentence": "", "counts": None}
        context = _context(request, rtype, field, kind, row) | empty | said
        return render(request, "web/fields/rule.html", context, status=422)
    say(request, _("The rule for %(label)s was saved.") % {"label": field.label}, undo=act.batch)
    return redirect(field_url(rtype, field))


def _find(request: HttpRequest, slug: str, field_slug: str, kind: str) -> tuple[RecordType, Field, FieldRule | None]:
    rtype = find_type_with_fields(request, slug)
    field = next((one for one in rtype.all_fields() if one.slug == field_slug), None)
    if field is None or kind not in Kind.values:
        raise Http404(_("There is no such rule."))
    row = actions.find_rule(rtype, field_slug, kind)
    if row is None and actions.why_not(rtype, field, kind):
        raise Http404(actions.why_not(rtype, field, kind))
    return rtype, field, row


def _with_text(request: HttpRequest, rtype: RecordType, where: str, field_slug: str, kind: str) -> HttpResponse:
    address = f"{rule_url(rtype, field_slug, kind)}?{urlencode({'where': where})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _preview(request: HttpRequest, rtype: RecordType, where: str) -> dict[str, Any]:
    """The condition in words, and for how many records it holds now."""
    if not where.strip():
        return {"where": where, "sentence": "", "counts": None, "filter_error": ""}
    actor = actor_of(request)
    try:
        tree = read_condition(rtype, where, actor)
        scope = rule_scope(rtype)
        names = names_in(actor, tree, scope)
        found = filtered(actor, rtype, to_text(tree), **zone_now())
    except FilterError as error:
        return {"where": where, "sentence": "", "counts": None, "filter_error": error.message}
    counts = {"holds": count_text(count(found)), "all": count_text(count(visible(actor, rtype)))}
    url = reverse("web:list", args=[rtype.slug]) + "?" + urlencode({"where": to_text(tree)})
    said = {"sentence": sentence(tree, scope, names), "counts": counts, "list_url": url}
    return said | {"where": to_text(tree), "filter_error": ""}


def _context(request: HttpRequest, rtype: RecordType, field: Field, kind: str, row: FieldRule | None) -> dict[str, Any]:
    return {
        "rtype": rtype,
        "field": field,
        "rule": row,
        "title": LABELS[kind],
        "said_while": str(WHILE[kind]) % {"label": field.label},
        "action": rule_url(rtype, field.slug, kind),
        "remove_url": reverse("web:remove-field-rule", args=[rtype.slug, field.slug, kind]),
        "back_url": field_url(rtype, field),
        "kept_inputs": {},
        "error": None,
        "error_at": "",
        "is_beyond": False,
        "list_url": "",
    }
