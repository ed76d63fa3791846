"""Merging over the API: look first, merge, see what was merged, and take it apart again."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer
from rapport.engine.api.presenting import item_of, values_of
from rapport.engine.api.problems import Problem, escape, not_found
from rapport.engine.api.versions import etag_of
from rapport.engine.api.views.batches import conflicts_shown
from rapport.engine.events.ids import read_id
from rapport.engine.records import merging
from rapport.engine.records.definitions import definitions
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType

ASKED = frozenset({"survivor", "records", "takes", "preview"})


def merge(call: Call, slug: str) -> HttpResponse:
    """Merge records into one of them, or with `preview` show what that would do."""
    refuse_unknown(call.request, set())
    rtype = call.record_type(slug, "change")
    raw = _read(call, ASKED)
    rows, survivor = _rows(call, rtype, raw), _id_at(raw.get("survivor"), "survivor", may_miss=True)
    takes = {slug: taken if taken == merging.ALL else _id_at(taken, f"takes/{slug}") for slug, taken in _takes(raw)}
    if raw.get("preview") is True:
        shown = merging.propose(call.actor, rtype, rows, survivor=survivor, takes=takes)
        return answer(_proposal(call, shown))
    if survivor is None:
        raise ValidationFailed({"survivor": _("Say which of the records stays.")})
    with call.act() as act:
        merging.merge_records(act, rtype, rows, survivor=survivor, takes=takes)
    item = item_of(call.actor, rtype, survivor) or {"id": str(survivor)}
    response = answer(item, batch=act.batch)
    if "version" in item:
        response["ETag"] = etag_of(item["version"], response.content)
    return response


def list_merges(call: Call, slug: str, key: str) -> HttpResponse:
    """What was merged into a record, newest first."""
    refuse_unknown(call.request, set())
    rtype, found = _record(call, slug, key)
    return answer({"items": [_item(rtype, one) for one in merging.merges_into(rtype, found)]})


def unmerge(call: Call, slug: str, key: str, merge: str) -> HttpResponse:
    """Take a merge apart. What somebody changed since is kept and told, or goes where `goes` sends it."""
    refuse_unknown(call.request, set())
    rtype, found = _record(call, slug, key)
    one = merging.find_merge(rtype, found, read_id(merge) or UUID(int=0))
    if one is None:
        raise not_found()
    raw = _read(call, frozenset({"goes"})) if call.body is not None else {}
    sent = raw.get("goes") or {}
    if not isinstance(sent, dict):
        raise ValidationFailed({"goes": _("An object is expected here.")})
    goes = {name: _id_at(target, f"goes/{name}") for name, target in sent.items()}
    with call.act() as act:
        outcome = merging.unmerge(act, one, goes=goes)
    told = {"records": [str(loser) for loser in one.losers], "rows": outcome.rows, "kept": outcome.kept}
    told["conflicts"] = conflicts_shown(call.actor, outcome.conflicts)
    return answer(told | {"batch": str(act.batch)}, batch=act.batch)


def _item(rtype: RecordType, merge: merging.Merge) -> dict[str, Any]:
    by = merge.created_by
    return {
        "id": str(merge.pk),
        "survivor": str(merge.survivor),
        "records": [str(key) for key in merge.losers],
        "merged_at": merge.created_at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
        "merged_by": {"id": str(by), "name": definitions().user_names.get(by)} if by else None,
        "batch": str(merge.batch),
    }


def _proposal(call: Call, shown: merging.Proposal) -> dict[str, Any]:
    lines = []
    for one in shown.choices:
        values = values_of(call.actor, [(one.field, value) for value in one.values.values()])
        lines.append({
            "field": one.field.slug, "takes": str(one.takes), "differs": one.differs, "can_join": one.can_join,
            "values": {str(key): value for key, value in zip(one.values, values, strict=True)},
        })  # fmt: skip
    return {
        "survivor": str(shown.survivor.pk), "records": [str(row.pk) for row in shown.rows], "choices": lines,
        "follows": [{"what": label, "count": count} for label, count in shown.follows], "warnings": shown.warnings,
    }  # fmt: skip


def _rows(call: Call, rtype: RecordType, raw: Mapping[str, Any]) -> list[Any]:
    """The records that are named, the survivor among them, all to be seen by the actor; else 404."""
    named = raw.get("records")
    if not isinstance(named, list):
        raise ValidationFailed({"records": _("A list of ids is expected here.")})
    keys = [_id_at(one, "records") for one in [*([raw["survivor"]] if raw.get("survivor") else []), *named[:1000]]]
    order = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    rows = visible(call.actor, rtype, deleted=None).filter(pk__in=order)
    found = sorted(rows, key=lambda row: order[row.pk])
    if len(found) < len(order):
        raise ValidationFailed({"records": _("One of these records is not here, or not for you to see.")})
    return found


def _takes(raw: Mapping[str, Any]) -> list[tuple[str, Any]]:
    given = raw.get("takes") or {}
    if not isinstance(given, dict):
        raise ValidationFailed({"takes": _("An object is expected here.")})
    return list(given.items())


def _id_at(given: Any, place: str, *, may_miss: bool = False) -> Any:
    if given is None and may_miss:
        return None
    key = read_id(given) if isinstance(given, str) else None
    if key is None:
        raise ValidationFailed({place: _("“%(value)s” is not the id of a record.") % {"value": str(given)[:80]}})
    return key


def _record(call: Call, slug: str, key: str) -> tuple[RecordType, UUID]:
    """A record that the actor sees, live or deleted but not merged away, of a type whose records are merged."""
    rtype, found = call.record_type(slug), read_id(key)
    row = visible(call.actor, rtype, deleted=None).filter(pk=found).first() if found else None
    if row is None or not merging.may_merge(rtype) or row.merged_into is not None:
        raise not_found()
    return rtype, row.pk


def _read(call: Call, known: frozenset[str]) -> dict[str, Any]:
    raw = object_of(call.body)
    if strange := [name for name in raw if name not in known]:
        errors = [
            {"pointer": f"/{escape(name)}", "detail": _("There is no “%(name)s” here.") % {"name": name[:60]}}
            for name in strange
        ]
        raise Problem("unknown-field", _("Nothing was written."), errors=errors)
    return dict(raw)
