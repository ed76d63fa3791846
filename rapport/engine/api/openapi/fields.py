"""The addresses at which custom fields are described, made and changed."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.custom.kinds import COLOURS, KINDS, PERSONAL

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
FLAG: Json = {"type": "boolean"}
REF: Json = {"$ref": "#/components/schemas/CustomField"}


def field_schemas() -> Json:
    """A field as it is answered, and as it is sent."""
    option = {
        "type": "object",
        "properties": {"value": TEXT, "label": TEXT, "colour": {"enum": list(COLOURS)}, "retired": FLAG},
    }
    said: Json = {
        "label": TEXT, "help": TEXT, "required": FLAG, "unique": FLAG, "searchable": FLAG, "often_searched": FLAG,
        "formula": TEXT, "personal": {"enum": list(PERSONAL)}, "default": {},
        "options": {"type": "array", "items": option},
    }  # fmt: skip
    once: Json = {"record_type": TEXT, "slug": TEXT, "type": {"enum": list(KINDS)}, "target": TEXT}
    maybe = {"type": ["string", "null"]}
    built = {"type": "object", "properties": {"state": {"enum": ["building", "ready", "failed", None]}, "error": maybe}}
    shown = {
        "id": {"type": "string", "format": "uuid"},
        **once,
        **said,
        "formula": maybe,
        "index": built,
        "version": {"type": "integer"},
    }
    return {
        "CustomField": {"type": "object", "required": list(shown), "properties": shown | {"used_by": _uses()}},
        "CustomField.create": {
            "type": "object", "required": ["record_type", "label", "type"], "properties": {**once, **said},
        },
        "CustomField.change": {"type": "object", "properties": said},
    }  # fmt: skip


def _uses() -> Json:
    use: Json = {"label": TEXT, "kind": TEXT, "url": TEXT, "blocks": FLAG}
    said = _("What uses the field, where one field is asked for; `blocks` keeps it from being deleted")
    return {"type": "array", "items": {"type": "object", "properties": use}, "description": said}


def field_paths(*, is_admin: bool) -> Json:
    """What an actor can do with fields: everybody reads, administrators write."""
    place = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    items: Json = {"type": "object", "properties": {"items": {"type": "array", "items": REF}}}
    filtered = [{"name": "record_type", "in": "query", "schema": TEXT}]
    many: Json = {"get": {**_operation("list", _("The custom fields"), {"200": items}), "parameters": filtered}}
    one: Json = {"parameters": [place], "get": _operation("show", _("One custom field"), {"200": REF})}
    if not is_admin:
        return {"/fields": many, "/fields/{id}": one}
    many["post"] = _operation("create", _("Make a field"), {"201": REF}, body="CustomField.create")
    one["patch"] = _operation("change", _("Change a field"), {"200": REF}, body="CustomField.change")
    one["delete"] = _operation("delete", _("Delete a field; it can be restored with its values"), {"204": None})
    back = {"parameters": [place], "post": _operation("restore", _("Bring a deleted field back"), {"200": REF})}
    return {"/fields": many, "/fields/{id}": one, "/fields/{id}/restore": back}


def _operation(verb: str, summary: str, answers: dict[str, Json | None], *, body: str = "") -> Json:
    return operation(f"fields.{verb}", summary, answers, body=body)


def operation(name: str, summary: str, answers: dict[str, Json | None], *, body: str = "") -> Json:
    """What one method answers at an address of fields."""
    responses: Json = {"default": {"$ref": "#/components/responses/Problem"}}
    for status, schema in answers.items():
        content = {"content": {"application/json": {"schema": schema}}} if schema else {}
        responses[status] = {"description": _("Done"), **content}
    found: Json = {"summary": summary, "operationId": name, "tags": ["fields"], "responses": responses}
    if body:
        schema = {"$ref": f"#/components/schemas/{body}"}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return found
