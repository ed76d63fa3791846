"""What administrators do with quality rules: make, change, switch off and remove them. All of it can be undone."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.turns import take_turns
from rapport.engine.records.errors import EditConflict, FieldConflict, ValidationFailed
from rapport.engine.records.models import QualityRule
from rapport.engine.records.quality.built_in import built_in_of, id_of
from rapport.engine.records.quality.reading import MOST, is_judged, quality_rules
from rapport.engine.records.quality.typed import read_rule
from rapport.engine.records.registry import RecordType, find_record_type

Raw = Mapping[str, Any]
SAID = ("field", "kind", "label", "applies", "good", "months", "weight", "position", "is_on")


def create_quality_rule(act: Act, rtype: RecordType, raw: Raw) -> QualityRule:
    """Make a rule from what was typed or sent; see `read_rule`. Raises ValidationFailed and NotAllowed."""
    require_admin(act.actor)
    if not is_judged(rtype):
        raise ValidationFailed({"record_type": _("%(what)s have no quality rules.") % {"what": rtype.label_plural}})
    take_turns(f"quality rules of {rtype.slug}")
    rows = quality_rules(rtype).rows
    if len(rows) >= MOST:
        raise ValidationFailed({"label": _("A record type has at most %(most)d rules.") % {"most": MOST}})
    position = max((row.position for row in rows), default=-1) + 1
    row = QualityRule(record_type=rtype.slug, position=position)
    return act.create(_filled(row, read_rule(act.actor, rtype, raw, row)))


def change_quality_rule(act: Act, row: QualityRule, raw: Raw, *, version: int | None = None) -> QualityRule:
    """Change what a rule says, or switch it on or off. Of one from the first day this makes the row.

    Raises EditConflict with what somebody else saved since a version, ValidationFailed and NotAllowed.
    """
    require_admin(act.actor)
    rtype = find_record_type(row.record_type)
    if rtype is None:
        raise ValidationFailed({"record_type": _("There are no such records any more.")})
    take_turns(f"quality rules of {rtype.slug}")
    kept = _kept(act, row)
    values = read_rule(act.actor, rtype, raw, kept)
    if version is not None and kept.version > version:
        others = {name: getattr(kept, name) for name, value in values.items() if getattr(kept, name) != value}
        if others:
            raise EditConflict([FieldConflict(name, was, values[name]) for name, was in others.items()], kept.version)
    act.change(kept, **values)
    return kept


def remove_quality_rule(act: Act, row: QualityRule) -> None:
    """Take a rule away. One from the first day is as it was on that day again."""
    require_admin(act.actor)
    kept = QualityRule.objects.filter(pk=row.pk, deleted_at=None).first()
    if kept is None:
        raise ValidationFailed({"label": _("This rule is there from the first day. Switch it off instead.")})
    act.delete(kept)


def require_admin(actor: Actor) -> None:
    """Raise NotAllowed for everybody but administrators."""
    if not actor.is_admin:
        raise NotAllowed(_("Only administrators make and change quality rules."))


def is_built_in(row: QualityRule) -> bool:
    """Whether a rule is there from the first day, whatever was made of it."""
    return row.pk in {id_of(row.record_type, one.key) for one in built_in_of(row.record_type)}


def _kept(act: Act, row: QualityRule) -> QualityRule:
    """The row of a rule, locked: kept already, or made now of what the rule is from the first day."""
    kept = QualityRule.objects.filter(pk=row.pk).first()
    if kept is None:
        row.label = str(row.label)
        return act.create(row)
    act.lock(kept)
    if kept.is_deleted:
        if not is_built_in(kept):
            raise ValidationFailed({"label": _("This rule was deleted meanwhile.")})
        act.restore(kept)
        act.change(kept, **{name: getattr(row, name) for name in SAID} | {"label": str(row.label)})
    return kept


def _filled(row: QualityRule, values: Mapping[str, Any]) -> QualityRule:
    for name, value in values.items():
        setattr(row, name, value)
    return row
