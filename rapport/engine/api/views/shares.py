"""Shares of a record over the API: with whom it is shared, by the same actions as its page."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer, gone
from rapport.engine.api.problems import Problem, escape, not_found
from rapport.engine.events.ids import read_id
from rapport.engine.records.definitions import definitions
from rapport.engine.records.gate import visible
from rapport.engine.records.gate.shares import last_day
from rapport.engine.records.models import Share
from rapport.engine.records.registry import RecordType
from rapport.engine.records.sharing import (
    change_share,
    end_share,
    find_share,
    holder_names,
    require_sharing,
    share_record,
    shares_of,
)

NEW, CHANGED = frozenset({"kind", "holder", "level", "until"}), frozenset({"level", "until"})


def list_shares(call: Call, slug: str, key: str) -> HttpResponse:
    """With whom a record is shared, for whoever may share it."""
    refuse_unknown(call.request, set())
    rtype, row = _record(call, slug, key)
    require_sharing(call.actor, rtype, row)
    names = holder_names()
    return answer({"items": [item_of(one, names) for one in shares_of(rtype, row.pk)]})


def create_share(call: Call, slug: str, key: str) -> HttpResponse:
    """Share a record with a user or a team; with whom it is shared already, the share is changed."""
    rtype, row = _record(call, slug, key)
    raw = _read(call, NEW)
    with call.act() as act:
        share = share_record(act, rtype, row, raw)
    response = answer(item_of(share, holder_names()), status=201, batch=act.batch)
    response["Location"] = reverse("api:share", args=[rtype.slug, row.pk, share.pk])
    return response


def show(call: Call, slug: str, key: str, share: str) -> HttpResponse:
    """One share, for whoever may share the record."""
    refuse_unknown(call.request, set())
    rtype, row = _record(call, slug, key)
    require_sharing(call.actor, rtype, row)
    return answer(item_of(_found(rtype, row, share), holder_names()))


def change(call: Call, slug: str, key: str, share: str) -> HttpResponse:
    """Let a share allow more or less, or end on another day."""
    rtype, row = _record(call, slug, key)
    one = _found(rtype, row, share)
    raw = _read(call, CHANGED)
    with call.act() as act:
        change_share(act, rtype, row, one, raw)
    return answer(item_of(one, holder_names()), batch=act.batch)


def end(call: Call, slug: str, key: str, share: str) -> HttpResponse:
    """Take a share back. Whom it is for may do so too."""
    refuse_unknown(call.request, set())
    rtype, row = _record(call, slug, key)
    one = _found(rtype, row, share)
    with call.act() as act:
        end_share(act, rtype, row, one)
    return gone(act.batch)


def item_of(share: Share, names: dict[Any, str]) -> dict[str, Any]:
    """A share as JSON. `until` is its last day, null for one that stays."""
    by, until = share.created_by, last_day(share.ends_at)
    return {
        "id": str(share.pk),
        "kind": share.kind,
        "holder": {"id": str(share.holder), "name": names.get(share.holder)},
        "level": share.level,
        "until": until.isoformat() if until else None,
        "created_at": share.created_at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
        "created_by": {"id": str(by), "name": definitions().user_names.get(by)} if by else None,
    }


def _record(call: Call, slug: str, key: str) -> tuple[RecordType, Any]:
    """A live record that the actor sees, of a type whose records stand for themselves."""
    rtype, found = call.record_type(slug), read_id(key)
    row = visible(call.actor, rtype).filter(pk=found).first() if found and rtype.by_roles else None
    if row is None:
        raise not_found()
    return rtype, row


def _found(rtype: RecordType, row: Any, key: str) -> Share:
    read = read_id(key)
    share = find_share(rtype, row.pk, read) if read else None
    if share is None:
        raise not_found()
    return share


def _read(call: Call, known: frozenset[str]) -> dict[str, Any]:
    refuse_unknown(call.request, set())
    raw = object_of(call.body)
    if strange := [name for name in raw if name not in known]:
        errors = [
            {"pointer": f"/{escape(name)}", "detail": _("A share has no “%(name)s”.") % {"name": name[:60]}}
            for name in strange
        ]
        raise Problem("unknown-field", _("Nothing was written."), errors=errors)
    return dict(raw)
