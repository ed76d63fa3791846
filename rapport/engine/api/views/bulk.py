"""One deed upon many records, for programs: all that match a filter or some by ids; asked for, followed, ended."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import filter_problem, refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer
from rapport.engine.api.confirming import fields_to_confirm
from rapport.engine.api.problems import Problem, escape, not_found
from rapport.engine.events.ids import read_id
from rapport.engine.records.bulk import doors
from rapport.engine.records.bulk.asking import VERBS, Ask, Deed
from rapport.engine.records.bulk.changes import ADD, CLEAR, CONFIRM, INCREASE, REMOVE, SET, Change, read_changes
from rapport.engine.records.bulk.errors import BulkRefused
from rapport.engine.records.bulk.telling import refusals
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.gate import may
from rapport.engine.records.models import BulkRun
from rapport.engine.records.reading import reading_for, zone_now
from rapport.engine.records.registry import RecordType, find_record_type

WAYS = (SET, ADD, REMOVE, INCREASE)
DEEDS = (Deed.DELETE, Deed.RESTORE)
KNOWN = frozenset({"where", "ids", *WAYS, *DEEDS, Deed.CONFIRM})
MOST = 10_000  # ids
SHOWN = 20  # records that refused
EMPTY: tuple[Any, ...] = (None, "", [], {})


def start_bulk(call: Call, slug: str) -> HttpResponse:
    """Change, delete or restore many records: 200 when that is done, 202 when a job is at it."""
    refuse_unknown(call.request, set())
    sent = object_of(call.body)
    for name in sent:
        if name not in KNOWN:
            raise Problem("unknown-field", _("There is no member “%(name)s”.") % {"name": name[:60]})
    deed = _deed(sent)
    rtype = call.record_type(slug, VERBS[deed])
    ask = Ask(deed, where=_where(sent), keys=_keys(sent), changes=_changes(call, rtype, sent), **zone_now())
    try:
        run = doors.start(call.actor, rtype, ask)
    except FilterError as error:
        raise filter_problem(error) from error
    except BulkRefused as refused:
        raise Problem("invalid", str(refused)) from refused
    response = answer(as_json(call, run), status=200 if run.is_over else 202, batch=run.batch)
    response["Location"] = f"/api/v1/bulk/{run.pk}"
    return response


def show_bulk(call: Call, key: str) -> HttpResponse:
    """How far it is, and what came of it."""
    return answer(as_json(call, _found(call, key)))


def steer_bulk(call: Call, key: str, word: str) -> HttpResponse:
    """`cancel`, or `resume` what was broken off."""
    run = _found(call, key)
    if word not in ("cancel", "resume"):
        raise not_found()
    try:
        (doors.cancel if word == "cancel" else doors.resume)(run)
    except BulkRefused as refused:
        raise Problem("invalid", str(refused)) from refused
    return answer(as_json(call, run), status=202, batch=run.batch)


def as_json(call: Call, run: BulkRun) -> dict[str, Any]:
    """A run as programs see it, with the first of the records that refused."""
    found = refusals(call.actor, run, SHOWN) if run.counts.get("refused") else []
    return {
        "id": str(run.pk), "record_type": run.record_type, "deed": run.deed, "state": run.state,
        "total": run.total, "done": run.done, "counts": run.counts, "error": run.error or None,
        "batch": str(run.batch), "refused": [{"id": str(one), "reason": why} for one, _title, why in found],
    }  # fmt: skip


def _deed(sent: dict[str, Any]) -> str:
    asked = [deed for deed in DEEDS if sent.get(deed) is True] + ([Deed.CONFIRM] if Deed.CONFIRM in sent else [])
    changes = [way for way in WAYS if way in sent]
    if len(asked) + bool(changes) != 1:
        raise Problem("malformed", _("Say one thing: set, add, remove and increase, or delete, restore, or confirm."))
    return asked[0].value if asked else Deed.EDIT.value


def _where(sent: dict[str, Any]) -> str:
    if ("where" in sent) == ("ids" in sent):
        raise Problem("malformed", _("Say which records: by where or by ids. An empty filter means all."))
    where = sent.get("where", "")
    if not isinstance(where, str):
        raise _wrong("/where", _("A filter in its text form is expected here."))
    return where


def _keys(sent: dict[str, Any]) -> tuple[UUID, ...] | None:
    if "ids" not in sent:
        return None
    if not isinstance(sent["ids"], list) or len(sent["ids"]) > MOST:
        raise _wrong("/ids", _("A list of up to 10,000 ids is expected here."))
    keys = []
    for place, text in enumerate(sent["ids"]):
        if (key := read_id(text)) is None:
            raise _wrong(f"/ids/{place}", _("This is no id."))
        keys.append(key)
    return tuple(keys)


def _changes(call: Call, rtype: RecordType, sent: dict[str, Any]) -> tuple[Change, ...]:
    """By field, what to do with it. An empty value in `set` clears. Raises Problem that points to the place."""
    if Deed.CONFIRM in sent:
        return tuple(Change(field, CONFIRM) for field in fields_to_confirm(call, rtype, sent[Deed.CONFIRM], "/confirm"))
    asked: dict[str, tuple[str, Any]] = {}
    pointers: dict[str, str] = {}
    for way in WAYS:
        values = sent.get(way, {})
        if not isinstance(values, dict):
            raise _wrong(f"/{way}", _("An object of fields and values is expected here."))
        for slug, value in values.items():
            if slug in asked:
                raise _wrong(f"/{way}/{escape(slug)}", _("One thing can be done to a field at a time."))
            asked[slug] = (CLEAR if way == SET and value in EMPTY else way, value)
            pointers[slug] = f"/{way}/{escape(slug)}"
    try:
        return tuple(read_changes(rtype, asked, reading_for(call.actor)))
    except ValidationFailed as error:
        places = [{"pointer": pointers[slug], "detail": detail} for slug, detail in error.errors.items()]
        raise Problem("invalid", _("Nothing was written."), errors=places) from error


def _found(call: Call, key: str) -> BulkRun:
    run_id = read_id(key)
    run = doors.find_run(call.actor, run_id) if run_id else None
    rtype = find_record_type(run.record_type) if run else None
    if run is None or rtype is None or not may(call.actor, rtype, "read"):
        raise not_found()
    return run


def _wrong(pointer: str, detail: str) -> Problem:
    return Problem("malformed", detail, errors=[{"pointer": pointer, "detail": detail}])
