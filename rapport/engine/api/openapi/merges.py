"""Merging in the description of the API."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.api.openapi.fields import operation
from rapport.engine.records.registry import RecordType
from rapport.engine.records.survivors import may_merge

Json = dict[str, Any]
UUID: Json = {"type": "string", "format": "uuid"}
TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer"}
IDS: Json = {"type": "array", "items": UUID, "maxItems": 50}
NAMED: Json = {"type": "object", "properties": {"id": UUID, "name": {"type": ["string", "null"]}}}


def merge_schemas() -> Json:
    """What is asked, what would happen, what was merged, and what came of taking it apart."""
    taken = {"description": _("The id of one of the records, or all"), **TEXT}
    asked: Json = {
        "survivor": {**UUID, "description": _("Which stays; a preview suggests it")}, "records": IDS,
        "takes": {"type": "object", "additionalProperties": taken}, "preview": {"type": "boolean"},
    }  # fmt: skip
    choice: Json = {
        "field": TEXT, "takes": TEXT, "differs": {"type": "boolean"}, "can_join": {"type": "boolean"},
        "values": {"type": "object", "additionalProperties": True},
    }  # fmt: skip
    follows: Json = {"what": TEXT, "count": NUMBER}
    shown: Json = {
        "survivor": UUID, "records": IDS, "choices": _list(choice), "follows": _list(follows),
        "warnings": {"type": "array", "items": TEXT},
    }  # fmt: skip
    merge: Json = {
        "id": UUID, "survivor": UUID, "records": IDS, "merged_at": {"type": "string", "format": "date-time"},
        "merged_by": {"anyOf": [NAMED, {"type": "null"}]}, "batch": UUID,
    }  # fmt: skip
    places: Json = {"type": "array", "items": {"type": "object"}}
    parted: Json = {"records": IDS, "rows": NUMBER, "kept": NUMBER, "conflicts": places, "batch": UUID}
    goes = {"type": "object", "additionalProperties": UUID}
    return {
        "Merge": _object(merge),
        "Merge.ask": {**_object(asked, needed=["records"]), "additionalProperties": False},
        "Merge.preview": _object(shown),
        "Merge.part": {**_object({"goes": goes}, needed=[]), "additionalProperties": False},
        "Merge.parted": _object(parted),
    }


def merge_paths(rtype: RecordType) -> Json:
    """Merging, for whoever may change and delete records of a type."""
    if not may_merge(rtype):
        return {}
    record, merge = ({"name": name, "in": "path", "required": True, "schema": UUID} for name in ("id", "merge"))
    done: Json = {"anyOf": [_ref(rtype.slug), _ref("Merge.preview")]}
    items: Json = {"type": "object", "properties": {"items": {"type": "array", "items": _ref("Merge")}}}
    asked = _operation(rtype, "merge", _("Merge records into one of them"), {"200": done}, body="Merge.ask")
    listed = _operation(rtype, "merges", _("What was merged into it"), {"200": items})
    parted = _operation(rtype, "unmerge", _("Take a merge apart"), {"200": _ref("Merge.parted")}, body="Merge.part")
    return {
        f"/{rtype.slug}/merge": {"post": asked},
        f"/{rtype.slug}/{{id}}/merges": {"parameters": [record], "get": listed},
        f"/{rtype.slug}/{{id}}/merges/{{merge}}/unmerge": {"parameters": [record, merge], "post": parted},
    }


def _operation(rtype: RecordType, verb: str, summary: str, answers: dict[str, Json | None], *, body: str = "") -> Json:
    return operation(f"{rtype.slug}.{verb}", summary, answers, body=body) | {"tags": [rtype.slug]}


def _object(members: Json, *, needed: list[str] | None = None) -> Json:
    return {"type": "object", "required": list(members) if needed is None else needed, "properties": members}


def _list(members: Json) -> Json:
    return {"type": "array", "items": _object(members)}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
