"""The rules of a field and its uses, as the pages of fields show them."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.models import FieldRule
from rapport.engine.records.registry import RecordType
from rapport.engine.records.rules.actions import why_not
from rapport.engine.records.rules.judging import condition_words
from rapport.engine.records.rules.queries import rules_seen
from rapport.engine.records.rules.reading import Kind, rules_of
from rapport.engine.records.showing import rule_url
from rapport.engine.records.uses import uses_of

LABELS: dict[str, Promise] = {
    Kind.VISIBLE: _("Visible"), Kind.REQUIRED: _("Required"), Kind.READONLY: _("Read-only"),
}  # fmt: skip
HINTS: dict[str, Promise] = {
    Kind.VISIBLE: _("Forms and the record's page show it only then."),
    Kind.REQUIRED: _("It cannot be left empty then."),
    Kind.READONLY: _("It cannot be changed then."),
}
WHILE: dict[str, Promise] = {
    Kind.VISIBLE: _("“%(label)s” is visible while"),
    Kind.REQUIRED: _("“%(label)s” cannot be empty while"),
    Kind.READONLY: _("“%(label)s” cannot be changed while"),
}


def field_context(actor: Actor, rtype: RecordType, field: Field) -> dict[str, Any]:
    """What stands on the page of a field about its rules and uses."""
    known = {one.row.kind: one for one in rules_seen(actor, rtype, field.slug)}
    return {
        "rules": [_row(actor, rtype, field, kind, known.get(kind)) for kind in Kind.values],
        "uses": uses_of(actor, rtype, field.slug),
    }


def rules_by_field(actor: Actor, rtype: RecordType) -> dict[str, list[dict[str, Any]]]:
    """The rules of a type by field, each as a chip."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in rules_seen(actor, rtype):
        found.setdefault(one.row.field, []).append({"label": LABELS[one.row.kind], "is_off": bool(one.why_off)})
    return found


def words_of(actor: Actor, rtype: RecordType, row: FieldRule) -> str:
    """The condition of a rule in words; its text where it says nothing any more."""
    rules = rules_of(rtype)
    rule = next((one for one in rules.every if one.id == row.pk), None) if rules else None
    return condition_words(rule, rtype, actor) if rule else row.condition


def _row(actor: Actor, rtype: RecordType, field: Field, kind: str, known: Any) -> dict[str, Any]:
    return {
        "label": LABELS[kind],
        "hint": HINTS[kind],
        "url": rule_url(rtype, field.slug, kind),
        "words": words_of(actor, rtype, known.row) if known else "",
        "off": known.why_off if known else "",
        "why_not": "" if known else why_not(rtype, field, kind),
    }
