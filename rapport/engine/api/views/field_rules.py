"""Rules for fields over the API: everybody sees those about fields that their role shows, administrators write them."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer, gone
from rapport.engine.api.problems import Problem, bad_parameter, escape, not_found
from rapport.engine.api.views.fields import type_of
from rapport.engine.events.ids import read_id
from rapport.engine.records.custom.actions import require_admin
from rapport.engine.records.custom.queries import types_with_fields
from rapport.engine.records.gate import may
from rapport.engine.records.rules import actions
from rapport.engine.records.rules.queries import Shown, find_rule, rules_seen

NEW = frozenset({"record_type", "field", "kind", "condition"})


def list_rules(call: Call) -> HttpResponse:
    """The rules of all types, or of one, or of one field of it."""
    refuse_unknown(call.request, {"record_type", "field"})
    wanted, field = call.request.GET.get("record_type"), call.request.GET.get("field", "")
    types = [one for one in types_with_fields() if may(call.actor, one, "read") and wanted in (None, one.slug)]
    if wanted is not None and not types:
        raise bad_parameter("record_type", _("There is no record type “%(slug)s” with fields.") % {"slug": wanted[:60]})
    return answer({"items": [item_of(one) for rtype in types for one in rules_seen(call.actor, rtype, field)]})


def create_rule(call: Call) -> HttpResponse:
    """A new rule. Administrators only."""
    require_admin(call.actor)
    raw = _read(call, NEW)
    rtype = type_of(raw.pop("record_type", None))
    with call.act() as act:
        row = actions.create_rule(act, rtype, raw)
    response = answer(item_of(Shown(row, rtype)), status=201, batch=act.batch)
    response["Location"] = reverse("api:field-rule", args=[row.pk])
    return response


def show_rule(call: Call, key: str) -> HttpResponse:
    """One rule."""
    refuse_unknown(call.request, set())
    return answer(item_of(_found(call, key)))


def change_rule(call: Call, key: str) -> HttpResponse:
    """Another condition for a rule. Administrators only."""
    require_admin(call.actor)
    shown, raw = _found(call, key), _read(call, frozenset({"condition"}))
    with call.act() as act:
        row = actions.change_rule(act, shown.row, raw.get("condition", shown.row.condition))
    return answer(item_of(Shown(row, shown.rtype)), batch=act.batch)


def remove_rule(call: Call, key: str) -> HttpResponse:
    """Take a rule away. Administrators only."""
    require_admin(call.actor)
    refuse_unknown(call.request, set())
    shown = _found(call, key)
    with call.act() as act:
        actions.remove_rule(act, shown.row)
    return gone(act.batch)


def item_of(shown: Shown) -> dict[str, Any]:
    """A rule as JSON. `off` says why it is not in force."""
    names = ("record_type", "field", "kind", "condition")
    said = {name: getattr(shown.row, name) for name in names}
    return {"id": str(shown.row.pk), **said, "off": shown.why_off or None, "version": shown.row.version}


def _read(call: Call, known: frozenset[str]) -> dict[str, Any]:
    refuse_unknown(call.request, set())
    raw = object_of(call.body)
    if strange := [name for name in raw if name not in known]:
        said = _("A rule has no “%(name)s”, or it is permanent.")
        errors = [{"pointer": f"/{escape(name)}", "detail": said % {"name": name[:60]}} for name in strange]
        raise Problem("unknown-field", _("Nothing was written."), errors=errors)
    return raw


def _found(call: Call, key: str) -> Shown:
    shown = find_rule(call.actor, found) if (found := read_id(key)) else None
    if shown is None:
        raise not_found()
    return shown
