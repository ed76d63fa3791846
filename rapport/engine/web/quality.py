"""Quality as pages show it: rules with what mends them, averages, the trend, and what a record lacks."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.events.actor import Actor
from rapport.engine.records.bulk.changes import changeable_fields
from rapport.engine.records.definitions import definitions
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import Among
from rapport.engine.records.filters.values import Id
from rapport.engine.records.gate import mask, may
from rapport.engine.records.models import QualityDay
from rapport.engine.records.quality.belonging import FAILING
from rapport.engine.records.quality.numbers import (
    Average,
    OwnerNumbers,
    RuleNumbers,
    average,
    days,
    has_owners,
    owners,
    rules_by_urgency,
)
from rapport.engine.records.quality.of_record import Failing, judge
from rapport.engine.records.quality.reading import Kind, Rule
from rapport.engine.records.registry import PANELS_OF_ALL, Panel, RecordType
from rapport.engine.records.showing import quality_rule_url
from rapport.engine.web.addresses import address, of_record
from rapport.engine.web.charts import Chart, Mark, Series, svg
from rapport.engine.web.charts import Kind as Drawn
from rapport.engine.web.counts import count_text
from rapport.engine.web.formatting import number
from rapport.engine.web.views.presenting import face

WIDTHS = {"desk": 720, "hand": 330}


def numbers_context(actor: Actor, rtype: RecordType) -> dict[str, Any]:
    """All that is worked out for one record type."""
    rules = rules_by_urgency(actor, rtype)
    able = {field.slug for field in changeable_fields(actor, rtype)} if may(actor, rtype, "change") else set()
    found, kept = average(actor, rtype), days(actor, rtype)
    return {
        "rtype": rtype,
        "rules": [_rule(actor, rtype, one, able) for one in rules],
        "average": _average(found),
        "owners_url": address("web:quality-of", rtype.slug) + "?part=owners" if has_owners(actor, rtype) else None,
        "drawings": trend(rtype, kept),
        "days": kept[::-1],
    }


def owners_context(actor: Actor, rtype: RecordType) -> dict[str, Any]:
    """Whose records there is most to mend in: it takes as long as reading all of them."""
    return {"rtype": rtype, "owners": [_owner(rtype, one) for one in owners(actor, rtype)]}


def failing_where(rule: Rule) -> str:
    """The filter that finds the records which fail a rule."""
    return to_text(Among(FAILING, Id(rule.id)))


def trend(rtype: RecordType, kept: Sequence[QualityDay]) -> list[tuple[str, Any]]:
    """The average of each day as drawings; none before there are two."""
    if len(kept) < 2:
        return []
    labels = [one.day.isoformat() for one in kept]
    chart = Chart(
        title=_("Quality of %(what)s from day to day") % {"what": rtype.label_plural},
        labels=labels,
        short_labels=[label[5:] for label in labels],
        series=[Series(_("Data quality"), [Mark(one.average) for one in kept])],
        about=_("0 to 100, on the average of all."),
        format=_said,
        short=_said,
        kind=Drawn.LINES,
        is_time=True,
    )
    return [(name, svg(chart, width=width, name=f"quality-{rtype.slug}-{name}")) for name, width in WIDTHS.items()]


def _said(value: Any) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"


def quality_panel(rtype: RecordType) -> Panel | None:
    """The panel of what a record lacks, for types whose records are judged."""
    if not rtype.by_roles:
        return None
    load = partial(_lacking, rtype)
    return Panel(
        __("Data quality"), "web/record/quality.html", load, side="left", icon="shield", beside=False, name="quality"
    )


PANELS_OF_ALL.append(quality_panel)


def _lacking(rtype: RecordType, actor: Actor, row: Any) -> dict[str, Any] | None:
    """What a record lacks, with what mends it; None where there is nothing to say."""
    found = None if row.is_deleted else judge(actor, rtype, row)
    if found is None or not found.failing:
        return None
    allowed = mask(actor, rtype)
    able = {field.slug for field in changeable_fields(actor, rtype)} if row.may_change else set()
    return {
        "score": found.score,
        "confirm_url": of_record("web:confirm", rtype.slug, row.pk),
        "failing": [_failing(rtype, row, one, able) for one in found.failing if allowed.shows(one.rule.field.slug)],
    }


def _failing(rtype: RecordType, row: Any, one: Failing, able: set[str]) -> dict[str, Any]:
    slug = one.rule.field.slug
    edit_url = of_record("web:edit", rtype.slug, row.pk, slug) if slug in able else None
    return {
        "rule": one.rule,
        "kind": one.rule.row.kind,
        "seen": one.seen,
        "edit_url": edit_url,
        "may_confirm": one.rule.is_fresh and slug in able,
    }


def _rule(actor: Actor, rtype: RecordType, one: RuleNumbers, able: set[str]) -> dict[str, Any]:
    where = failing_where(one.rule)
    return {
        "rule": one.rule,
        "kind": one.rule.row.get_kind_display(),
        "count": count_text(one.failing),
        "is_met": not one.failing.value,
        "list_url": address("web:list", rtype.slug) + "?" + urlencode({"where": where}),
        "edit_url": quality_rule_url(rtype, one.rule.id) if actor.is_admin else None,
        "mend": _mend(rtype, one.rule, where) if one.failing.value and _is_mended(one.rule, able) else None,
    }


def _is_mended(rule: Rule, able: set[str]) -> bool:
    """Whether one deed can mend all: no two records have the same address."""
    return rule.field.slug in able and (rule.is_fresh or rule.field.type.name != "addresses")


def _mend(rtype: RecordType, rule: Rule, where: str) -> dict[str, str]:
    """What mends all records that fail a rule: confirming what is old, else the bulk edit with the field in it."""
    query = urlencode({"all": "1", "where": where, "field": rule.field.slug})
    if rule.is_fresh:
        return {"label": _("Confirm all…"), "url": address("web:bulk", rtype.slug, "confirm") + f"?{query}"}
    label = _("Set for all…") if rule.row.kind == Kind.COMPLETE else _("Change or clear all…")
    return {"label": label, "url": address("web:bulk", rtype.slug, "edit") + f"?{query}"}


def _average(found: Average | None) -> dict[str, Any] | None:
    if found is None or found.quality is None:
        return None
    kinds = [
        {"label": Kind(kind).label, "value": percent(value)} for kind, value in found.kinds.items() if value is not None
    ]
    return {"value": percent(found.quality), "kinds": kinds, "records": number(found.records)}


def percent(value: Any) -> int:
    """Rounded down, so that 100 says that all is well."""
    return int(value)


def _owner(rtype: RecordType, one: OwnerNumbers) -> dict[str, Any]:
    name = definitions().user_names.get(one.owner, "") if one.owner else ""
    where = f"owner = {one.owner}" if one.owner else "owner is empty"
    return {
        "name": name,
        "face": face(name, one.owner) if one.owner and name else None,
        "quality": None if one.quality is None else percent(one.quality),
        "records": number(one.records),
        "failures": number(one.failures),
        "url": address("web:list", rtype.slug) + "?" + urlencode({"where": f"{where} and quality < 100"}),
    }
