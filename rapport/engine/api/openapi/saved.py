"""The addresses at which saved views are described, made and changed."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.saved.parts import part_names

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
FLAG: Json = {"type": "boolean"}
UUID: Json = {"type": "string", "format": "uuid"}
REF: Json = {"$ref": "#/components/schemas/View"}


def view_schemas() -> Json:
    """A view as it is answered, and as it is sent."""
    parts = {"type": "object", "properties": dict.fromkeys(part_names(), TEXT), "additionalProperties": False}
    said: Json = {"name": {"type": "string", "maxLength": 100}, "shared": FLAG, "default": FLAG, "parts": parts}
    owner: Json = {"type": "object", "properties": {"id": UUID, "name": {"type": ["string", "null"]}}}
    shown = {"id": UUID, "record_type": TEXT, "owner": owner, **said, "version": {"type": "integer"}}
    new = {"record_type": TEXT, **said}
    return {
        "View": {"type": "object", "required": list(shown), "properties": shown},
        "View.create": {"type": "object", "required": ["record_type", "name"], "properties": new},
        "View.change": {"type": "object", "properties": said},
    }


def view_paths() -> Json:
    """Everybody saves views of their own."""
    place = {"name": "id", "in": "path", "required": True, "schema": UUID}
    items: Json = {"type": "object", "properties": {"items": {"type": "array", "items": REF}}}
    filtered = [{"name": "record_type", "in": "query", "schema": TEXT}]
    many: Json = {"get": {**_operation("list", _("The saved views"), {"200": items}), "parameters": filtered}}
    many["post"] = _operation("create", _("Save a view"), {"201": REF}, body="View.create")
    one: Json = {"parameters": [place], "get": _operation("show", _("One saved view"), {"200": REF})}
    one["patch"] = _operation("change", _("Change a view"), {"200": REF}, body="View.change")
    one["delete"] = _operation("delete", _("Delete a view; it can be restored"), {"204": None})
    back = {"parameters": [place], "post": _operation("restore", _("Bring a deleted view back"), {"200": REF})}
    return {"/views": many, "/views/{id}": one, "/views/{id}/restore": back}


def _operation(verb: str, summary: str, answers: dict[str, Json | None], *, body: str = "") -> Json:
    responses: Json = {"default": {"$ref": "#/components/responses/Problem"}}
    for status, schema in answers.items():
        content = {"content": {"application/json": {"schema": schema}}} if schema else {}
        responses[status] = {"description": _("Done"), **content}
    found: Json = {"summary": summary, "operationId": f"views.{verb}", "tags": ["views"], "responses": responses}
    if body:
        schema = {"$ref": f"#/components/schemas/{body}"}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return found
