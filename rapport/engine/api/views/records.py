"""One record: create, show, change, delete, restore."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer, gone
from rapport.engine.api.conflicts import clash_problem, edit_problem
from rapport.engine.api.presenting import item_of
from rapport.engine.api.problems import bad_parameter, not_found
from rapport.engine.api.sent import refuse_unknown_fields
from rapport.engine.api.versions import changed_meanwhile, etag_of, is_known, version_asked
from rapport.engine.events.ids import read_id
from rapport.engine.records.actions import change_record, create_record, delete_records, restore_records
from rapport.engine.records.errors import Clashes, EditConflict
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType


def create(call: Call, slug: str) -> HttpResponse:
    """A new record. Others that look the same are a 409 until `?on_clash=create` says that this is meant."""
    rtype = call.record_type(slug, "create")
    accept = creates_anyway(call)
    raw = object_of(call.body)
    refuse_unknown_fields(call.actor, rtype, raw)
    try:
        with call.act() as act:
            row = create_record(act, rtype, raw, accept_clashes=accept)
    except Clashes as error:
        raise clash_problem(call.actor, rtype, error.clashes) from error
    response = _record(call, rtype, row.pk, status=201, batch=act.batch)
    response["Location"] = reverse("api:record", args=[rtype.slug, row.pk])
    return response


def show(call: Call, slug: str, key: str) -> HttpResponse:
    """One record, or 304 if the client has it already."""
    refuse_unknown(call.request, {"fields"})
    rtype = call.record_type(slug)
    item = item_of(call.actor, rtype, _id(key), call.request.GET.get("fields"))
    if item is None:
        raise not_found()
    return not_modified(call, answer(item), version=item["version"])


def change(call: Call, slug: str, key: str) -> HttpResponse:
    """Change the fields sent. With If-Match, fields that others changed since are a 409 that shows both values."""
    refuse_unknown(call.request, set())
    rtype = call.record_type(slug, "change")
    raw = object_of(call.body)
    refuse_unknown_fields(call.actor, rtype, raw)
    base = version_asked(call.request)
    try:
        with call.act() as act:
            row = _live(call, rtype, _id(key))
            if base is not None and base > row.version:
                raise changed_meanwhile(row.version)
            change_record(act, rtype, row, raw, base_version=base)
    except EditConflict as error:
        raise edit_problem(call.actor, rtype, error) from error
    return _record(call, rtype, row.pk, batch=act.batch)


def delete(call: Call, slug: str, key: str) -> HttpResponse:
    """Delete a record. It can be restored, and the batch undone."""
    refuse_unknown(call.request, set())
    rtype = call.record_type(slug, "delete")
    base = version_asked(call.request)
    with call.act() as act:
        row = act.lock(_live(call, rtype, _id(key)))
        if row.is_deleted:
            raise not_found()
        if base is not None and base != row.version:
            raise changed_meanwhile(row.version)
        delete_records(act, rtype, [row])
    return gone(act.batch)


def restore(call: Call, slug: str, key: str) -> HttpResponse:
    """Bring a deleted record back; one that is not deleted stays as it is."""
    refuse_unknown(call.request, set())
    rtype = call.record_type(slug, "delete")
    with call.act() as act:
        row = visible(call.actor, rtype, deleted=True).filter(pk=_id(key)).first()
        if row is None:
            row = _live(call, rtype, _id(key))
        else:
            restore_records(act, rtype, [row])
    return _record(call, rtype, row.pk, batch=act.batch)


def creates_anyway(call: Call) -> bool:
    """Whether records that look the same are no reason to ask."""
    refuse_unknown(call.request, {"on_clash"})
    wanted = call.request.GET.get("on_clash", "ask")
    if wanted not in {"ask", "create"}:
        raise bad_parameter("on_clash", _("Write on_clash=create, or leave it out."))
    return wanted == "create"


def not_modified(call: Call, response: HttpResponse, *, version: int = 1) -> HttpResponse:
    """The answer with its ETag, or 304 without it if the client has exactly this."""
    etag = etag_of(version, response.content)
    if is_known(call.request, etag):
        response = HttpResponseNotModified()
    response["ETag"] = etag
    return response


def _record(call: Call, rtype: RecordType, key: UUID, *, status: int = 200, batch: UUID) -> HttpResponse:
    """A record after a write. Who may not see what they wrote gets its id."""
    item = item_of(call.actor, rtype, key) or {"id": str(key)}
    response = answer(item, status=status, batch=batch)
    if "version" in item:
        response["ETag"] = etag_of(item["version"], response.content)
    return response


def _live(call: Call, rtype: RecordType, key: UUID) -> Any:
    row = visible(call.actor, rtype).filter(pk=key).first()
    if row is None:
        raise not_found()
    return row


def _id(text: str) -> UUID:
    key = read_id(text)
    if key is None:
        raise not_found()
    return key
