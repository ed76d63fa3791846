"""Saved views: a list is given a name, and the tab that it becomes is renamed, shared, moved, copied and deleted."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.events.act import Act, open_act
from rapport.engine.records.errors import EditConflict, ValidationFailed
from rapport.engine.records.models import SavedView
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.saved import actions
from rapport.engine.records.saved.parts import part_names
from rapport.engine.records.saved.queries import Shown, default_of, find_view, used_by
from rapport.engine.web.addresses import read_number
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.tabbing import plain_url, view_url
from rapport.engine.web.views.toasts import say, warn

PART = "part."


@require_POST
def save_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the list that was shown a name."""
    rtype = find_type(request, slug)
    raw = {"name": request.POST.get("name", ""), "is_shared": "shared" in request.POST, "parts": _parts(request)}
    try:
        with open_act(actor_of(request)) as act:
            row = actions.create_view(act, rtype, raw)
    except ValidationFailed as error:
        return _form(request, rtype, raw, error.errors)
    say(request, _("The view “%(name)s” was saved.") % {"name": row.name}, undo=act.batch)
    return redirect(view_url(row))


@require_safe
def open_view(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """The list as the view keeps it. This address stays the same whatever becomes of the view."""
    return redirect(view_url(_found(request, find_type(request, slug), key).row))


@require_POST
def change_view(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Rename the view, or keep in it how the list is shown now."""
    rtype = find_type(request, slug)
    shown = _found(request, rtype, key)
    version = request.POST.get("version", "")
    is_renamed = "name" in request.POST
    raw: dict[str, Any] = {"name": request.POST["name"]} if is_renamed else {"parts": _parts(request)}
    try:
        with open_act(actor_of(request)) as act:
            actions.change_view(act, shown.row, raw, version=read_number(version))
    except ValidationFailed as error:
        return _form(request, rtype, raw | {"name": raw.get("name", shown.row.name)}, error.errors, shown)
    except EditConflict:
        words = _("“%(name)s” was changed by somebody else meanwhile. Open it again, or save yours as a new view.")
        warn(request, words % {"name": shown.row.name})
        return redirect(view_url(shown.row, raw["parts"]))
    words = _("The view is called “%(name)s” now.") if is_renamed else _("The changes of “%(name)s” were saved.")
    say(request, words % {"name": shown.row.name}, undo=act.batch)
    return redirect(view_url(shown.row))


@require_POST
def deed(request: HttpRequest, slug: str, key: UUID, deed: str) -> HttpResponse:
    """Share a view, move it, open the list with it, copy or delete it."""
    rtype = find_type(request, slug)
    shown = _found(request, rtype, key)
    if deed not in DEEDS:
        raise Http404
    do, words = DEEDS[deed]
    try:
        with open_act(actor_of(request)) as act:
            row = do(act, shown.row) or shown.row
    except ValidationFailed as error:
        warn(request, "; ".join(error.errors.values()))
        return redirect(view_url(shown.row))
    text = str(words) % {"name": shown.row.name, "what": rtype.label_plural}
    say(request, text + _asking(row, deed), undo=act.batch)
    if find_view(actor_of(request), row.pk) is None:
        return redirect(plain_url(rtype, opens_with_a_view=default_of(actor_of(request), rtype) is not None))
    return redirect(view_url(row))


def _share(act: Act, row: SavedView) -> None:
    actions.change_view(act, row, {"is_shared": True})


def _unshare(act: Act, row: SavedView) -> None:
    actions.change_view(act, row, {"is_shared": False})


def _left(act: Act, row: SavedView) -> None:
    actions.move_view(act, row, right=False)


def _right(act: Act, row: SavedView) -> None:
    actions.move_view(act, row, right=True)


def _open_with(act: Act, row: SavedView) -> None:
    actions.open_with(act, record_type(row.record_type), row)


def _open_with_all(act: Act, row: SavedView) -> None:
    actions.open_with(act, record_type(row.record_type), None)


DEEDS: dict[str, tuple[Callable[[Act, SavedView], SavedView | None], Any]] = {
    "share": (_share, __("Everybody sees “%(name)s” now.")),
    "unshare": (_unshare, __("Only its owner sees “%(name)s” now.")),
    "left": (_left, __("“%(name)s” was moved.")),
    "right": (_right, __("“%(name)s” was moved.")),
    "open-with": (_open_with, __("Your list of %(what)s opens with “%(name)s” now.")),
    "open-with-all": (_open_with_all, __("Your list of %(what)s opens with all of them again.")),
    "copy": (actions.copy_view, __("“%(name)s” was copied.")),
    "delete": (actions.delete_view, __("The view “%(name)s” was deleted.")),
}


def _asking(row: SavedView, deed: str) -> str:
    """What else is concerned where a view leaves the sight of others."""
    asking = used_by(row).count() if deed in ("delete", "unshare") else 0
    if not asking:
        return ""
    words = ngettext("%(count)d other view asks for it.", "%(count)d other views ask for it.", asking)
    return " " + words % {"count": asking}


def _parts(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST[PART + name] for name in part_names() if PART + name in request.POST}


def _found(request: HttpRequest, rtype: RecordType, key: UUID) -> Shown:
    shown = find_view(actor_of(request), key)
    if shown is None or shown.row.record_type != rtype.slug:
        raise Http404(_("This view is gone, or somebody else's alone."))
    return shown


def _form(
    request: HttpRequest, rtype: RecordType, raw: dict[str, Any], errors: dict[str, str], shown: Shown | None = None
) -> HttpResponse:
    """What was sent, with what is wrong with it."""
    parts = raw.get("parts", {})
    context = {
        "rtype": rtype,
        "row": shown.row if shown else None,
        "given": {"name": raw["name"], "shared": raw.get("is_shared", False)},
        "parts": {PART + name: value for name, value in parts.items()},
        "errors": errors,
        "is_rename": shown is not None and "parts" not in raw,
        "back_url": view_url(shown.row) if shown else plain_url(rtype, opens_with_a_view=False),
    }
    return render(request, "web/saved/form.html", context, status=422)
