"""What follows the journal: how far behind each reaction is, what holds it back, and the events that made it fail."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.events.act import open_act
from rapport.engine.events.models import ParkedEvent
from rapport.engine.events.reactions import REACTIONS, Lag, blocker, lag, leave_out, parked_events, try_again
from rapport.engine.events.reactions.lag import COUNTED
from rapport.engine.web.views.finding import admin_of
from rapport.engine.web.views.toasts import say

MOST = 100
DIGITS = 18  # of an id


@require_safe
def reactions_page(request: HttpRequest) -> HttpResponse:
    """Each reaction with its lag, the oldest open transaction, and what is parked. Administrators only."""
    admin_of(request)
    lags = lag()
    context = {
        "reactions": [_line(one) for one in lags],
        "blocker": blocker() if any(one.behind for one in lags) else None,
        "parked": [_parked(one) for one in parked_events(MOST)],
        "parked_count": sum(one.parked for one in lags),
        "left_out": [_parked(one) for one in parked_events(MOST, left_out=True)],
    }
    return render(request, "web/reactions.html", context)


@require_POST
def try_parked(request: HttpRequest) -> HttpResponse:
    """Let parked events be tried again at once."""
    admin_of(request)
    try_again(_keys(request))
    say(request, _("It is tried again in a moment."))
    return redirect("web:reactions")


@require_POST
def leave_out_parked(request: HttpRequest) -> HttpResponse:
    """Leave parked events out, until somebody wants them tried again."""
    with open_act(admin_of(request)) as act:
        leave_out(act, _keys(request))
    say(request, _("It is left out. It can still be tried again."))
    return redirect("web:reactions")


def _line(one: Lag) -> dict[str, Any]:
    return {
        "name": one.reaction,
        "label": REACTIONS[one.reaction].label,
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
        "label": reaction.label if reaction else one.reaction,
        "entry": one.entry_id,
        "at": one.parked_at,
        "attempts": one.attempts,
        "next_try_at": one.next_try_at,
        "error": lines[-1] if lines else "",
        "details": one.error,
    }


def _keys(request: HttpRequest) -> list[int]:
    return [int(key) for key in request.POST.getlist("id") if key.isdigit() and len(key) <= DIGITS]
