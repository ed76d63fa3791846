"""Pages of a workspace: begun, read, written together, and brought back as they were."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.engine.collaboration.models import Page
from rapport.engine.collaboration.pages import page_url, versions_of
from rapport.engine.collaboration.rendering import rendered
from rapport.engine.collaboration.writing import begin_page, bring_back, write_page
from rapport.engine.events.act import open_act
from rapport.engine.records.actions import delete_records
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import visible
from rapport.engine.records.gate.rights import with_rights
from rapport.engine.records.registry import record_type
from rapport.engine.records.showing import record_url
from rapport.engine.web.addresses import read_number
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.toasts import say, warn


@require_POST
def new_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """Begin a page, and go on to write it."""
    rtype = find_type(request, "workspaces")
    workspace = find_record(request, rtype, key)
    try:
        with open_act(actor_of(request)) as act:
            page = begin_page(act, workspace, title=request.POST.get("title", ""))
    except ValidationFailed as refused:
        warn(request, "; ".join(refused.errors.values()))
        return redirect(record_url(rtype, workspace.pk))
    return redirect(f"{page_url(page)}?write=1")


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, space: UUID, key: UUID) -> HttpResponse:
    """A page, to read or to write; what is typed comes here by itself, or by the button."""
    found = _find(request, space, key)
    if request.method == "POST":
        return _write(request, found)
    writes = request.GET.get("write") == "1" and found.may_change  # type: ignore[attr-defined]  # found with its rights
    return render(request, "collaboration/page.html", _context(request, found, writes=writes, text=found.text))


@require_safe
def history(request: HttpRequest, space: UUID, key: UUID) -> HttpResponse:
    """The versions of a page."""
    found = _find(request, space, key)
    here = page_url(found, "page-history")
    versions, before = versions_of(actor_of(request), found, before=read_number(request.GET.get("before", "")))
    context = {
        "page": found,
        "versions": versions,
        "page_url": page_url(found),
        "back_url": page_url(found, "bring-page-back") if found.may_change else None,  # type: ignore[attr-defined]  # as above
        "next_url": f"{here}?before={before}" if before else None,
    }
    return render(request, "collaboration/page_history.html", context)


@require_POST
def bring_page_back(request: HttpRequest, space: UUID, key: UUID) -> HttpResponse:
    """Have the text of an earlier version."""
    found = _find(request, space, key)
    entry = read_number(request.POST.get("entry", ""))
    try:
        with open_act(actor_of(request)) as act:
            bring_back(act, found, entry or 0)
    except LookupError as error:
        raise Http404(_("There is no such version of this page.")) from error
    say(request, _("The page is as it was then."), undo=act.batch)
    return redirect(page_url(found))


@require_POST
def delete_page(request: HttpRequest, space: UUID, key: UUID) -> HttpResponse:
    """Delete a page and go back to its workspace."""
    found = _find(request, space, key)
    with open_act(actor_of(request)) as act:
        delete_records(act, record_type("pages"), [found])
    say(request, _("The page %(title)s was deleted.") % {"title": found.title}, undo=act.batch)
    return redirect(record_url(record_type("workspaces"), space))


def _write(request: HttpRequest, found: Page) -> HttpResponse:
    """Weave in what was typed: script is told the text as it stands now, a form goes on to the page."""
    text, by_script = request.POST.get("text", ""), request.headers.get("HX-Request") is not None
    typed = {"text": text, "base": request.POST.get("base", ""), "title": request.POST.get("title", "").strip()}
    try:
        with open_act(actor_of(request)) as act:
            write_page(act, found, **typed)
    except ValidationFailed as refused:
        said = "; ".join(refused.errors.values())
        if by_script:
            return JsonResponse({"problem": said}, status=422)
        context = _context(request, found, writes=True, text=text)
        return render(request, "collaboration/page.html", context | {"problem": said}, status=422)
    if by_script:
        return JsonResponse({"text": found.text, "version": found.version})
    say(request, _("The page was saved."), undo=act.batch)
    return redirect(page_url(found))


def _context(request: HttpRequest, found: Page, *, writes: bool, text: str) -> dict[str, Any]:
    url = page_url(found)
    return {
        "page": found,
        "text": text,
        "writes": writes,
        "problem": "",
        "shown": None if writes else rendered(actor_of(request), found.text),
        "page_url": url,
        "write_url": f"{url}?write=1" if found.may_change else None,  # type: ignore[attr-defined]  # found with its rights
        "history_url": page_url(found, "page-history"),
        "delete_url": page_url(found, "delete-page") if found.may_delete else None,  # type: ignore[attr-defined]  # as above
        "space": {"title": found.workspace.name, "url": record_url(record_type("workspaces"), found.workspace_id)},
    }


def _find(request: HttpRequest, space: UUID, key: UUID) -> Page:
    """A live page of a workspace, with what may be done to it; 404 otherwise."""
    actor, rtype = actor_of(request), record_type("pages")
    rows = visible(actor, rtype).filter(pk=key, workspace=space).select_related("workspace")
    found: Page | None = with_rights(actor, rtype, rows).first()
    if found is None:
        raise Http404(_("This page is not here, or not for you to see."))
    return found
