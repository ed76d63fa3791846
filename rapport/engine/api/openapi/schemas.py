"""Fields as JSON Schema: how a value stands in an answer, and what is accepted for it."""

from collections.abc import Sequence
from typing import Any

from rapport.engine.api.presenting import ALWAYS
from rapport.engine.records.fields import Field
from rapport.engine.records.fields.entries import Addresses, Entries
from rapport.engine.records.queries.labels import POINTING
from rapport.engine.records.registry import RecordType

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
MAYBE_TEXT: Json = {"type": ["string", "null"]}
UUID: Json = {"type": "string", "format": "uuid"}
FILE: Json = {"$ref": "#/components/schemas/HeldFile"}
POINTER: Json = {"$ref": "#/components/schemas/Pointer"}


def properties(fields: Sequence[Field]) -> Json:
    """Fields as they stand in an answer."""
    return {field.slug: described(field, answered(field)) for field in fields}


def item_schema(rtype: RecordType, shown: Json) -> Json:
    stamps = {"type": "string", "format": "date-time"}
    always = {"id": UUID, "version": {"type": "integer"}, "created_at": stamps, "changed_at": stamps}
    return {"type": "object", "title": str(rtype.label), "required": list(ALWAYS), "properties": always | shown}


def write_schema(rtype: RecordType, fields: Sequence[Field], *, required: Sequence[str] = ()) -> Json:
    return {
        "type": "object",
        "title": str(rtype.label),
        "additionalProperties": False,
        "properties": {field.slug: described(field, taken(field)) for field in fields},
    } | ({"required": list(required)} if required else {})


def described(field: Field, schema: Json) -> Json:
    """With the field's label, and its help where there is one."""
    words = {"title": str(field.label)} | ({"description": str(field.help)} if field.help else {})
    return {**schema, **words}


def answered(field: Field) -> Json:
    """How a value stands in an answer."""
    if isinstance(field.type, Entries):
        return {"type": "array", "items": entry(field.type)}
    if field.type.name in {"choice", "choices"}:
        return _choices(field)
    if field.type.name in POINTING:
        return {"oneOf": [FILE if field.type.name == "file" else POINTER, {"type": "null"}]}
    shape = SHAPES.get(field.type.name, MAYBE_TEXT)
    return dict(MAYBE_TEXT if shape is TEXT and field.readonly else shape)


def taken(field: Field) -> Json:
    """What is accepted: more than what is answered, because people and programs write the same thing differently."""
    shown = answered(field)
    if field.type.name in POINTING:
        return {"oneOf": [POINTER, {"type": ["string", "null"]}]}
    if isinstance(field.type, Entries):
        parts = {"type": "array", "items": {"oneOf": [entry(field.type), TEXT]}}
        return {"oneOf": [parts, MAYBE_TEXT]}
    if field.type.name == "money":
        return {"oneOf": [shown, {"type": ["string", "number"]}]}
    return shown


def entry(kind: Entries) -> Json:
    """One entry of a list such as e-mails."""
    flags = {"verified"}
    names = kind.extra if isinstance(kind, Addresses) else (kind.key, *kind.extra)
    parts: Json = {name: {"type": "boolean"} if name in flags else TEXT for name in names}
    return {"type": "object", "properties": {"id": UUID, **parts, "primary": {"type": "boolean"}}}


def _choices(field: Field) -> Json:
    values = [option.value for option in field.options]
    if field.type.name == "choices":
        return {"type": "array", "items": {"enum": values}}
    return {"enum": [*values, None]}


def _list_of(items: Json) -> Json:
    return {"type": "array", "items": items}


SHAPES: dict[str, Json] = {
    "text": TEXT,
    "long_text": TEXT,
    "email": TEXT,
    "phone": TEXT,
    "link": TEXT,
    "number": {"type": ["number", "null"]},
    "money": {
        "type": ["object", "null"],
        "properties": {"amount": {"type": ["string", "number"]}, "currency": TEXT},
    },
    "date": {"type": ["string", "null"], "format": "date"},
    "datetime": {"type": ["string", "null"], "format": "date-time"},
    "bool": {"type": "boolean"},
    "tags": _list_of(TEXT),
    "members": _list_of({**TEXT, "description": "Ids of users and teams; their names and addresses are taken too."}),
}

ERROR: Json = {
    "type": "object",
    "properties": {
        "pointer": TEXT,
        "parameter": TEXT,
        "detail": TEXT,
        "position": {"type": "integer"},
        "length": {"type": "integer"},
        "suggestion": TEXT,
    },
    "required": ["detail"],
}
CLASH: Json = {
    "type": "object",
    "properties": {
        "id": UUID, "name": MAYBE_TEXT, "reason": TEXT, "deleted": {"type": "boolean"}, "url": TEXT,
        "restore_url": MAYBE_TEXT,
    },
}  # fmt: skip

SHARED: dict[str, Json] = {
    "Pointer": {
        "type": "object",
        "properties": {"id": UUID, "name": MAYBE_TEXT},
        "required": ["id"],
    },
    "HeldFile": {
        "type": "object",
        "properties": {"id": UUID, "name": MAYBE_TEXT, "size": {"type": "integer"}, "content_type": TEXT},
        "required": ["id"],
    },
    "Problem": {
        "type": "object",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "errors": _list_of(ERROR),
            "clashes": _list_of(CLASH),
            "version": {"type": "integer"},
        },
        "required": ["type", "title", "status", "detail"],
    },
    "Count": {
        "type": "object",
        "properties": {"value": {"type": "integer"}, "exact": {"type": "boolean"}},
        "required": ["value", "exact"],
    },
    "Result": {
        "type": "object",
        "properties": {
            "status": {"enum": ["created", "updated", "unchanged", "error", "conflict"]},
            "id": {"type": ["string", "null"], "format": "uuid"},
            "version": {"type": "integer"},
            "errors": _list_of(ERROR),
            "clashes": _list_of(CLASH),
        },
        "required": ["status", "id", "errors"],
    },
}
