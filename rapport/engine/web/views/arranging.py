"""The page on which administrators arrange the page of a record for each role."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.engine.events.act import open_act
from rapport.engine.records.arranging import SIDES, arrange, as_it_was, placed, roles
from rapport.engine.records.definitions import definitions
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType, panels_of, record_types
from rapport.engine.records.showing import record_url
from rapport.engine.web.panels import role_label
from rapport.engine.web.views.finding import actor_of, admin_of, find_type
from rapport.engine.web.views.toasts import say


@require_safe
def layout_home(request: HttpRequest, slug: str) -> HttpResponse:
    """The layout of the first role."""
    rtype = _find(request, slug)
    return redirect("web:layout-of", rtype.slug, roles()[-1])


@require_http_methods(["GET", "HEAD", "POST"])
def layout_page(request: HttpRequest, slug: str, role: str) -> HttpResponse:
    """The panels in their order; a button moves, hides or shows one, and that is kept at once."""
    rtype = _find(request, slug, role)
    if request.method == "POST":
        deed = next((name for name in request.POST if name in WORDS), "")
        try:
            with open_act(actor_of(request)) as act:
                arrange(act, rtype, role, name=request.POST.get(deed, ""), deed=deed)
        except ValidationFailed as error:
            raise Http404(str(error)) from error
        say(request, _("The page was arranged."), undo=act.batch)
        return redirect("web:layout-of", rtype.slug, role)
    panels = placed(rtype, role)
    context = {
        "rtype": rtype,
        "tabs": _tabs(request, rtype, role),
        "roles": [_tab(role_label(one), rtype, one, on=one == role) for one in roles()],
        "role": role_label(role),
        "sides": [
            {"side": side, "label": LABELS[side](), "panels": [one for one in panels if one.side == side]}
            for side in SIDES
        ],
        "action": reverse("web:layout-of", args=[rtype.slug, role]),
        "reset_url": reverse("web:reset-layout", args=[rtype.slug, role]) if _is_arranged(rtype, role) else "",
        "preview_url": _preview(request, rtype, role),
    }
    return render(request, "web/arranging.html", context)


@require_POST
def reset_layout(request: HttpRequest, slug: str, role: str) -> HttpResponse:
    """Let the page stand as it was."""
    rtype = _find(request, slug, role)
    with open_act(actor_of(request)) as act:
        as_it_was(act, rtype, role)
    say(request, _("The page stands as it was."), undo=act.batch)
    return redirect("web:layout-of", rtype.slug, role)


WORDS = frozenset({"up", "down", "left", "right", "hide", "show"})
LABELS = {"left": lambda: _("Left, below the fields"), "right": lambda: _("Right, beside the timeline")}


def _find(request: HttpRequest, slug: str, role: str = "") -> RecordType:
    admin_of(request)
    rtype = find_type(request, slug)
    if not panels_of(rtype) or (role and role not in roles()):
        raise Http404(_("There is no page to arrange here."))
    return rtype


def _tabs(request: HttpRequest, rtype: RecordType, role: str) -> list[dict[str, Any]]:
    kept = sorted((one for one in record_types() if one.section and panels_of(one)), key=lambda one: one.place)
    return [_tab(str(one.label_plural).capitalize(), one, role, on=one is rtype) for one in kept]


def _tab(label: str, rtype: RecordType, role: str, *, on: bool) -> dict[str, Any]:
    return {"label": label, "url": reverse("web:layout-of", args=[rtype.slug, role]), "on": on}


def _is_arranged(rtype: RecordType, role: str) -> bool:
    return (rtype.slug, role) in definitions().layouts


def _preview(request: HttpRequest, rtype: RecordType, role: str) -> str:
    """The page of the newest record, as the role sees it."""
    row = visible(actor_of(request), rtype).order_by("-created_at", "-pk").first()
    return f"{record_url(rtype, row.pk)}?as={role}" if row else ""
