"""Quality over the API: the rules and numbers that somebody may know, and confirming what is still right."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer
from rapport.engine.api.confirming import fields_to_confirm
from rapport.engine.api.presenting import item_of
from rapport.engine.api.problems import Problem, bad_parameter, not_found
from rapport.engine.events.ids import read_id
from rapport.engine.records.gate import may, visible
from rapport.engine.records.quality.confirming import confirm_record
from rapport.engine.records.quality.numbers import average, rules_by_urgency
from rapport.engine.records.quality.reading import Kind, Rule, is_judged, judged_types
from rapport.engine.records.quality.showing import rules_seen, sees_scores
from rapport.engine.records.registry import RecordType


def list_quality_rules(call: Call) -> HttpResponse:
    """The rules in force that the caller may know of, of all types or of one."""
    return answer(
        {"items": [rule_item(rtype, rule) for rtype in _types(call) for rule in rules_seen(call.actor, rtype)]}
    )


def show_quality(call: Call) -> HttpResponse:
    """How good the records are that the caller sees, and what to mend first, of all types or of one."""
    return answer({"items": [_numbers(call, rtype) for rtype in _types(call)]})


def confirm(call: Call, slug: str, key: str) -> HttpResponse:
    """Fields of a record are still right."""
    refuse_unknown(call.request, set())
    rtype = call.record_type(slug, "change")
    record = read_id(key)
    row = visible(call.actor, rtype).filter(pk=record).first() if record and is_judged(rtype) else None
    if row is None:
        raise not_found()
    sent = object_of(call.body)
    if unknown := next((name for name in sent if name != "fields"), None):
        raise Problem("unknown-field", _("There is no member “%(name)s”.") % {"name": unknown[:60]})
    fields = fields_to_confirm(call, rtype, sent.get("fields"), "/fields")
    with call.act() as act:
        confirm_record(act, rtype, row, [field.slug for field in fields])
    shown = "quality" if sees_scores(call.actor, rtype) else "id"
    return answer(item_of(call.actor, rtype, row.pk, shown), batch=act.batch)


def rule_item(rtype: RecordType, rule: Rule) -> dict[str, Any]:
    """A rule as JSON."""
    row = rule.row
    return {
        "id": str(rule.id), "record_type": rtype.slug, "field": rule.field.slug, "kind": row.kind, "label": rule.label,
        "applies": row.applies, "good": row.good, "months": row.months, "weight": row.weight,
    }  # fmt: skip


def _numbers(call: Call, rtype: RecordType) -> dict[str, Any]:
    found = average(call.actor, rtype)
    scores = {"quality": found.quality, **found.kinds} if found else dict.fromkeys(("quality", *Kind.values))
    rules = [
        {"id": str(one.rule.id), "label": one.rule.label, "weight": one.rule.row.weight,
         "failing": one.failing.value, "exact": one.failing.exact}
        for one in rules_by_urgency(call.actor, rtype)
    ]  # fmt: skip
    shown = {name: None if value is None else round(float(value), 1) for name, value in scores.items()}
    return {"record_type": rtype.slug, **shown, "records": found.records if found else None, "rules": rules}


def _types(call: Call) -> list[RecordType]:
    refuse_unknown(call.request, {"record_type"})
    wanted = call.request.GET.get("record_type")
    types = [one for one in judged_types() if may(call.actor, one, "read") and wanted in (None, one.slug)]
    if wanted is not None and not types:
        raise bad_parameter("record_type", _("There is no record type “%(slug)s” here.") % {"slug": wanted[:60]})
    return types
