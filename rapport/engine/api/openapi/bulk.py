"""The addresses at which many records are changed, deleted or restored at once."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.registry import RecordType

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
ID: Json = {"type": "string", "format": "uuid"}
NUMBER: Json = {"type": "integer"}
VALUES: Json = {"type": "object", "additionalProperties": True}
WORDS = ("cancel", "resume")


def bulk_schemas() -> Json:
    """A run as it is answered, and what is asked."""
    refused = {"type": "object", "required": ["id", "reason"], "properties": {"id": ID, "reason": TEXT}}
    whole: Json = {
        "id": ID, "record_type": TEXT, "deed": {"enum": ["edit", "delete", "restore", "confirm"]},
        "state": {"enum": ["look", "run", "stopped", "cancelled", "done"]}, "total": NUMBER, "done": NUMBER,
        "counts": {"type": "object", "additionalProperties": NUMBER}, "error": {"type": ["string", "null"]},
        "batch": ID, "refused": {"type": "array", "items": refused},
    }  # fmt: skip
    asked: Json = {
        "where": {**TEXT, "description": _("A filter; all records that match it are meant")},
        "ids": {"type": "array", "items": ID, "maxItems": 10_000},
        "set": {**VALUES, "description": _("Values by field; an empty one clears")},
        "add": {**VALUES, "description": _("Tags, options or entries by field")},
        "remove": {**VALUES, "description": _("Tags, options or entries by field")},
        "increase": {**VALUES, "description": _("By how much, by field")},
        "delete": {"type": "boolean"}, "restore": {"type": "boolean"},
        "confirm": {"type": "array", "items": TEXT, "description": _("Fields that somebody has made sure of")},
    }  # fmt: skip
    return {
        "Bulk": {"type": "object", "required": list(whole), "properties": whole},
        "Bulk.ask": {"type": "object", "properties": asked},
    }


def bulk_paths() -> Json:
    """Look how far a run is, and end it or go on with it."""
    place = {"name": "id", "in": "path", "required": True, "schema": ID}
    word = {"name": "word", "in": "path", "required": True, "schema": {"enum": list(WORDS)}}
    steer = _operation("bulk.steer", _("Cancel, or go on with what was broken off"), "202")
    return {
        "/bulk/{id}": {"parameters": [place], "get": _operation("bulk.show", _("How far a bulk edit is"), "200")},
        "/bulk/{id}/{word}": {"parameters": [place, word], "post": steer},
    }


def bulk_path(rtype: RecordType) -> Json:
    """Do something to many records of a type."""
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Bulk.ask"}}}}
    name, words = f"{rtype.slug}.bulk", _("Change, delete or restore many records")
    return {"post": {**_operation(name, words, "200", "202"), "requestBody": {"required": True, **body}}}


def _operation(name: str, summary: str, *statuses: str) -> Json:
    schema = {"schema": {"$ref": "#/components/schemas/Bulk"}}
    answered = {"description": _("Done, or begun"), "content": {"application/json": schema}}
    responses = {"default": {"$ref": "#/components/responses/Problem"}, **dict.fromkeys(statuses, answered)}
    return {"summary": summary, "operationId": name, "tags": [name.partition(".")[0]], "responses": responses}
