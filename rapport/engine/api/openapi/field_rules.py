"""The addresses of rules for fields."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.api.openapi.fields import TEXT, operation
from rapport.engine.records.models import FieldRule

Json = dict[str, Any]
REF: Json = {"$ref": "#/components/schemas/FieldRule"}


def field_rule_schemas() -> Json:
    """A rule as it is answered, and as it is sent."""
    condition = {**TEXT, "description": _("A filter over fields of the record itself: stage = lost")}
    said: Json = {"record_type": TEXT, "field": TEXT, "kind": {"enum": FieldRule.Kind.values}, "condition": condition}
    off = {"type": ["string", "null"], "description": _("Why it is not in force")}
    shown = {"id": {"type": "string", "format": "uuid"}, **said, "off": off, "version": {"type": "integer"}}
    return {
        "FieldRule": {"type": "object", "required": list(shown), "properties": shown},
        "FieldRule.create": {"type": "object", "required": list(said), "properties": said},
        "FieldRule.change": {"type": "object", "properties": {"condition": condition}},
    }


def field_rule_paths(*, is_admin: bool) -> Json:
    """What an actor can do with rules: everybody reads, administrators write."""
    place = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    items: Json = {"type": "object", "properties": {"items": {"type": "array", "items": REF}}}
    asked = [{"name": name, "in": "query", "schema": TEXT} for name in ("record_type", "field")]
    many: Json = {"get": {**_rule("list", _("The rules for fields"), {"200": items}), "parameters": asked}}
    one: Json = {"parameters": [place], "get": _rule("show", _("One rule"), {"200": REF})}
    if is_admin:
        many["post"] = _rule("create", _("Make a rule"), {"201": REF}, body="FieldRule.create")
        one["patch"] = _rule("change", _("Change a condition"), {"200": REF}, body="FieldRule.change")
        one["delete"] = _rule("remove", _("Take a rule away"), {"204": None})
    return {"/field-rules": many, "/field-rules/{id}": one}


def _rule(verb: str, summary: str, answers: dict[str, Json | None], *, body: str = "") -> Json:
    return operation(f"field-rules.{verb}", summary, answers, body=body)
