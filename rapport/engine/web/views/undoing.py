"""Undoing: at once for what is small, in the background for what is large, with a page that shows how far it is."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import CannotUndo
from rapport.engine.events.undo import Outcome, undo_batch
from rapport.engine.events.undo.large import Undoing, is_large, undo_later, undoing_of
from rapport.engine.records.history import first_of_own
from rapport.engine.records.queries.labels import labels
from rapport.engine.records.registry import by_journal_type
from rapport.engine.web.views.finding import actor_of
from rapport.engine.web.views.presenting import pointer
from rapport.engine.web.views.toasts import say, warn

AT_WORK = ("waiting", "running")
SHOWN = 20


@require_POST
def undo(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Take a batch back; what others changed since is kept and said."""
    try:
        if is_large(batch):
            undo_later(actor_of(request), batch, reason=_("Undo"))
            return redirect("web:undoing", batch)
        with open_act(actor_of(request), reason=_("Undo")) as act:
            outcome = undo_batch(act, batch)
    except CannotUndo as error:
        warn(request, str(error))
        how = undoing_of(batch)
        return redirect("web:undoing", batch) if how and how.state in AT_WORK else redirect(back(request, "/"))
    say(request, _words(outcome), undo=act.batch)
    return redirect(back(request, "/"))


@require_safe
def undoing_page(request: HttpRequest, batch: UUID) -> HttpResponse:
    """How far a batch has been taken back, and what came of it; the page asks again by itself."""
    actor = actor_of(request)
    first = first_of_own(actor, batch)
    how = undoing_of(batch) if first else None
    if first is None or how is None:
        raise Http404(_("Nobody is taking these changes back."))
    context = {
        "how": how,
        "first": first,
        "is_at_work": how.state in AT_WORK,
        "kept": _kept(actor, how),
    }
    return render(request, "web/undoing.html", context)


def back(request: HttpRequest, otherwise: str) -> str:
    """The page the form was sent from, if it is one of ours."""
    return _ours(request, request.POST.get("next") or request.headers.get("Referer", "")) or otherwise


def next_page(request: HttpRequest, otherwise: str) -> str:
    """The page that the form says comes next, if it is one of ours."""
    return _ours(request, request.POST.get("next", "")) or otherwise


def _ours(request: HttpRequest, page: str) -> str:
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if ours else ""


def _words(outcome: Outcome) -> str:
    text = ngettext("Undone: %(count)d change.", "Undone: %(count)d changes.", outcome.rows) % {"count": outcome.rows}
    if kept := outcome.kept - outcome.out_of_reach - outcome.in_circles:
        text += " " + ngettext(
            "%(count)d value was changed since and is kept.", "%(count)d values were changed since and are kept.", kept
        ) % {"count": kept}  # fmt: skip
    if circles := outcome.in_circles:
        text += " " + ngettext(
            "%(count)d record is kept, for it would lie under itself: others were moved since.",
            "%(count)d records are kept, for they would lie under themselves: others were moved since.", circles,
        ) % {"count": circles}  # fmt: skip
    if beyond := outcome.out_of_reach:
        text += " " + ngettext(
            "%(count)d record is no longer yours to change and is kept.",
            "%(count)d records are no longer yours to change and are kept.", beyond,
        ) % {"count": beyond}  # fmt: skip
    return text


def _kept(actor: Actor, how: Undoing) -> list[dict[str, Any]]:
    """The first records of which something was kept, as far as the actor may see them."""
    places = {UUID(one["id"]): one["type"] for one in how.conflicts}
    wanted = {(rtype.slug, key) for key, name in places.items() if (rtype := by_journal_type(name))}
    return [pointer(label) for label in list(labels(actor, wanted).values())[:SHOWN]]
