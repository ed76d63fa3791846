"""The addresses of the shares of a record."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.api.openapi.fields import TEXT, operation
from rapport.engine.records.models import Share

Json = dict[str, Any]
ID: Json = {"type": "string", "format": "uuid"}
REF: Json = {"$ref": "#/components/schemas/Share"}
WHEN: Json = {"type": "string", "format": "date-time"}


def share_schemas() -> Json:
    """A share as it is answered, and as it is sent."""
    holder = {"type": "object", "properties": {"id": ID, "name": TEXT}}
    level: Json = {"enum": Share.Level.values}
    until = {"type": ["string", "null"], "format": "date", "description": _("The last day; empty: for good")}
    shown = {
        "id": ID,
        "kind": {"enum": Share.Kind.values},
        "holder": holder,
        "level": level,
        "ends_at": {**WHEN, "type": ["string", "null"]},
        "created_at": WHEN,
        "created_by": {**ID, "type": ["string", "null"]},
    }
    change: Json = {"level": level, "until": until}
    return {
        "Share": {"type": "object", "required": list(shown), "properties": shown},
        "Share.create": {
            "type": "object",
            "required": ["holder"],
            "properties": {"kind": {"enum": Share.Kind.values}, "holder": ID, **change},
        },
        "Share.change": {"type": "object", "properties": change},
    }


def share_paths(slug: str) -> Json:
    """What whoever may change a record does with its shares."""
    record, share = ({"name": name, "in": "path", "required": True, "schema": ID} for name in ("id", "share"))
    items: Json = {"type": "object", "properties": {"items": {"type": "array", "items": REF}}}
    many: Json = {
        "parameters": [record],
        "get": _share(slug, "list", _("With whom a record is shared"), {"200": items}),
        "post": _share(slug, "create", _("Share a record"), {"201": REF}, body="Share.create"),
    }
    one: Json = {
        "parameters": [record, share],
        "get": _share(slug, "show", _("One share"), {"200": REF}),
        "patch": _share(slug, "change", _("Change a share"), {"200": REF}, body="Share.change"),
        "delete": _share(slug, "end", _("Share it no more"), {"204": None}),
    }
    return {f"/{slug}/{{id}}/shares": many, f"/{slug}/{{id}}/shares/{{share}}": one}


def _share(slug: str, verb: str, summary: str, answers: dict[str, Json | None], *, body: str = "") -> Json:
    return operation(f"{slug}.shares.{verb}", summary, answers, body=body)
