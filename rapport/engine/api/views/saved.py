"""Saved views over the API: everybody sees their own and those that are shared, of the types that they may read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer, gone
from rapport.engine.api.problems import Problem, bad_parameter, escape, not_found
from rapport.engine.api.versions import changed_meanwhile, version_asked
from rapport.engine.events.act import Act
from rapport.engine.events.ids import read_id
from rapport.engine.records.definitions import definitions
from rapport.engine.records.errors import EditConflict, ValidationFailed
from rapport.engine.records.gate import may
from rapport.engine.records.models import SavedView
from rapport.engine.records.registry import RecordType, find_record_type, record_type, record_types
from rapport.engine.records.saved import actions
from rapport.engine.records.saved.queries import Shown, find_view, views_of

NEW = frozenset({"record_type", "name", "shared", "parts", "default"})
POINTERS = {"name": "/name", "is_shared": "/shared", "parts": "/parts"}


def list_views(call: Call) -> HttpResponse:
    """The live views of all types, or of one: shared ones first, each in their order."""
    refuse_unknown(call.request, {"record_type"})
    wanted = call.request.GET.get("record_type")
    types = [one for one in record_types() if may(call.actor, one, "read") and wanted in (None, one.slug)]
    if wanted is not None and not types:
        raise bad_parameter("record_type", _("There is no record type “%(slug)s”.") % {"slug": wanted[:60]})
    return answer({"items": [item_of(one) for one in views_of(call.actor, types)]})


def create_view(call: Call) -> HttpResponse:
    """A new view of one's own, shared or not."""
    raw = _read(call)
    rtype = _type_of(call, raw.pop("record_type", None))
    default = _flag(raw, "default")
    with _pointing(), call.act() as act:
        row = actions.create_view(act, rtype, raw)
        _open_with(act, rtype, row, default)
    return _answer(_found(call, str(row.pk)), status=201, batch=act.batch)


def show_view(call: Call, key: str) -> HttpResponse:
    """One view."""
    refuse_unknown(call.request, set())
    return _answer(_found(call, key))


def change_view(call: Call, key: str) -> HttpResponse:
    """Rename a view, share it, keep other parts, or open one's list with it."""
    shown = _found(call, key)
    raw = _read(call)
    if raw.pop("record_type", shown.row.record_type) != shown.row.record_type:
        raise ValidationFailed({"record_type": _("This is permanent; save another view instead.")})
    default, version = _flag(raw, "default"), version_asked(call.request)
    if version is not None and version != shown.row.version:
        raise changed_meanwhile(shown.row.version)
    try:
        with _pointing(), call.act() as act:
            if raw:
                actions.change_view(act, shown.row, raw, version=version)
            _open_with(act, record_type(shown.row.record_type), shown.row, default, was=shown.is_default)
    except EditConflict as conflict:
        raise changed_meanwhile(conflict.version) from conflict
    return _answer(_found(call, key), batch=act.batch)


def delete_view(call: Call, key: str) -> HttpResponse:
    """Delete a view; the records stay as they are."""
    refuse_unknown(call.request, set())
    shown = _found(call, key)
    with call.act() as act:
        actions.delete_view(act, shown.row)
    return gone(act.batch)


def restore_view(call: Call, key: str) -> HttpResponse:
    """Bring a deleted view back."""
    refuse_unknown(call.request, set())
    shown = _found(call, key, deleted=None)
    with call.act() as act:
        actions.restore_view(act, shown.row)
    return _answer(_found(call, key), batch=act.batch)


def item_of(shown: Shown) -> dict[str, Any]:
    """A view as JSON."""
    row = shown.row
    return {
        "id": str(row.pk),
        "record_type": row.record_type,
        "name": row.name,
        "owner": {"id": str(row.owner_id), "name": definitions().user_names.get(row.owner_id)},
        "shared": row.is_shared,
        "default": shown.is_default,
        "parts": row.parts,
        "version": row.version,
    }


@contextmanager
def _pointing() -> Iterator[None]:
    """What is wrong with a view, told with the pointers into what was sent."""
    try:
        yield
    except ValidationFailed as error:
        errors = [
            {"pointer": POINTERS.get(name) or f"/parts/{escape(name)}", "detail": detail}
            for name, detail in error.errors.items()
        ]
        raise Problem("invalid", _("Nothing was written."), errors=errors) from error


def _open_with(act: Act, rtype: RecordType, row: SavedView, default: bool | None, *, was: bool = False) -> None:
    if default is not None and default != was:
        actions.open_with(act, rtype, row if default else None)


def _read(call: Call) -> dict[str, Any]:
    refuse_unknown(call.request, set())
    raw = object_of(call.body)
    if strange := [name for name in raw if name not in NEW]:
        errors = [
            {"pointer": f"/{escape(name)}", "detail": _("A view has no “%(name)s”.") % {"name": name[:60]}}
            for name in strange
        ]
        raise Problem("unknown-field", _("Nothing was written."), errors=errors)
    raw = dict(raw)
    if "shared" in raw:
        raw["is_shared"] = raw.pop("shared")
    return raw


def _flag(raw: dict[str, Any], name: str) -> bool | None:
    given = raw.pop(name, None)
    if given is not None and not isinstance(given, bool):
        raise ValidationFailed({name: _("This is true or false.")})
    return given


def _type_of(call: Call, given: Any) -> RecordType:
    rtype = find_record_type(given) if isinstance(given, str) else None
    if rtype is None or not may(call.actor, rtype, "read"):
        known = ", ".join(one.slug for one in record_types() if may(call.actor, one, "read"))
        raise ValidationFailed({"record_type": _("Name the record type: one of %(known)s.") % {"known": known}})
    return rtype


def _found(call: Call, key: str, *, deleted: bool | None = False) -> Shown:
    shown = find_view(call.actor, found, deleted=deleted) if (found := read_id(key)) else None
    if shown is None:
        raise not_found()
    return shown


def _answer(shown: Shown, *, status: int = 200, batch: Any = None) -> HttpResponse:
    response = answer(item_of(shown), status=status, batch=batch)
    response["Location"] = reverse("api:view", args=[shown.row.pk])
    return response
