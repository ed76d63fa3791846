"""What can be done at the addresses of a record type."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.queries.listing import MAX_LIMIT
from rapport.engine.records.registry import RecordType

Json = dict[str, Any]


def collection_path(rtype: RecordType, writes: Collection[str]) -> Json:
    path: Json = {"get": _list(rtype)}
    if "create" in writes:
        path["post"] = _operation(
            rtype,
            "create",
            summary=_("Create a record"),
            parameters=[_on_clash(), _header("Idempotency-Key"), _header("Rapport-Batch")],
            body=_ref(f"{rtype.slug}.create"),
            answers={"201": _item(rtype)},
        )
    return path


def record_path(rtype: RecordType, writes: Collection[str]) -> Json:
    show = _operation(
        rtype,
        "show",
        summary=_("One record"),
        parameters=[_query("fields", _("Slugs of the fields to answer with: name,emails"))],
        answers={"200": _item(rtype), "304": None},
    )
    path: Json = {"parameters": [_id()], "get": show}
    guards = [_header("If-Match"), _header("Idempotency-Key"), _header("Rapport-Batch")]
    if "change" in writes:
        path["patch"] = _operation(
            rtype,
            "change",
            summary=_("Change the fields sent"),
            parameters=guards,
            body=_ref(f"{rtype.slug}.change"),
            answers={"200": _item(rtype)},
        )
    if "delete" in writes:
        path["delete"] = _operation(
            rtype, "delete", summary=_("Delete a record; it can be restored"), parameters=guards, answers={"204": None}
        )
    return path


def restore_path(rtype: RecordType) -> Json:
    post = _operation(rtype, "restore", summary=_("Bring a deleted record back"), answers={"200": _item(rtype)})
    return {"parameters": [_id()], "post": post}


def batch_path(rtype: RecordType) -> Json:
    body = {
        "type": "object",
        "required": ["mode", "items"],
        "properties": {
            "mode": {"enum": ["create", "update", "upsert"]},
            "match_on": {"type": "string"},
            "items": {"type": "array", "maxItems": 1000, "items": {"type": "object"}},
        },
    }
    results = {
        "type": "object",
        "required": ["results", "counts"],
        "properties": {
            "results": {"type": "array", "items": _ref("Result")},
            "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        },
    }
    post = _operation(
        rtype,
        "batch",
        summary=_("Create, update or upsert up to 1,000 records"),
        parameters=[_on_clash(), _header("Idempotency-Key"), _header("Rapport-Batch")],
        body=body,
        answers={"200": results},
    )
    return {"post": post}


def undo_path() -> Json:
    done: Json = {
        "rows": {"type": "integer"}, "kept": {"type": "integer"},
        "conflicts": {"type": "array", "items": {"type": "object"}},
        "batch": {"type": "string", "format": "uuid"},
    }  # fmt: skip
    far: Json = {
        "state": {"enum": ["waiting", "running", "done", "stopped"]}, "done": {"type": "integer"},
        "total": {"type": ["integer", "null"]}, "error": {"type": ["string", "null"]},
    }  # fmt: skip
    at_once = {"type": "object", "required": list(done), "properties": done}
    progress = {"type": "object", "required": [*far, *done], "properties": far | done}
    summaries = {"post": _("Take a batch back, a large one in the background"), "get": _("How far a large undo is")}
    answers: dict[str, dict[str, Json | None]] = {"post": {"200": at_once, "202": progress}, "get": {"200": progress}}
    names = {"post": "undo", "get": "undoing"}
    return {"parameters": [_in_path("batch")]} | {
        method: {"summary": summary, "operationId": names[method], "responses": _responses(answers[method])}
        for method, summary in summaries.items()
    }


def search_path() -> Json:
    item = {
        "type": "object",
        "required": ["type", "id", "title", "beside", "reason"],
        "properties": {
            "type": {"type": "string", "description": _("The slug of a record type")},
            "id": {"type": "string", "format": "uuid"},
            "title": {"type": "string"},
            "beside": {"type": "array", "items": {"type": "string"}},
            "reason": {"type": "string", "description": _("What was found, where neither of the others shows it")},
        },
    }
    found = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": item}}}
    get = {
        "summary": _("Search all record types"),
        "operationId": "search",
        "parameters": [_query("q", _("What a person would type: a name, an e-mail, a phone number, words"))],
        "responses": _responses({"200": found}),
    }
    return {"get": get}


def _list(rtype: RecordType) -> Json:
    found = {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": _item(rtype)},
            "next": {"type": ["string", "null"]},
            "count": _ref("Count"),
        },
    }
    parameters = [
        _query("where", _("A filter: country = NO and owner = me")),
        _query(
            "view", _("The id of a saved view: only its records, in its order"), {"type": "string", "format": "uuid"}
        ),
        _query("order", _("A field to sort by, with - before it downwards")),
        _query("fields", _("Slugs of the fields to answer with: name,emails")),
        _query("limit", _("How many records"), {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 50}),
        _query("cursor", _("Where to go on: `next` of the page before")),
        _query("count", _("1 to count up to 10,000, exact to count all"), {"enum": ["1", "exact"]}),
    ]
    return _operation(rtype, "list", summary=_("A page of records"), parameters=parameters, answers={"200": found})


def _operation(
    rtype: RecordType,
    verb: str,
    *,
    summary: str,
    parameters: Sequence[Json] = (),
    body: Json | None = None,
    answers: dict[str, Json | None],
) -> Json:
    operation: Json = {
        "summary": summary,
        "operationId": f"{rtype.slug}.{verb}",
        "tags": [rtype.slug],
        "responses": _responses(answers),
    }
    if parameters:
        operation["parameters"] = list(parameters)
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _responses(answers: dict[str, Json | None]) -> Json:
    responses: Json = {"default": {"$ref": "#/components/responses/Problem"}}
    for status, schema in answers.items():
        content = {"content": {"application/json": {"schema": schema}}} if schema else {}
        responses[status] = {"description": _("Done") if status != "304" else _("Unchanged"), **content}
    return responses


def _item(rtype: RecordType) -> Json:
    return _ref(rtype.slug)


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _id() -> Json:
    return _in_path("id")


def _in_path(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}


def _query(name: str, description: str, schema: Json | None = None) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema or {"type": "string"}}


def _header(name: str) -> Json:
    return {"name": name, "in": "header", "schema": {"type": "string"}}


def _on_clash() -> Json:
    return _query("on_clash", _("create: records that look the same are no reason to ask"), {"enum": ["ask", "create"]})
