"""The whole description: what there is at which address, for one actor."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.api.additions import added_paths, added_schemas
from rapport.engine.api.openapi.bulk import bulk_path, bulk_paths, bulk_schemas
from rapport.engine.api.openapi.duplicates import duplicate_paths, duplicate_schemas
from rapport.engine.api.openapi.field_rules import field_rule_paths, field_rule_schemas
from rapport.engine.api.openapi.fields import field_paths, field_schemas
from rapport.engine.api.openapi.files import file_paths, file_schemas
from rapport.engine.api.openapi.imports import import_paths, import_schemas
from rapport.engine.api.openapi.merges import merge_paths, merge_schemas
from rapport.engine.api.openapi.operations import (
    batch_path,
    collection_path,
    record_path,
    restore_path,
    search_path,
    undo_path,
)
from rapport.engine.api.openapi.quality import confirm_path, quality_paths, quality_schemas
from rapport.engine.api.openapi.roles import role_paths, role_schemas
from rapport.engine.api.openapi.saved import view_paths, view_schemas
from rapport.engine.api.openapi.schemas import SHARED, item_schema, properties, write_schema
from rapport.engine.api.openapi.shares import share_paths, share_schemas
from rapport.engine.api.problems import KINDS, URN
from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import mask, may
from rapport.engine.records.registry import RecordType, record_types
from rapport.engine.records.rules.reading import may_hide

Json = dict[str, Any]


def document(actor: Actor) -> Json:
    """OpenAPI 3.1 of the record types and fields that this actor may see, custom fields included."""
    types = [one for one in record_types() if may(actor, one, "read")]
    paths: Json = {
        "/": {"get": _plain(_("The record types"), "record_types")},
        "/openapi.json": {"get": _plain(_("This description"), "openapi")},
        "/batches/{batch}/undo": undo_path(),
        "/search": search_path(),
    }
    paths |= field_paths(is_admin=actor.is_admin) | field_rule_paths(is_admin=actor.is_admin)
    paths |= view_paths() | file_paths() | bulk_paths() | quality_paths()
    paths |= (role_paths() if actor.is_admin else {}) | added_paths(actor)
    paths |= import_paths() if any(may(actor, one, "import") for one in types) else {}
    schemas: Json = SHARED | field_schemas() | field_rule_schemas() | view_schemas() | file_schemas()
    schemas |= import_schemas() | bulk_schemas() | share_schemas() | merge_schemas() | role_schemas()
    schemas |= quality_schemas() | duplicate_schemas() | added_schemas()
    for rtype in types:
        paths |= _paths(actor, rtype)
        schemas |= _schemas(actor, rtype)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rapport", "version": "1", "description": _description()},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
            "responses": {"Problem": _problem_response()},
        },
    }


def _paths(actor: Actor, rtype: RecordType) -> Json:
    writes = {verb for verb in ("create", "change", "delete") if may(actor, rtype, verb)}
    found = {
        f"/{rtype.slug}": collection_path(rtype, writes),
        f"/{rtype.slug}/{{id}}": record_path(rtype, writes),
    }
    if writes & {"create", "change"}:
        found[f"/{rtype.slug}/batch"] = batch_path(rtype)
    if "change" in writes:
        found |= share_paths(rtype) | confirm_path(rtype)
    found |= duplicate_paths(rtype, may_change="change" in writes)
    if {"change", "delete"} <= writes:
        found |= merge_paths(rtype)
    if writes & {"change", "delete"}:
        found[f"/{rtype.slug}/bulk"] = bulk_path(rtype)
    if "delete" in writes:
        found[f"/{rtype.slug}/{{id}}/restore"] = restore_path(rtype)
    return found


def _schemas(actor: Actor, rtype: RecordType) -> Json:
    allowed = mask(actor, rtype)
    fields = [field for field in rtype.all_fields() if allowed.shows(field.slug)]
    written = [field for field in fields if not field.readonly and allowed.lets_change(field.slug)]
    at_times = may_hide(rtype)
    needed = (field for field in written if field.required and field.slug not in at_times)
    required = [field.slug for field in needed if field.default is None]
    return {
        rtype.slug: item_schema(rtype, properties(fields)),
        f"{rtype.slug}.create": write_schema(rtype, written, required=required),
        f"{rtype.slug}.change": write_schema(rtype, [field for field in written if not field.immutable]),
    }


def _plain(summary: str, name: str) -> Json:
    return {
        "summary": summary,
        "operationId": name,
        "responses": {
            "200": {"description": summary, "content": {"application/json": {"schema": {"type": "object"}}}},
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }


def _problem_response() -> Json:
    return {
        "description": _("What went wrong, and where"),
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _description() -> str:
    kinds = "\n".join(f"- {status} `{URN}{kind}`: {title}" for kind, (status, title) in KINDS.items())
    return _("Records of this instance. Problems are of these types:") + "\n\n" + kinds
