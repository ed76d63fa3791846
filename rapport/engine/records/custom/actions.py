"""What administrators do with custom fields: make, change, move, delete and restore them. All of it can be undone."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.turns import take_turns
from rapport.engine.records.computed.filling import fill
from rapport.engine.records.custom.jobs import build_indexes
from rapport.engine.records.custom.kinds import KINDS, kind_of
from rapport.engine.records.custom.options import read_options, write_options
from rapport.engine.records.custom.reading import read_change, read_new
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.models import CustomField, FieldIndexes
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.uses import uses_of

MOST_FIELDS = 300  # of one record type


def require_admin(actor: Actor) -> None:
    """Raise NotAllowed for everybody but administrators."""
    if not actor.is_admin:
        raise NotAllowed(_("Only administrators make and change fields."))


def create_field(act: Act, rtype: RecordType, raw: Mapping[str, Any]) -> CustomField:
    """Make a field; it appears everywhere at once. `raw` as typed or sent. Raises ValidationFailed and NotAllowed."""
    require_admin(act.actor)
    _take_turns(rtype)
    kind = KINDS.get(str(raw.get("type", "")))
    has_options = kind is not None and kind.has_options
    options = read_options(raw.get("options") or [], known=())
    if options and not has_options:
        raise ValidationFailed({"options": _("Only choices have options.")})
    later = {"options", "default"} if has_options else {"options"}
    values = read_new(act.actor, rtype, {name: value for name, value in raw.items() if name not in later})
    live = CustomField.objects.filter(record_type=rtype.slug, deleted_at=None)
    if live.count() >= MOST_FIELDS:
        raise ValidationFailed({"label": _("At most %(most)d fields can be made here.") % {"most": MOST_FIELDS}})
    last = live.order_by("-position").values_list("position", flat=True).first()
    row = act.create(CustomField(**values, position=(last or 0) + 1))
    if has_options:
        write_options(act, row, options)
        if raw.get("default") not in (None, "", []):
            change_field(act, row, {"default": raw["default"]})
    return row


def change_field(act: Act, row: CustomField, raw: Mapping[str, Any]) -> CustomField:
    """Change what is said of a field. With `options`, the whole list: those left out are retired."""
    require_admin(act.actor)
    rtype = record_type(row.record_type)
    _take_turns(rtype)
    act.lock(row)
    if row.is_deleted:
        raise ValidationFailed({"label": _("This field is deleted; restore it first.")})
    if "options" in raw:
        set_options(act, row, raw["options"])
    values = read_change(act.actor, rtype, row, {name: value for name, value in raw.items() if name != "options"})
    act.change(row, **values)
    return row


def set_options(act: Act, row: CustomField, given: Any) -> None:
    """Make the list of options this one, in this order; those left out are no longer offered, but records keep them."""
    require_admin(act.actor)
    if not kind_of(row).has_options:
        raise ValidationFailed({"options": _("Only choices have options.")})
    write_options(act, row, read_options(given, known=row))


def move_field(act: Act, row: CustomField, *, down: bool) -> None:
    """Change places with the neighbour above or below; at the end nothing happens."""
    require_admin(act.actor)
    _take_turns(record_type(row.record_type))
    rows = _in_order(row)
    here = next((place for place, one in enumerate(rows) if one.pk == row.pk), None)
    if here is None or not 0 <= here + (1 if down else -1) < len(rows):
        return
    there = here + (1 if down else -1)
    rows[here], rows[there] = rows[there], rows[here]
    act.change_each([(one, {"position": place}) for place, one in enumerate(rows, start=1)])


def delete_field(act: Act, row: CustomField) -> None:
    """Take a field away. Its values stay in the records, so that it can be restored with them.

    Raises ValidationFailed while something uses it that cannot do without it.
    """
    require_admin(act.actor)
    if blocking := [use for use in uses_of(act.actor, record_type(row.record_type), row.slug) if use.blocks]:
        words = {"label": row.label, "uses": "; ".join(use.label for use in blocking[:5])}
        told = _("“%(label)s” is in use: %(uses)s. Change or remove that first.") % words
        raise ValidationFailed({"used_by": told})
    act.delete(row)


def restore_field(act: Act, row: CustomField) -> None:
    """Bring a deleted field back with its values."""
    require_admin(act.actor)
    act.restore(row)


def build_again(act: Act, row: CustomField) -> None:
    """Try once more to build what failed. The index is no part of the field, so nothing of this can be undone."""
    require_admin(act.actor)
    FieldIndexes.objects.filter(pk=row.pk).update(error="")
    if row.formula:
        fill.defer_once(f"{row.record_type}.{row.slug}", row.record_type, row.slug)
    else:
        build_indexes.defer_once(str(row.pk), row.pk)


def _in_order(row: CustomField) -> list[CustomField]:
    found = CustomField.objects.filter(record_type=row.record_type, deleted_at=None)
    return list(found.order_by("position", "created_at"))


def _take_turns(rtype: RecordType) -> None:
    """Two administrators at once would give one slug or one place twice."""
    take_turns(f"fields of {rtype.slug}")
