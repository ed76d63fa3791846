"""The pages on which administrators make quality rules, and see how many records fail one before it is saved."""

from typing import Any
from uuid import UUID

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.records.computed.working import evaluation
from rapport.engine.records.errors import EditConflict, ValidationFailed
from rapport.engine.records.gate import visible
from rapport.engine.records.models import QualityRule
from rapport.engine.records.quality import actions
from rapport.engine.records.quality.judging import failing_of
from rapport.engine.records.quality.reading import Kind, conditions, judged_types, quality_rules
from rapport.engine.records.quality.typed import HEAVIEST, READERS, fields_of_rules, read_rule
from rapport.engine.records.queries.counting import count
from rapport.engine.records.registry import RecordType
from rapport.engine.records.rules.scope import rule_scope
from rapport.engine.records.showing import quality_rule_url
from rapport.engine.runtime.patience import was_given_up
from rapport.engine.web.addresses import address, read_number
from rapport.engine.web.counts import count_text
from rapport.engine.web.views.completing import offers_in
from rapport.engine.web.views.finding import admin_of, find_type
from rapport.engine.web.views.toasts import say, warn

Raw = dict[str, Any]


@require_safe
def rules_page(request: HttpRequest) -> HttpResponse:
    """The rules by record type, those that are off or broken too."""
    admin_of(request)
    types = [
        {
            "rtype": rtype,
            "rules": [_listed(rtype, row) for row in quality_rules(rtype).rows],
            "new_url": address("web:new-quality-rule", rtype.slug),
        }
        for rtype in sorted(judged_types(), key=lambda one: one.place)
        if fields_of_rules(rtype)
    ]
    return render(request, "web/quality/rules.html", {"types": types})


@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest, slug: str) -> HttpResponse:
    """A rule that is not there yet."""
    rtype = _type(request, slug)
    return _edit(request, rtype, None)


@require_http_methods(["GET", "HEAD", "POST"])
def rule_page(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """What a rule says. A change is seen first, then saved."""
    rtype = _type(request, slug)
    return _edit(request, rtype, _row(rtype, key))


@require_POST
def switch(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Switch a rule off, or on again."""
    rtype = _type(request, slug)
    row = _row(rtype, key)
    with open_act(admin_of(request)) as act:
        kept = actions.change_quality_rule(act, row, {"is_on": not row.is_on})
    words = _("The rule “%(name)s” is on.") if kept.is_on else _("The rule “%(name)s” is off.")
    say(request, words % {"name": kept.label}, undo=act.batch)
    return redirect("web:quality-rules")


@require_POST
def delete(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Take a rule away, or bring one from the first day back to what it was."""
    rtype = _type(request, slug)
    row = _row(rtype, key)
    try:
        with open_act(admin_of(request)) as act:
            actions.remove_quality_rule(act, row)
    except ValidationFailed as error:
        warn(request, " ".join(error.errors.values()))
        return redirect("web:quality-rules")
    is_back = actions.is_built_in(row)
    words = _("The rule “%(name)s” is as on the first day.") if is_back else _("The rule “%(name)s” was deleted.")
    say(request, words % {"name": row.label}, undo=act.batch)
    return redirect("web:quality-rules")


@require_safe
def rule_offers(request: HttpRequest, slug: str) -> HttpResponse:
    """What could be written next in a filter of a rule."""
    return offers_in(request, rule_scope(_type(request, slug)))


def _edit(request: HttpRequest, rtype: RecordType, row: QualityRule | None) -> HttpResponse:
    actor = admin_of(request)
    if request.method != "POST":
        return _form(request, rtype, row, _said(row) | _asked(request))
    raw: Raw = {name: request.POST.get(name, "") for name in (*READERS, "version")}
    try:
        if "save" not in request.POST:
            return _form(request, rtype, row, raw, seen=_preview(actor, rtype, raw))
        with open_act(actor) as act:
            version = read_number(str(raw["version"]))
            saved = (
                actions.change_quality_rule(act, row, raw, version=version)
                if row
                else actions.create_quality_rule(act, rtype, raw)
            )
    except ValidationFailed as error:
        return _form(request, rtype, row, raw, errors=error.errors)
    except EditConflict as conflict:
        return _form(request, rtype, row, raw | {"version": conflict.version}, conflict=conflict)
    say(request, _("The rule “%(name)s” was saved.") % {"name": saved.label}, undo=act.batch)
    return redirect("web:quality-rules")


def _form(
    request: HttpRequest,
    rtype: RecordType,
    row: QualityRule | None,
    raw: Raw,
    *,
    errors: dict[str, str] | None = None,
    conflict: EditConflict | None = None,
    seen: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        "rtype": rtype,
        "row": row,
        "raw": raw,
        "errors": errors or {},
        "conflict": [{"name": one.slug, "was": one.theirs, "becomes": one.yours} for one in conflict.conflicts]
        if conflict
        else None,
        "seen": seen,
        "kinds": Kind.choices,
        "fields": fields_of_rules(rtype),
        "weights": range(1, HEAVIEST + 1),
        "off": quality_rules(rtype).off.get(row.pk, "") if row else "",
        "action": quality_rule_url(rtype, row.pk) if row else address("web:new-quality-rule", rtype.slug),
        "is_built_in": row is not None and actions.is_built_in(row),
        "is_kept": row is not None and not row._state.adding,
    }
    status = 422 if errors else 409 if conflict else 200
    return render(request, "web/quality/rule.html", context, status=status)


def _preview(actor: Actor, rtype: RecordType, raw: Raw) -> dict[str, Any]:
    """For how many records the rule would say that they fail now. Raises ValidationFailed."""
    values = read_rule(actor, rtype, raw, QualityRule(record_type=rtype.slug))
    rule = conditions(rtype, QualityRule(record_type=rtype.slug, **values))
    rows = visible(actor, rtype).order_by()
    try:
        failing = count_text(count(failing_of(rule, rtype, rows, evaluation())))
    except OperationalError as error:
        if not was_given_up(error):
            raise
        failing = ""
    return {"failing": failing, "all": count_text(count(rows))}


def _asked(request: HttpRequest) -> Raw:
    """A new rule may begin with what the address says."""
    return {name: request.GET[name] for name in ("field", "kind") if name in request.GET}


def _said(row: QualityRule | None) -> Raw:
    if row is None:
        return dict.fromkeys(READERS, "") | {"kind": Kind.COMPLETE.value, "weight": 1, "months": 18, "version": ""}
    said = {name: getattr(row, name) for name in READERS}
    return said | {"months": row.months or "", "version": "" if row._state.adding else row.version}


def _listed(rtype: RecordType, row: QualityRule) -> dict[str, Any]:
    rules = quality_rules(rtype)
    field = rtype.field(row.field)
    return {
        "row": row,
        "kind": row.get_kind_display(),
        "field": field.label if field else row.field,
        "off": rules.off.get(row.pk, ""),
        "is_built_in": actions.is_built_in(row),
        "url": quality_rule_url(rtype, row.pk),
    }


def _type(request: HttpRequest, slug: str) -> RecordType:
    admin_of(request)
    rtype = find_type(request, slug)
    if rtype not in judged_types() or not fields_of_rules(rtype):
        raise Http404(_("These records have no quality rules."))
    return rtype


def _row(rtype: RecordType, key: UUID) -> QualityRule:
    row = next((one for one in quality_rules(rtype).rows if one.pk == key), None)
    if row is None:
        raise Http404(_("There is no such rule."))
    return row
