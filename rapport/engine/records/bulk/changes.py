"""What a bulk edit does to a field: set, clear, add, remove, increase; as typed, as kept, and upon one record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.ids import uuid7_text
from rapport.engine.records import values as given
from rapport.engine.records.bulk.errors import BulkRefused
from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.fields import LISTS, Field, Reading
from rapport.engine.records.fields.entries import Entries
from rapport.engine.records.gate import mask
from rapport.engine.records.links import Links, held
from rapport.engine.records.queries.labels import POINTING
from rapport.engine.records.registry import RecordType
from rapport.engine.records.targets import Targets

SET, CLEAR, ADD, REMOVE, INCREASE = "set", "clear", "add", "remove", "increase"
CONFIRM = "confirm"  # the value stays, and somebody has made sure of it


@dataclass(frozen=True)
class Change:
    """What becomes of one field. `value` is what is set, added, removed, or by how much it grows."""

    field: Field
    way: str
    value: Any = None


def ways_of(field: Field) -> list[str]:
    """What can be done to a field of many records at once."""
    kind = field.type.name
    ways = [] if kind in ("file", "members") else [SET]
    if kind in LISTS:
        # Whole addresses are never typed twice in the same way, so that none would be found to be removed.
        ways = [ADD, SET] if kind == "addresses" else [ADD, REMOVE, SET]
    if kind == "number":
        ways.append(INCREASE)
    if not field.required and kind != "bool":
        ways.append(CLEAR)
    return ways


def changeable_fields(actor: Actor, rtype: RecordType) -> list[Field]:
    """The fields that the actor may change, of records that are there already."""
    allowed = mask(actor, rtype)
    return [one for one in rtype.all_fields() if _is_changeable(one) and allowed.lets_change(one.slug)]


def read_changes(rtype: RecordType, asked: Mapping[str, tuple[str, Any]], reading: Reading) -> list[Change]:
    """Read what was typed: by field, what to do and with which value. Raises ValidationFailed by field."""
    changes: list[Change] = []
    errors: dict[str, str] = {}
    for slug, (way, raw) in asked.items():
        try:
            values = given.parse(rtype, {slug: "" if way == CLEAR or raw is None else raw}, reading, is_new=False)
            changes.append(_change(rtype, slug, way, values[slug]))
        except ValidationFailed as error:
            errors |= error.errors
        except Invalid as error:
            errors[slug] = str(error)
    if errors:
        raise ValidationFailed(errors)
    return changes


def as_kept(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Changes as JSON."""
    return [
        {
            "field": one.field.slug,
            "way": one.way,
            "value": None if one.way == CONFIRM else one.field.type.to_custom(one.value),
        }
        for one in changes
    ]


def recalled(rtype: RecordType, kept: Iterable[Mapping[str, Any]], actor: Actor) -> list[Change]:
    """Changes as they were kept, if the actor may still make them. Raises NotAllowed and BulkRefused."""
    changes, allowed, targets = [], mask(actor, rtype), Targets(actor)
    for one in kept:
        field = rtype.field(one["field"])
        if field is None:
            raise BulkRefused(_("The field “%(slug)s” is no longer here.") % {"slug": one["field"]})
        if not _is_changeable(field) or not allowed.lets_change(field.slug):
            raise NotAllowed(_("Your role no longer lets you change “%(label)s”.") % {"label": field.label})
        value = None if one["way"] == CONFIRM else field.type.from_custom(one["value"])
        if field.type.name in POINTING and value is not None and not targets.has(field, value):
            raise BulkRefused(_("“%(label)s”: there is no such record.") % {"label": field.label})
        changes.append(Change(field, one["way"], value))
    return changes


def values_upon(changes: Iterable[Change], row: Any, links: Links, reading: Reading) -> given.Values:
    """The values to write on a record; empty when it stands like that already. Raises Invalid."""
    before: given.Values = {}
    after: given.Values = {}
    for one in changes:
        if one.way == CONFIRM:
            continue
        slug = one.field.slug
        before[slug] = held(one.field, row, links)
        after[slug] = one.field.type.replacing(before[slug], _becomes(one, before[slug], reading))
    return {} if before == after else after


def _is_changeable(field: Field) -> bool:
    return not field.readonly and not field.immutable


def _change(rtype: RecordType, slug: str, way: str, value: Any) -> Change:
    field = rtype.field(slug)
    assert field is not None
    if way not in ways_of(field):
        raise Invalid(_("“%(label)s” cannot be changed in this way.") % {"label": field.label})
    if way != CLEAR and field.type.is_empty(value):
        raise Invalid(_("Give a value here, or choose to clear the field.") if way == SET else _("Give a value here."))
    return Change(field, way, value)


def _becomes(change: Change, old: Any, reading: Reading) -> Any:
    kind, value = change.field.type, change.value
    if change.way in (SET, CLEAR):
        return _own(value) if isinstance(kind, Entries) else value
    if change.way == INCREASE:
        return None if old is None else kind.parse(old + value, change.field, reading)
    value_of = kind.value_of if isinstance(kind, Entries) else str
    given_ones, there = {value_of(one) for one in value}, {value_of(one) for one in old}
    if change.way == ADD:
        added = [one for one in value if value_of(one) not in there]
        more = _own(added) if isinstance(kind, Entries) else added
        joined = [*old, *more]
    else:
        joined = [one for one in old if value_of(one) not in given_ones]
    if joined == old:
        return old
    becomes = kind.parse(joined, change.field, reading)
    if change.field.required and kind.is_empty(becomes):
        raise Invalid(_("“%(label)s” cannot be empty.") % {"label": change.field.label})
    return becomes


def _own(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Entries with ids of their own, for every record has its own."""
    return [{**one, "id": uuid7_text()} for one in entries]
