"""The shares of one record over the API: whoever may change it reads, makes, changes and ends them."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer, gone
from rapport.engine.api.problems import Problem, escape, not_found
from rapport.engine.events.ids import read_id
from rapport.engine.records.gate import reaches, visible
from rapport.engine.records.models import Share
from rapport.engine.records.registry import RecordType
from rapport.engine.records.sharing import (
    change_share,
    end_share,
    find_share,
    holder_names,
    share_record,
    shares_of,
)

NEW = frozenset({"kind", "holder", "level", "until"})


def list_shares(call: Call, slug: str, key: str) -> HttpResponse:
    """With whom a record is shared."""
    refuse_unknown(call.request, set())
    rtype, row = _record(call, slug, key)
    return answer({"items": [item_of(one) for one in shares_of(rtype, row.pk)]})


def create_share(call: Call, slug: str, key: str) -> HttpResponse:
    """Share a record with somebody, or change the share that there is."""
    rtype, row = _record(call, slug, key)
    raw = _read(call, NEW)
    with call.act() as act:
        share = share_record(act, rtype, row, raw)
    response = answer(item_of(share), status=201, batch=act.batch)
    response["Location"] = reverse("api:share", args=[rtype.slug, row.pk, share.pk])
    return response


def show_share(call: Call, slug: str, key: str, share: str) -> HttpResponse:
    """One share."""
    refuse_unknown(call.request, set())
    rtype, row = _record(call, slug, key)
    return answer(item_of(_share(rtype, row, share)))


def patch_share(call: Call, slug: str, key: str, share: str) -> HttpResponse:
    """Let a share allow more or less, or end at another day."""
    rtype, row = _record(call, slug, key)
    found, raw = _share(rtype, row, share), _read(call, NEW - {"kind", "holder"})
    with call.act() as act:
        change_share(act, rtype, row, found, raw)
    return answer(item_of(found), batch=act.batch)


def delete_share(call: Call, slug: str, key: str, share: str) -> HttpResponse:
    """Share it no more."""
    refuse_unknown(call.request, set())
    rtype, row = _record(call, slug, key)
    found = _share(rtype, row, share)
    with call.act() as act:
        end_share(act, rtype, row, found)
    return gone(act.batch)


def item_of(share: Share) -> dict[str, Any]:
    """A share as JSON; `ends_at` is the moment when it is over."""
    return {
        "id": str(share.pk),
        "kind": share.kind,
        "holder": {"id": str(share.holder), "name": holder_names().get(share.holder, "")},
        "level": share.level,
        "ends_at": share.ends_at,
        "created_at": share.created_at,
        "created_by": str(share.created_by) if share.created_by else None,
    }


def _record(call: Call, slug: str, key: str) -> tuple[RecordType, Any]:
    """A record that the actor may change. Raises Problem 404 for any other."""
    rtype = call.record_type(slug)
    found = read_id(key)
    row = visible(call.actor, rtype, deleted=None).filter(pk=found).first() if found and not rtype.sees_as else None
    if row is None or not reaches(call.actor, rtype, "change", row):
        raise not_found()
    return rtype, row


def _share(rtype: RecordType, row: Any, key: str) -> Share:
    share = find_share(rtype, row.pk, found) if (found := read_id(key)) else None
    if share is None:
        raise not_found()
    return share


def _read(call: Call, known: frozenset[str]) -> dict[str, Any]:
    refuse_unknown(call.request, set())
    raw = object_of(call.body)
    if strange := [name for name in raw if name not in known]:
        said = _("A share has no “%(name)s”, or it is permanent.")
        errors = [{"pointer": f"/{escape(name)}", "detail": said % {"name": name[:60]}} for name in strange]
        raise Problem("unknown-field", _("Nothing was written."), errors=errors)
    return raw
