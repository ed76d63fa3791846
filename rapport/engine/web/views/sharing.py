"""Sharing one record: with whom it is shared, somebody more, and each share changed or ended. All can be undone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.engine.events.act import open_act
from rapport.engine.records.definitions import check_again
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate.shares import last_day
from rapport.engine.records.models import Share
from rapport.engine.records.registry import RecordType
from rapport.engine.records.sharing import (
    HOLDERS,
    change_share,
    end_share,
    find_share,
    held_back,
    holder_names,
    name_of,
    require_sharing,
    share_record,
    shares_of,
)
from rapport.engine.web.addresses import of_record
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.presenting import face, record_url, title_shown
from rapport.engine.web.views.toasts import say, warn

ADDED = ("holder", "level", "until")


@require_http_methods(["GET", "HEAD", "POST"])
def share_page(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """GET shows with whom a record is shared; POST shares it with `holder`, as in `user:<id>` or `team:<id>`."""
    rtype, row = _find(request, slug, key)
    if request.method != "POST":
        return _page(request, rtype, row)
    kind, _colon, holder = request.POST.get("holder", "").partition(":")
    raw = {"kind": kind, "holder": holder, "level": request.POST.get("level"), "until": request.POST.get("until")}
    try:
        with open_act(actor_of(request)) as act:
            share = share_record(act, rtype, row, raw)
    except ValidationFailed as failed:
        return _page(request, rtype, row, errors=failed.errors)
    say(request, _("Shared with %(holder)s.") % {"holder": _named(share)}, undo=act.batch)
    return redirect("web:share", rtype.slug, row.pk)


@require_POST
def change(request: HttpRequest, slug: str, key: UUID, share: UUID) -> HttpResponse:
    """Let a share allow more or less, or end on another day."""
    rtype, row = _find(request, slug, key)
    one = _share(rtype, row, share)
    before = one.version
    try:
        with open_act(actor_of(request)) as act:
            change_share(act, rtype, row, one, {name: request.POST.get(name) for name in ADDED[1:]})
    except ValidationFailed as failed:
        warn(request, " ".join(failed.errors.values()))
        return redirect("web:share", rtype.slug, row.pk)
    if one.version != before:
        say(request, _("The share with %(holder)s was changed.") % {"holder": _named(one)}, undo=act.batch)
    return redirect("web:share", rtype.slug, row.pk)


@require_POST
def end(request: HttpRequest, slug: str, key: UUID, share: UUID) -> HttpResponse:
    """Take a share back."""
    rtype, row = _find(request, slug, key)
    one = _share(rtype, row, share)
    with open_act(actor_of(request)) as act:
        end_share(act, rtype, row, one)
    check_again()
    say(request, _("No longer shared with %(holder)s.") % {"holder": _named(one)}, undo=act.batch)
    # Whoever had it only by this share sees it no more.
    is_seen = find_record_again(request, rtype, key)
    return redirect("web:share", rtype.slug, row.pk) if is_seen else redirect("web:list", rtype.slug)


def find_record_again(request: HttpRequest, rtype: RecordType, key: UUID) -> bool:
    """Whether the reader may still share a record."""
    try:
        return bool(find_record(request, rtype, key).may_change)
    except Http404:
        return False


def _find(request: HttpRequest, slug: str, key: UUID) -> tuple[RecordType, Any]:
    rtype = find_type(request, slug)
    row = find_record(request, rtype, key)
    if not rtype.by_roles or row.is_deleted:
        raise Http404(_("This cannot be shared."))
    require_sharing(actor_of(request), rtype, row)
    return rtype, row


def _share(rtype: RecordType, row: Any, key: UUID) -> Share:
    found = find_share(rtype, row.pk, key)
    if found is None:
        raise Http404(_("It is not shared like this any more."))
    return found


def _page(
    request: HttpRequest, rtype: RecordType, row: Any, *, errors: Mapping[str, str] | None = None
) -> HttpResponse:
    shares, names = list(shares_of(rtype, row.pk)), holder_names()
    context = {
        "rtype": rtype,
        "title": title_shown(actor_of(request), rtype, row),
        "back_url": record_url(rtype, row.pk),
        "why_url": of_record("web:why", rtype.slug, row.pk),
        "shares": _shown(rtype, row, shares, names),
        "kinds": _choices(request, {one.holder for one in shares}),
        "levels": Share.Level.choices,
        "typed": {name: request.POST.get(name, "") for name in ADDED},
        "errors": errors or {},
    }
    return render(request, "web/share.html", context, status=422 if errors else 200)


def _shown(rtype: RecordType, row: Any, shares: list[Share], names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    back = held_back(rtype, shares)
    shown = []
    for one in shares:
        name = name_of(names, one.kind, one.holder)
        shown.append(
            {
                "share": one,
                "name": name,
                "face": face(name, one.holder, square=one.kind == Share.Kind.TEAM),
                "is_team": one.kind == Share.Kind.TEAM,
                "until": last_day(one.ends_at),
                "by": names.get(one.created_by, ""),  # type: ignore[arg-type]  # nobody where a system did it
                "note": _note(rtype, one, back.get(one.pk)),
                "change_url": of_record("web:change-share", rtype.slug, row.pk, one.pk),
                "end_url": of_record("web:end-share", rtype.slug, row.pk, one.pk),
            }
        )
    return shown


def _note(rtype: RecordType, share: Share, back: str | None) -> str:
    words = {"what": rtype.label_plural}
    if back is None:
        return ""
    if share.kind == Share.Kind.TEAM:
        text = _("Nobody in it has a role that lets them see %(what)s.") if back == "read" else _(
            "Nobody in it has a role that lets them change %(what)s."
        )  # fmt: skip
        return text % words
    if back == "read":
        return _("Their role does not let them see %(what)s.") % words
    return _("Their role does not let them change %(what)s, so they only see it.") % words


def _choices(request: HttpRequest, taken: set[UUID]) -> list[dict[str, Any]]:
    """Whom it can be shared with, by kind: nobody who has it already, and not oneself."""
    taken = taken | {actor_of(request).user_id or UUID(int=0)}
    kinds = []
    for kind, holders in HOLDERS.items():
        options = [(f"{kind}:{key}", name) for key, name in holders.names().items() if key not in taken]
        if options:
            kinds.append({"label": holders.label, "options": options})
    return kinds


def _named(share: Share) -> str:
    return name_of(holder_names(), share.kind, share.holder)
