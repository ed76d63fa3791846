"""The addresses of roles."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.api.openapi.fields import FLAG, TEXT, operation
from rapport.engine.records.gate import EVERY_REACH, EVERY_VERB

Json = dict[str, Any]
REF: Json = {"$ref": "#/components/schemas/Role"}


def role_schemas() -> Json:
    """A role as it is answered."""
    reach: Json = {"type": "object", "properties": {verb: {"enum": list(EVERY_REACH)} for verb in EVERY_VERB}}
    where = {
        "type": "object",
        "additionalProperties": TEXT,
        "description": _("The filter of each right that reaches what a filter finds"),
    }
    fields = {"type": "array", "items": TEXT}
    policy: Json = {
        "type": "object",
        "required": ["reach", "where", "hidden", "locked"],
        "properties": {"reach": reach, "where": where, "hidden": fields, "locked": fields},
    }
    by_type = _("By record type, and * for all that have none of their own")
    shown: Json = {
        "slug": TEXT, "name": TEXT, "purpose": TEXT, "built_in": FLAG, "users": {"type": "integer"},
        "version": {"type": "integer"},
        "policies": {"type": "object", "additionalProperties": policy, "description": by_type},
    }  # fmt: skip
    return {"Role": {"type": "object", "required": list(shown), "properties": shown}}


def role_paths() -> Json:
    """What administrators read of roles."""
    place = {"name": "slug", "in": "path", "required": True, "schema": TEXT}
    items: Json = {"type": "object", "properties": {"items": {"type": "array", "items": REF}}}
    return {
        "/roles": {"get": operation("roles.list", _("The roles"), {"200": items})},
        "/roles/{slug}": {"parameters": [place], "get": operation("roles.show", _("One role"), {"200": REF})},
    }
