"""Sharing one record: with whom it is shared, with whom else, and until when."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import check_again, definitions
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import reaches
from rapport.engine.records.gate.shares import last_day
from rapport.engine.records.models import Share
from rapport.engine.records.registry import RecordType
from rapport.engine.records.sharing import (
    HOLDERS,
    change_share,
    end_share,
    find_share,
    holder_names,
    share_record,
    shares_of,
)
from rapport.engine.records.showing import face, share_url
from rapport.engine.web.addresses import address, of_record
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.presenting import record_url
from rapport.engine.web.views.toasts import say, warn


@require_http_methods(["GET", "HEAD", "POST"])
def share_page(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """The shares of a record, and a form for another."""
    rtype = find_type(request, slug, "change")
    row = find_shared(request, rtype, key)
    if request.method != "POST":
        return _shown(request, rtype, row, {}, {})
    kind, _colon, holder = request.POST.get("holder", "").partition(":")
    raw = {"kind": kind, "holder": holder, **_typed(request)}
    try:
        with open_act(actor_of(request)) as act:
            share = share_record(act, rtype, row, raw)
    except ValidationFailed as error:
        return _shown(request, rtype, row, request.POST.dict(), error.errors, status=422)
    words = {"title": rtype.title_of(row) or rtype.label, "holder": holder_names().get(share.holder, "")}
    say(request, _("%(title)s is shared with %(holder)s.") % words, undo=act.batch)
    return redirect(share_url(rtype, row.pk))


@require_POST
def change_share_of(request: HttpRequest, slug: str, key: UUID, share: UUID) -> HttpResponse:
    """Let a share allow more or less, end at another day, or end now."""
    rtype = find_type(request, slug, "change")
    row = find_shared(request, rtype, key)
    found = find_share(rtype, row.pk, share)
    if found is None:
        raise Http404(_("This share is over."))
    ends = "end" in request.POST
    try:
        with open_act(actor_of(request)) as act:
            if ends:
                end_share(act, rtype, row, found)
            else:
                change_share(act, rtype, row, found, _typed(request))
    except ValidationFailed as error:
        warn(request, " ".join(error.errors.values()))
        return redirect(share_url(rtype, row.pk))
    words = {"holder": holder_names().get(found.holder, "")}
    done = _("It is shared with %(holder)s no more.") if ends else _("The share with %(holder)s was changed.")
    say(request, done % words, undo=act.batch)
    check_again()
    still = reaches(actor_of(request), rtype, "change", row)
    return redirect(share_url(rtype, row.pk) if still else address("web:list", rtype.slug))


def find_shared(request: HttpRequest, rtype: RecordType, key: UUID) -> Any:
    """A record that the actor may change, and so share; 404 otherwise."""
    row = find_record(request, rtype, key)
    if rtype.sees_as or row.is_deleted or not reaches(actor_of(request), rtype, "change", row):
        raise Http404(_("Only who may change this record may share it."))
    return row


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("level", "until")}


def _shown(
    request: HttpRequest,
    rtype: RecordType,
    row: Any,
    typed: dict[str, Any],
    errors: dict[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    shares = list(shares_of(rtype, row.pk))
    title = rtype.title_of(row)
    context = {
        "rtype": rtype,
        "record": {"title": title, "url": record_url(rtype, row.pk)},
        "shares": [_share(actor_of(request), rtype, row, one) for one in shares],
        "holders": _holders({one.holder for one in shares} | {actor_of(request).user_id}),
        "levels": Share.Level.choices,
        "typed": typed,
        "errors": errors,
        "why_url": of_record("web:why", rtype.slug, row.pk),
    }
    return render(request, "web/access/share.html", context, status=status)


def _share(actor: Actor, rtype: RecordType, row: Any, share: Share) -> dict[str, Any]:
    names = holder_names()
    name = names.get(share.holder, _("somebody who is gone"))
    return {
        "share": share,
        "name": name,
        "face": face(name, share.holder, square=share.kind == Share.Kind.TEAM),
        "kind": HOLDERS[share.kind].label if share.kind in HOLDERS else "",
        "until": last_day(share.ends_at),
        "by": definitions().user_names.get(share.created_by, _("somebody")) if share.created_by else "Rapport",
        "url": of_record("web:change-share", rtype.slug, row.pk, share.pk),
    }


def _holders(taken: set[UUID | None]) -> list[dict[str, Any]]:
    """Users and teams with whom it is not shared yet, by kind."""
    return [
        {
            "label": kind.label,
            "options": [(f"{name}:{key}", said) for key, said in kind.names().items() if key not in taken],
        }
        for name, kind in HOLDERS.items()
    ]
