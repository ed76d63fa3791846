"""Values on their way in: read, checked and put on a row, by field."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Value
from django.db.models.functions import MD5
from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.events.turns import take_turns
from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.fields import Field, Reading
from rapport.engine.records.fields.keys import unique_key
from rapport.engine.records.gate import asked_of_parent, mask, within_reach
from rapport.engine.records.hierarchies import turn_of
from rapport.engine.records.queries.labels import POINTING
from rapport.engine.records.registry import RecordType, find_record_type, record_type
from rapport.engine.records.rules.reading import may_hide
from rapport.engine.records.survivors import survivor_of
from rapport.engine.records.targets import Targets

Values = dict[str, Any]


def parse(
    rtype: RecordType, raw: Mapping[str, Any], reading: Reading, *, is_new: bool, targets: Targets | None = None
) -> Values:
    """Read what was sent, field by field. Raises ValidationFailed with a sentence for each field at fault."""
    values: Values = {}
    errors: dict[str, str] = {}
    allowed = mask(reading.actor, rtype)
    targets = targets or Targets(reading.actor)
    hidden_at_times = may_hide(rtype)
    for slug, given in raw.items():
        field = rtype.field(slug)
        try:
            if field is None or not allowed.shows(slug):
                raise Invalid(_("There is no field “%(slug)s” here.") % {"slug": slug[:60]})
            if field.readonly or (field.immutable and not is_new) or not allowed.lets_change(slug):
                raise Invalid(_("“%(label)s” cannot be changed by hand.") % {"label": field.label})
            values[slug] = parse_one(field, given, reading, targets, may_be_empty=slug in hidden_at_times)
        except Invalid as error:
            errors[slug] = str(error)
    if errors:
        raise ValidationFailed(errors)
    return values


def parse_one(field: Field, given: Any, reading: Reading, targets: Targets, *, may_be_empty: bool = False) -> Any:
    """Read one value; a required field refuses an empty one, a relation or file one that is not there to be seen."""
    value = field.type.parse(targets.named(field, given), field, reading)
    if field.type.is_empty(value):
        if field.required and not may_be_empty:
            raise Invalid(_("“%(label)s” cannot be empty.") % {"label": field.label})
        return value
    if field.type.name in POINTING:
        value = targets.current(field, value)
    if field.type.name in POINTING and not targets.has(field, value):
        is_file = field.type.name == "file"
        words = _("“%(label)s”: there is no such file.") if is_file else _("“%(label)s”: there is no such record.")
        raise Invalid(words % {"label": field.label})
    return value


def replacing(rtype: RecordType, row: Any, values: Values) -> Values:
    """The values as they come in place of what the row holds: entries that stay keep their ids."""
    replaced = {}
    for slug, value in values.items():
        field = rtype.field(slug)
        keeps = field is not None and not field.through
        replaced[slug] = field.type.replacing(field.get(row), value) if field and keeps else value
    return replaced


def complete(rtype: RecordType, row: Any, values: Values) -> Values:
    """Add what follows from the values given, by the rule of the type. Raises ValidationFailed."""
    return rtype.complete(row, values) if rtype.complete else values


def fill(rtype: RecordType, values: Values, reading: Reading) -> Values:
    """The values of a new record: those given, and the defaults of the rest. Raises ValidationFailed."""
    errors = {}
    filled, hidden_at_times = dict(values), may_hide(rtype)
    for field in rtype.all_fields():
        if field.slug not in filled and field.default is not None:
            filled[field.slug] = field.type.parse(field.default, field, reading)
        is_needed = field.required and field.slug not in hidden_at_times
        if is_needed and field.type.is_empty(filled.get(field.slug)):
            errors[field.slug] = _("“%(label)s” cannot be empty.") % {"label": field.label}
    if errors:
        raise ValidationFailed(errors)
    return filled


def judge_together(rtype: RecordType, changes: Sequence[tuple[Any, Values]]) -> None:
    """Ask the rule of the type again, now that all stand, about relations to records of its own.

    Alone each saw the others as they were before: A was put under B, and B under A. Whoever changes such a relation at
    the same time waits here. Raises ValidationFailed.
    """
    own = [one.slug for one in rtype.all_fields() if one.type.name == "relation" and one.target == rtype.slug]
    pointing = [
        (row, some) for row, values in changes if (some := {slug: values[slug] for slug in own if values.get(slug)})
    ]
    if pointing and rtype.complete:
        take_turns(turn_of(rtype.slug))
        for row, some in pointing:
            complete(rtype, row, some)


def check_unique(rtype: RecordType, values: Values, *, besides: UUID | None = None) -> None:
    """Refuse a value that another live record has in a unique field. Raises ValidationFailed."""
    errors = {}
    for field in rtype.all_fields():
        value = values.get(field.slug)
        if not field.unique or field.type.is_empty(value):
            continue
        if field.custom:
            _take_turns(rtype, field, value)
        if others_with(rtype, field, value).exclude(pk=besides).exists():
            errors[field.slug] = _("Another record has “%(value)s” here, and it must be unique.") % {
                "value": field.type.to_text(value, field)
            }
    if errors:
        raise ValidationFailed(errors)


def others_with(rtype: RecordType, field: Field, value: Any) -> "models.QuerySet[Any]":
    """The live records that hold a value in a field."""
    here, wanted = field.expression(), value
    if field.custom:
        here, wanted = unique_key(field), MD5(Value(str(field.type.to_custom(value))))
    found: models.QuerySet[Any] = rtype.rows().filter(deleted_at=None).alias(asked=here).filter(asked=wanted)
    return found


def _take_turns(rtype: RecordType, field: Field, value: Any) -> None:
    """Two who write the same value at once: the second one waits, and then sees what the first one wrote."""
    take_turns(f"unique {rtype.slug} {field.slug} {field.type.to_custom(value)}")


def columns(rtype: RecordType, row: Any, values: Values) -> dict[str, Any]:
    """The model's columns that the values fill, custom fields merged into what the row has."""
    filled: dict[str, Any] = {}
    custom = dict(row.custom) if hasattr(row, "custom") else {}
    touched = False
    for slug, value in values.items():
        field = rtype.field(slug)
        assert field is not None
        filled |= field.columns(value)
        if field.custom:
            touched = True
            custom[slug] = field.type.to_custom(value)
            if field.type.is_empty(value):
                del custom[slug]
    return {**filled, "custom": custom} if touched else filled


def assign_through(
    act: Act, rtype: RecordType, changes: Sequence[tuple[Any, Values]], *, are_new: bool = False
) -> None:
    """Write the relations that live in tables of their own."""
    for field in rtype.all_fields():
        if field.through is None:
            continue
        if pairs := [(row, values[field.slug]) for row, values in changes if field.slug in values]:
            (field.through.begin if are_new else field.through.assign)(act, pairs)
            act.settle([row for row, _value in pairs])


def _parent_named(slug: str) -> RecordType | None:
    """A type whose records stand for themselves: what belongs to a part of another record would be seen by nobody."""
    found = find_record_type(slug)
    return found if found and not found.sees_as else None


def require_parent(rtype: RecordType, row: Any, actor: Actor) -> None:
    """Refuse a child of a record that the actor may not change or that is not there. Raises ValidationFailed."""
    if not rtype.sees_as:
        return
    parent = _parent_named(row.about_type) if rtype.sees_as == "*" else record_type(rtype.sees_as)
    key = read_id(getattr(row, rtype.parent_column))
    rows = parent.rows().filter(pk=key, deleted_at=None) if parent and key else None
    if parent and key and (on := survivor_of(parent, key)):
        setattr(row, rtype.parent_column, on)
        rows = parent.rows().filter(pk=on)
    verb = asked_of_parent(rtype, "create")
    if parent is None or rows is None or not within_reach(actor, parent, verb, rows).exists():
        raise ValidationFailed({rtype.parent_column.removesuffix("_id"): _("There is no such record to add this to.")})
