"""What follows the journal: how far behind each reaction is, what holds it back, and the events that made it fail."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import ParkedEvent
from rapport.engine.events.reactions import REACTIONS, Lag, blocker, dismiss, lag, parked_events, try_again
from rapport.engine.events.reactions.lag import COUNTED
from rapport.engine.web.views.finding import actor_of
from rapport.engine.web.views.toasts import say

MOST = 100
DIGITS = 18  # of an id


@require_safe
def reactions_page(request: HttpRequest) -> HttpResponse:
    """Each reaction with its lag, the oldest open transaction, and what is parked. Administrators only."""
    _require_admin(request)
    lags = lag()
    context = {
        "reactions": [_line(one) for one in lags],
        "blocker": blocker() if any(one.behind for one in lags) else None,
        "parked": [_parked(one) for one in parked_events(MOST)],
        "parked_count": sum(one.parked for one in lags),
    }
    return render(request, "web/reactions.html", context)


@require_POST
def try_parked(request: HttpRequest) -> HttpResponse:
    """Let parked events be tried again at once."""
    _require_admin(request)
    keys = _keys(request)
    try_again(keys)
    say(request, ngettext("%(n)d event is tried again.", "%(n)d events are tried again.", len(keys)) % {"n": len(keys)})
    return redirect("web:reactions")


@require_POST
def dismiss_parked(request: HttpRequest) -> HttpResponse:
    """Leave parked events out for good."""
    _require_admin(request)
    keys = _keys(request)
    dismiss(keys)
    say(request, ngettext("%(n)d event is left out.", "%(n)d events are left out.", len(keys)) % {"n": len(keys)})
    return redirect("web:reactions")


def _line(one: Lag) -> dict[str, Any]:
    return {
        "name": one.reaction,
        "purpose": REACTIONS[one.reaction].purpose,
        "behind": one.behind,
        "is_capped": one.behind >= COUNTED,
        "since": one.since,
        "parked": one.parked,
    }


def _parked(one: ParkedEvent) -> dict[str, Any]:
    reaction = REACTIONS.get(one.reaction)
    lines = one.error.strip().splitlines()
    return {
        "id": one.pk,
        "purpose": reaction.purpose if reaction else one.reaction,
        "entry": one.entry_id,
        "at": one.parked_at,
        "attempts": one.attempts,
        "next_try_at": one.next_try_at,
        "error": lines[-1] if lines else "",
        "details": one.error,
    }


def _keys(request: HttpRequest) -> list[int]:
    return [int(key) for key in request.POST.getlist("id") if key.isdigit() and len(key) <= DIGITS]


def _require_admin(request: HttpRequest) -> None:
    if not actor_of(request).is_admin:
        raise NotAllowed(_("Only administrators see the reactions."))
