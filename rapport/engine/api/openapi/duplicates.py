"""Duplicates in the description of the API."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.api.openapi.fields import operation
from rapport.engine.records.duplicates.doors import finds_duplicates
from rapport.engine.records.registry import RecordType

Json = dict[str, Any]
UUID: Json = {"type": "string", "format": "uuid"}
IDS: Json = {"type": "array", "items": UUID, "minItems": 2}
REASON: Json = {"type": "object", "properties": {"answer": {"type": "string"}, "weight": {"type": "number"}}}
CHANCE: Json = {"type": "number", "minimum": 0, "maximum": 1}


def duplicate_schemas() -> Json:
    """What looks like one and why; and what is said to be two."""
    pair = {"records": IDS, "probability": CHANCE, "reasons": {"type": "object", "additionalProperties": REASON}}
    cluster = {"score": CHANCE, "records": IDS, "pairs": _list({"type": "object", "properties": pair})}
    found = {"items": _list({"type": "object", "properties": cluster}), "next": {"type": ["string", "null"]}}
    asked = {"type": "object", "required": ["records"], "properties": {"records": IDS}}
    return {
        "Duplicates": {"type": "object", "properties": found},
        "Duplicates.apart": asked,
        "Duplicates.said": {"type": "object", "properties": {"pairs": _list(IDS)}},
    }


def duplicate_paths(rtype: RecordType, *, may_change: bool) -> Json:
    """The inbox of a type, and saying that some of it are not the same."""
    if not finds_duplicates(rtype):
        return {}
    cursor = {"name": "cursor", "in": "query", "schema": {"type": "string"}}
    listed = _operation(rtype, "duplicates", _("Records that look like one"), "Duplicates")
    paths: Json = {f"/{rtype.slug}/duplicates": {"get": {**listed, "parameters": [cursor]}}}
    if may_change:
        said = _operation(rtype, "not_the_same", _("Keep records apart"), "Duplicates.said", body="Duplicates.apart")
        paths[f"/{rtype.slug}/not-the-same"] = {"post": said}
    return paths


def _operation(rtype: RecordType, verb: str, summary: str, shape: str, *, body: str = "") -> Json:
    answers: dict[str, Json | None] = {"200": {"$ref": f"#/components/schemas/{shape}"}}
    return operation(f"{rtype.slug}.{verb}", summary, answers, body=body) | {"tags": [rtype.slug]}


def _list(item: Json) -> Json:
    return {"type": "array", "items": item}
