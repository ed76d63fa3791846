"""The addresses of quality: rules, numbers, and confirming."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.api.openapi.fields import FLAG, TEXT, operation
from rapport.engine.records.quality.reading import Kind
from rapport.engine.records.registry import RecordType

Json = dict[str, Any]
UUID: Json = {"type": "string", "format": "uuid"}
WHOLE: Json = {"type": "integer"}
SCORE: Json = {"type": ["number", "null"], "minimum": 0, "maximum": 100}


def quality_schemas() -> Json:
    """A rule, and the numbers of a record type."""
    rule: Json = {
        "id": UUID, "record_type": TEXT, "field": TEXT, "kind": {"enum": list(Kind.values)}, "label": TEXT,
        "applies": {**TEXT, "description": _("A filter; empty for all records")},
        "good": {**TEXT, "description": _("A filter that good records match; empty where months say it")},
        "months": {"type": ["integer", "null"]}, "weight": WHOLE,
    }  # fmt: skip
    failing: Json = {
        "id": UUID, "label": TEXT, "weight": WHOLE, "failing": WHOLE,
        "exact": {**FLAG, "description": _("Whether counting came to its end")},
    }  # fmt: skip
    numbers: Json = {
        "record_type": TEXT, "quality": SCORE, **dict.fromkeys(Kind.values, SCORE),
        "records": {"type": ["integer", "null"]},
        "rules": {"type": "array", "items": {"type": "object", "required": list(failing), "properties": failing}},
    }  # fmt: skip
    fields: Json = {"type": "array", "items": TEXT, "minItems": 1}
    return {
        "QualityRule": {"type": "object", "required": list(rule), "properties": rule},
        "Quality": {"type": "object", "required": list(numbers), "properties": numbers},
        "Confirm": {"type": "object", "required": ["fields"], "properties": {"fields": fields}},
        "Confirmed": {
            "type": "object",
            "required": ["id", "version"],
            "properties": {"id": UUID, "version": WHOLE, "quality": SCORE},
        },
    }


def quality_paths() -> Json:
    """What is read of quality."""
    one_type = {"name": "record_type", "in": "query", "schema": TEXT}
    found: Json = {}
    for place, name, words in (
        ("/quality", "Quality", _("How good records are, and what to mend first")),
        ("/quality/rules", "QualityRule", _("The rules of quality")),
    ):
        ref = {"$ref": f"#/components/schemas/{name}"}
        items: Json = {"type": "object", "properties": {"items": {"type": "array", "items": ref}}}
        asked = operation(f"{name[0].lower()}{name[1:]}.list", words, {"200": items})
        found[place] = {"parameters": [one_type], "get": asked}
    return found


def confirm_path(rtype: RecordType) -> Json:
    """Whoever may change a record may say that its fields are still right."""
    if not rtype.by_roles:
        return {}
    record = {"name": "id", "in": "path", "required": True, "schema": UUID}
    ref = {"$ref": "#/components/schemas/Confirmed"}
    words = _("Say that fields are still right")
    asked = operation(f"{rtype.slug}.confirm", words, {"200": ref}, body="Confirm")
    return {f"/{rtype.slug}/{{id}}/confirm": {"parameters": [record], "post": asked}}
