"""Custom fields over the API: everybody sees those not hidden from them, administrators make and change them."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer, gone
from rapport.engine.api.problems import Problem, bad_parameter, escape, not_found
from rapport.engine.events.ids import read_id
from rapport.engine.records.custom import actions
from rapport.engine.records.custom.queries import Shown, fields_of, find_field, types_with_fields
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import mask, may
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.uses import uses_of

NEW = frozenset(
    {"record_type", "label", "slug", "type", "help", "required", "unique", "searchable", "often_searched", "personal"}
    | {"target", "formula", "default", "options"}
)


def list_fields(call: Call) -> HttpResponse:
    """The live custom fields of all types, or of one, in their order."""
    refuse_unknown(call.request, {"record_type"})
    wanted = call.request.GET.get("record_type")
    types = [one for one in types_with_fields() if may(call.actor, one, "read") and wanted in (None, one.slug)]
    if wanted is not None and not types:
        raise bad_parameter("record_type", _("There is no record type “%(slug)s” with fields.") % {"slug": wanted[:60]})
    shown = [one for rtype in types for one in fields_of(rtype) if mask(call.actor, rtype).shows(one.row.slug)]
    return answer({"items": [item_of(one) for one in shown]})


def create_field(call: Call) -> HttpResponse:
    """A new field. Administrators only."""
    actions.require_admin(call.actor)
    raw = _read(call, NEW)
    rtype = type_of(raw.pop("record_type", None))
    with call.act() as act:
        row = actions.create_field(act, rtype, raw)
    return _answer(_found(call, str(row.pk)), status=201, batch=act.batch)


def show_field(call: Call, key: str) -> HttpResponse:
    """One field."""
    refuse_unknown(call.request, set())
    shown = _found(call, key)
    if shown.row.is_deleted:
        raise not_found()
    uses = uses_of(call.actor, record_type(shown.row.record_type), shown.row.slug)
    return answer({**item_of(shown), "used_by": [asdict(one) for one in uses]})


def change_field(call: Call, key: str) -> HttpResponse:
    """Change what is said of a field; with `options`, its whole list. Administrators only."""
    actions.require_admin(call.actor)
    shown = _found(call, key)
    raw = _read(call, NEW)
    if raw.pop("record_type", shown.row.record_type) != shown.row.record_type:
        raise ValidationFailed({"record_type": _("This is permanent; make another field instead.")})
    with call.act() as act:
        actions.change_field(act, shown.row, raw)
    return _answer(_found(call, key), batch=act.batch)


def delete_field(call: Call, key: str) -> HttpResponse:
    """Delete a field; its values are kept. Administrators only."""
    actions.require_admin(call.actor)
    refuse_unknown(call.request, set())
    shown = _found(call, key)
    if shown.row.is_deleted:
        raise not_found()
    with call.act() as act:
        actions.delete_field(act, shown.row)
    return gone(act.batch)


def restore_field(call: Call, key: str) -> HttpResponse:
    """Bring a deleted field back with its values. Administrators only."""
    actions.require_admin(call.actor)
    refuse_unknown(call.request, set())
    shown = _found(call, key)
    with call.act() as act:
        actions.restore_field(act, shown.row)
    return _answer(_found(call, key), batch=act.batch)


def item_of(shown: Shown) -> dict[str, Any]:
    """A field as JSON."""
    row = shown.row
    names = ("slug", "label", "type", "help", "required", "unique", "searchable", "personal", "target", "default")
    return {
        "id": str(row.pk),
        "record_type": row.record_type,
        "formula": row.formula or None,
        **{name: getattr(row, name) for name in names},
        "often_searched": row.indexed,
        "index": {"state": shown.state or None, "error": shown.error or None},
        "options": [
            {"value": one.value, "label": one.label, "colour": one.colour, "retired": one.is_deleted}
            for one in shown.options
        ],
        "version": row.version,
    }


def _read(call: Call, known: frozenset[str]) -> dict[str, Any]:
    refuse_unknown(call.request, set())
    raw = object_of(call.body)
    if strange := [name for name in raw if name not in known]:
        errors = [
            {"pointer": f"/{escape(name)}", "detail": _("A field has no “%(name)s”.") % {"name": name[:60]}}
            for name in strange
        ]
        raise Problem("unknown-field", _("Nothing was written."), errors=errors)
    if "often_searched" in raw:
        raw["indexed"] = raw.pop("often_searched")
    if isinstance(raw.get("options"), list):
        raw["options"] = [one for one in raw["options"] if not (isinstance(one, dict) and one.get("retired"))]
    return raw


def type_of(given: Any) -> RecordType:
    """The record type that is named for a field or a rule. Raises ValidationFailed."""
    found = next((one for one in types_with_fields() if one.slug == given), None)
    if found is None:
        known = ", ".join(one.slug for one in types_with_fields())
        raise ValidationFailed({"record_type": _("Name the record type: one of %(known)s.") % {"known": known}})
    return found


def _found(call: Call, key: str) -> Shown:
    shown = find_field(found) if (found := read_id(key)) else None
    rtype = record_type(shown.row.record_type) if shown else None
    if shown is None or rtype is None or not may(call.actor, rtype, "read"):
        raise not_found()
    if not mask(call.actor, rtype).shows(shown.row.slug):
        raise not_found()
    return shown


def _answer(shown: Shown, *, status: int = 200, batch: Any) -> HttpResponse:
    response = answer(item_of(shown), status=status, batch=batch)
    response["Location"] = reverse("api:field", args=[shown.row.pk])
    return response
