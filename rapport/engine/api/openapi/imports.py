"""The addresses at which files are imported."""

from typing import Any

from django.utils.translation import gettext as _

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
MAYBE: Json = {"type": ["string", "null"]}
ID: Json = {"type": "string", "format": "uuid"}
COUNTS: Json = {"type": "object", "additionalProperties": {"type": "integer"}}
REF: Json = {"$ref": "#/components/schemas/Import"}
WORDS = ("run", "pause", "cancel", "undo")


def import_schemas() -> Json:
    """An import as it is answered, and a file as it is sent."""
    column = {"type": "object", "properties": {"header": TEXT, "to": MAYBE, "sure": MAYBE}}
    problem = {"type": "object", "properties": {"column": MAYBE, "code": TEXT, "rows": {"type": "integer"}}}
    whole: Json = {
        "id": ID, "record_type": TEXT, "name": TEXT, "state": TEXT, "batch": ID,
        "rows": {"type": ["integer", "null"]}, "done": {"type": ["integer", "null"]}, "error": MAYBE,
        "columns": {"type": "array", "items": column}, "match": MAYBE, "mode": MAYBE, "preview": COUNTS,
        "problems": {"type": "array", "items": problem}, "counts": COUNTS,
    }  # fmt: skip
    fields = {"type": "object", "additionalProperties": TEXT}
    said: Json = {
        "record_type": TEXT, "name": TEXT, "mode": {"enum": ["create", "update", "upsert"]}, "match": TEXT,
        "rule": {"enum": ["overwrite", "fill", "append", "newest"]}, "source": TEXT,
        "create_missing": {"type": "boolean"}, "run": {"type": "boolean"},
    }  # fmt: skip
    sent = {**said, "content": TEXT, "content_base64": TEXT, "map": {"oneOf": [{"const": "auto"}, fields]}}
    file = {"type": "string", "format": "binary", "description": _("CSV, TSV, XLSX or vCard, of any size")}
    text = {**TEXT, "description": _("auto, or a JSON object of column names and fields")}
    return {
        "Import": {"type": "object", "required": list(whole), "properties": whole},
        "Import.create": {"type": "object", "required": ["record_type"], "properties": sent},
        "Import.form": {
            "type": "object", "required": ["record_type", "file"], "properties": {"file": file, **said, "map": text},
        },
    }  # fmt: skip


def import_paths() -> Json:
    """Send a file, look how far it is, and steer it."""
    place = {"name": "id", "in": "path", "required": True, "schema": ID}
    word = {"name": "word", "in": "path", "required": True, "schema": {"enum": list(WORDS)}}
    forms = {"application/json": "Import.create", "multipart/form-data": "Import.form"}
    body: Json = {
        "content": {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}} for kind, name in forms.items()}
    }
    send = _operation("send", _("Send a file, have it mapped and checked, and run it if asked"), "201")
    return {
        "/imports": {"post": {**send, "requestBody": {"required": True, **body}}},
        "/imports/{id}": {"parameters": [place], "get": _operation("show", _("How far an import is"), "200")},
        "/imports/{id}/{word}": {
            "parameters": [place, word],
            "post": _operation("steer", _("Run, pause, cancel or undo an import"), "202"),
        },
    }


def _operation(verb: str, summary: str, status: str) -> Json:
    answered = {"description": _("Done"), "content": {"application/json": {"schema": REF}}}
    responses = {"default": {"$ref": "#/components/responses/Problem"}, status: answered}
    return {"summary": summary, "operationId": f"imports.{verb}", "tags": ["imports"], "responses": responses}
