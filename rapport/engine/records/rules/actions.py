"""What administrators do with rules for fields: make, change and remove them. All of it can be undone."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.turns import take_turns
from rapport.engine.records.custom.actions import require_admin
from rapport.engine.records.custom.reading import holds_fields
from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.models import FieldRule
from rapport.engine.records.registry import RecordType, find_record_type
from rapport.engine.records.rules.reading import Kind
from rapport.engine.records.rules.scope import asked_fields, read_condition


def create_rule(act: Act, rtype: RecordType, raw: Mapping[str, Any]) -> FieldRule:
    """Make a rule from `field`, `kind` and `condition` as typed or sent. Raises ValidationFailed and NotAllowed."""
    require_admin(act.actor)
    take_turns(f"rules of {rtype.slug}")
    field = find_field(rtype, str(raw.get("field") or ""))
    kind = str(raw.get("kind") or "")
    if kind not in Kind.values:
        raise ValidationFailed({"kind": _("A rule is one of: %(known)s.") % {"known": ", ".join(Kind.values)}})
    if said := why_not(rtype, field, kind):
        raise ValidationFailed({"kind": said})
    if find_rule(rtype, field.slug, kind):
        raise ValidationFailed({"kind": _("There is such a rule for this field; change its condition.")})
    condition = _condition(act, rtype, field, kind, raw.get("condition"))
    return act.create(FieldRule(record_type=rtype.slug, field=field.slug, kind=kind, condition=condition))


def change_rule(act: Act, row: FieldRule, condition: Any) -> FieldRule:
    """Let a rule hold under another condition. Raises ValidationFailed and NotAllowed."""
    require_admin(act.actor)
    act.lock(row)
    rtype = find_record_type(row.record_type)
    field = rtype.field(row.field) if rtype else None
    if rtype is None or field is None or row.is_deleted:
        raise ValidationFailed({"field": _("The field or the rule is gone; restore it first.")})
    act.change(row, condition=_condition(act, rtype, field, row.kind, condition))
    return row


def remove_rule(act: Act, row: FieldRule) -> None:
    """Take a rule away."""
    require_admin(act.actor)
    act.delete(row)


def find_rule(rtype: RecordType, slug: str, kind: str) -> FieldRule | None:
    """The live rule of a field of one kind, if there is one."""
    return FieldRule.objects.filter(record_type=rtype.slug, field=slug, kind=kind, deleted_at=None).first()


def find_field(rtype: RecordType, slug: str) -> Field:
    """A field for which there can be rules. Raises ValidationFailed."""
    found = next((one for one in rtype.all_fields() if one.slug == slug), None) if holds_fields(rtype) else None
    if found is None:
        raise ValidationFailed({"field": _("There is no field “%(slug)s” here.") % {"slug": slug[:60]}})
    return found


def why_not(rtype: RecordType, field: Field, kind: str) -> str:
    """Why there can be no rule of a kind for a field; empty where there can be one."""
    words = {"label": field.label}
    if kind == Kind.VISIBLE:
        return (
            _("“%(label)s” is what records are called and always shown.") % words if field.slug == rtype.title else ""
        )
    if field.readonly:
        return _("“%(label)s” is not filled in by hand.") % words
    if kind == Kind.REQUIRED and field.type.name == "bool":
        return _("A yes or no is never empty.")
    if kind == Kind.REQUIRED and field.required:
        return _("“%(label)s” is always required.") % words
    return ""


def _condition(act: Act, rtype: RecordType, field: Field, kind: str, given: Any) -> str:
    """The condition as it is kept."""
    try:
        if not isinstance(given, str):
            raise Invalid(_("A condition is the text of a filter."))
        tree = read_condition(rtype, given, act.actor)
        if kind == Kind.VISIBLE and field.slug in asked_fields(tree):
            raise Invalid(_("A field cannot decide by itself whether it is seen."))
    except (FilterError, Invalid) as error:
        raise ValidationFailed({"condition": str(error)}) from error
    return to_text(tree)
