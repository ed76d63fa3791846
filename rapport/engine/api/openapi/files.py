"""The addresses at which files are sent and found."""

from typing import Any

from django.utils.translation import gettext as _

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
ID: Json = {"type": "string", "format": "uuid"}
REF: Json = {"$ref": "#/components/schemas/File"}


def file_schemas() -> Json:
    """A file as it is answered."""
    url = {"type": "string", "description": _("Serves the file for five minutes to whoever has it")}
    whole: Json = {"id": ID, "name": TEXT, "size": {"type": "integer"}, "content_type": TEXT, "url": url}
    return {"File": {"type": "object", "required": list(whole), "properties": whole}}


def file_paths() -> Json:
    """Send a file, and find one."""
    place = {"name": "id", "in": "path", "required": True, "schema": ID}
    part: Json = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}},
    }
    send = _operation("send", _("Send a file of up to 20 MB; a field takes its id"), "201")
    send["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": part}}}
    show = _operation("show", _("What a file is, and where to fetch it"), "200")
    return {"/files": {"post": send}, "/files/{id}": {"parameters": [place], "get": show}}


def _operation(verb: str, summary: str, status: str) -> Json:
    answered = {"description": _("Done"), "content": {"application/json": {"schema": REF}}}
    responses = {"default": {"$ref": "#/components/responses/Problem"}, status: answered}
    return {"summary": summary, "operationId": f"files.{verb}", "tags": ["files"], "responses": responses}
