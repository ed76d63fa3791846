"""Pinning records and saved views to workspaces, moving the pins, and taking them away."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.engine.collaboration.models import Pin
from rapport.engine.collaboration.pinning import VIEWS, move_pin, pin, workspaces_of
from rapport.engine.events.act import open_act
from rapport.engine.records.actions import delete_records
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type
from rapport.engine.records.saved.queries import find_view
from rapport.engine.records.showing import record_url, view_url
from rapport.engine.web.addresses import address
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.presenting import title_shown
from rapport.engine.web.views.toasts import say


@require_http_methods(["GET", "HEAD", "POST"])
def pin_record(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Choose the workspace to which a record is pinned."""
    rtype = find_type(request, slug)
    record = find_record(request, rtype, key)
    if record.is_deleted:
        raise Http404(_("This record is deleted. Restore it first."))
    context = {"title": title_shown(actor_of(request), rtype, record), "back_url": record_url(rtype, record.pk)}
    return _pin(request, rtype.slug, record.pk, context)


@require_http_methods(["GET", "HEAD", "POST"])
def pin_view(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Choose the workspace to which a saved view is pinned."""
    find_type(request, slug)
    found = find_view(actor_of(request), key)
    if found is None or found.row.record_type != slug:
        raise Http404(_("This view is not here, or not for you to see."))
    return _pin(request, VIEWS, key, {"title": found.row.name, "back_url": view_url(slug, key)})


@require_POST
def pin_deed(request: HttpRequest, key: UUID, deed: str) -> HttpResponse:
    """Move a pin up or down, or take it away."""
    actor, pins = actor_of(request), record_type("pins")
    one: Pin | None = visible(actor, pins).filter(pk=key).first()
    if one is None or deed not in ("up", "down", "unpin"):
        raise Http404(_("This pin is not here, or not for you to see."))
    with open_act(actor) as act:
        if deed == "unpin":
            delete_records(act, pins, [one])
        else:
            move_pin(act, one, up=deed == "up")
    say(request, _("Unpinned.") if deed == "unpin" else _("Moved."), undo=act.batch)
    return redirect(record_url(record_type("workspaces"), one.workspace_id))


def _pin(request: HttpRequest, what: str, key: UUID, context: dict[str, Any]) -> HttpResponse:
    spaces = workspaces_of(actor_of(request))
    if request.method != "POST":
        context |= {"spaces": spaces, "new_url": address("web:create", "workspaces")}
        return render(request, "collaboration/pin.html", context)
    chosen = next((one for one in spaces if str(one.pk) == request.POST.get("workspace")), None)
    if chosen is None:
        raise Http404(_("This workspace is not here, or not for you to see."))
    with open_act(actor_of(request)) as act:
        pin(act, chosen, what, key)
    say(request, _("Pinned to %(name)s.") % {"name": chosen.name}, undo=act.batch)
    return redirect(context["back_url"])
