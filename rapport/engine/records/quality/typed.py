"""A quality rule as typed or sent, read and checked."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.custom.reading import holds_fields
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.pinning import pin
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import EVERYTHING
from rapport.engine.records.gate import visible
from rapport.engine.records.models import QualityRule
from rapport.engine.records.quality.reading import Kind, conditions, suggested
from rapport.engine.records.registry import RecordType
from rapport.engine.records.rules.scope import is_known, rule_scope

LONGEST_LABEL, HEAVIEST, LONGEST_MONTHS = 120, 5, 240


def read_rule(actor: Actor, rtype: RecordType, raw: Mapping[str, Any], row: QualityRule) -> dict[str, Any]:
    """The columns of a rule from those of `field`, `kind`, `label`, `applies`, `good`, `months`, `weight`, `is_on`
    that are given; the others stay. Raises ValidationFailed by name.
    """
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, reader in READERS.items():
        if name in raw or row._state.adding:
            try:
                values[name] = reader(rtype, raw.get(name))
            except ValidationFailed as error:
                errors |= error.errors
    if "is_on" in raw:
        values["is_on"] = raw["is_on"] in (True, "1", "on", "true")
    if errors:
        raise ValidationFailed(errors)
    said = QualityRule(**{name: values.get(name, getattr(row, name)) for name in (*READERS, "record_type")})
    return values | _filters(actor, rtype, said)


def fields_of_rules(rtype: RecordType) -> list[Field]:
    """The fields about which there can be rules: those whose values are known when a record is written."""
    return [one for one in rtype.all_fields() if is_known(one)] if holds_fields(rtype) else []


def _filters(actor: Actor, rtype: RecordType, said: QualityRule) -> dict[str, Any]:
    """Both filters as they are kept: with names as ids. A rule about freshness has months and no `good`."""
    if said.kind == Kind.FRESH:
        said.good = ""
        if said.months is None:
            raise ValidationFailed({"months": _("After how many months is a value too old?")})
    else:
        said.months = None
        said.good = said.good.strip() or suggested(said.field, said.kind)
        if not said.good:
            raise ValidationFailed({"good": _("Write what a good record looks like.")})
    for name in ("applies", "good"):
        text = getattr(said, name)
        try:
            rule = conditions(rtype, QualityRule(field=said.field, kind=Kind.VALID, good=text))
            tree = pin(rule.good, rule_scope(rtype), visible=partial(visible, actor)) if text.strip() else EVERYTHING
        except FilterError as error:
            raise ValidationFailed({name: error.message}) from error
        setattr(said, name, to_text(tree))
    return {"applies": said.applies, "good": said.good, "months": said.months}


def _field(rtype: RecordType, raw: Any) -> str:
    known = {one.slug for one in fields_of_rules(rtype)}
    if str(raw or "") not in known:
        raise ValidationFailed({"field": _("There is no field “%(slug)s” here.") % {"slug": str(raw or "")[:60]}})
    return str(raw)


def _kind(_rtype: RecordType, raw: Any) -> str:
    if str(raw or "") not in Kind.values:
        raise ValidationFailed({"kind": _("A rule is one of: %(known)s.") % {"known": ", ".join(Kind.values)}})
    return str(raw)


def _label(_rtype: RecordType, raw: Any) -> str:
    text = " ".join(str(raw or "").split())
    if not text:
        raise ValidationFailed({"label": _("A rule needs a name.")})
    if len(text) > LONGEST_LABEL:
        raise ValidationFailed({"label": _("A name has at most %(most)d characters.") % {"most": LONGEST_LABEL}})
    return text


def _text(_rtype: RecordType, raw: Any) -> str:
    if raw is not None and not isinstance(raw, str):
        raise ValidationFailed({"good": _("A condition is the text of a filter.")})
    return raw or ""


def _weight(_rtype: RecordType, raw: Any) -> int:
    return _number("weight", raw if raw not in (None, "") else 1, HEAVIEST)


def _months(_rtype: RecordType, raw: Any) -> int | None:
    return None if raw in (None, "") else _number("months", raw, LONGEST_MONTHS)


def _number(name: str, raw: Any, most: int) -> int:
    text = str(raw).strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise ValidationFailed({name: _("This is a whole number from 1 to %(most)d.") % {"most": most}})
    return int(text)


READERS = {
    "field": _field, "kind": _kind, "label": _label, "applies": _text, "good": _text, "months": _months,
    "weight": _weight,
}  # fmt: skip
