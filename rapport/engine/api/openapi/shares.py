"""Shares of records in the description of the API."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.api.openapi.fields import operation
from rapport.engine.records.models import Share
from rapport.engine.records.registry import RecordType

Json = dict[str, Any]
UUID: Json = {"type": "string", "format": "uuid"}
NAMED: Json = {"type": "object", "properties": {"id": UUID, "name": {"type": ["string", "null"]}}}
REF: Json = {"$ref": "#/components/schemas/Share"}


def share_schemas() -> Json:
    """A share as it is answered, and as it is sent."""
    kind: Json = {"enum": list(Share.Kind.values), "default": Share.Kind.USER}
    until: Json = {
        "type": ["string", "null"],
        "format": "date",
        "description": _("The last day, null for good"),
    }
    said: Json = {"level": {"enum": list(Share.Level.values), "default": Share.Level.READ}, "until": until}
    stamps: Json = {
        "created_at": {"type": "string", "format": "date-time"},
        "created_by": {"anyOf": [NAMED, {"type": "null"}]},
    }
    shown = {"id": UUID, "kind": kind, "holder": NAMED, **said, **stamps}
    new = {"kind": kind, "holder": UUID, **said}
    return {
        "Share": {"type": "object", "required": list(shown), "properties": shown},
        "Share.create": {"type": "object", "required": ["holder"], "properties": new, "additionalProperties": False},
        "Share.change": {"type": "object", "properties": said, "additionalProperties": False},
    }


def share_paths(rtype: RecordType) -> Json:
    """Whoever may change a record shares it. What is seen with its parent is shared with that."""
    if not rtype.by_roles:
        return {}
    record, share = ({"name": name, "in": "path", "required": True, "schema": UUID} for name in ("id", "share"))
    items: Json = {"type": "object", "properties": {"items": {"type": "array", "items": REF}}}
    many: Json = {"parameters": [record], "get": _operation(rtype, "list", _("Its shares"), {"200": items})}
    many["post"] = _operation(rtype, "create", _("Share it"), {"201": REF}, body="Share.create")
    one: Json = {"parameters": [record, share], "get": _operation(rtype, "show", _("One share"), {"200": REF})}
    one["patch"] = _operation(rtype, "change", _("Change a share"), {"200": REF}, body="Share.change")
    one["delete"] = _operation(rtype, "end", _("End a share"), {"204": None})
    base = f"/{rtype.slug}/{{id}}/shares"
    return {base: many, f"{base}/{{share}}": one}


def _operation(rtype: RecordType, verb: str, summary: str, answers: dict[str, Json | None], *, body: str = "") -> Json:
    return operation(f"{rtype.slug}.shares.{verb}", summary, answers, body=body)
