"""The notification centre."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.accounts.doors import user_of
from rapport.engine.accounts.models import User
from rapport.engine.accounts.notifications.groups import groups_of
from rapport.engine.accounts.notifications.listing import place_text, read_moment, read_number, read_place
from rapport.engine.accounts.notifications.muting import can_mute, mute
from rapport.engine.accounts.notifications.reading import COUNTED_TO, counts_of
from rapport.engine.accounts.notifications.snoozing import snooze_times
from rapport.engine.accounts.notifications.states import (
    SCOPES,
    STATES,
    Which,
    mark_done,
    mark_read,
    mark_unread,
    put_back,
    snooze,
)
from rapport.engine.accounts.views.bell_shown import shown
from rapport.engine.events.ids import read_id
from rapport.engine.web.formatting import moment_text
from rapport.engine.web.views.toasts import say

FIRST = "unread"


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """What a user was told, by record. Opening the page marks nothing as read."""
    user, state = user_of(request), state_of(request.GET)
    page = groups_of(user, state, after=read_place(request.GET.get("before", "")))
    # Counted last, for what turns out to be no longer theirs to see is not counted from then on.
    groups, counts = shown(user.actor, page.groups), counts_of(user)
    context = {
        "state": state,
        "groups": groups,
        "tabs": _tabs(state, counts),
        "counts": counts,
        "newest": page.groups[0].newest.came_at.isoformat() if page.groups else "",
        "next_url": _address(state, before=place_text(page.next)) if page.next else "",
        "is_later": "before" in request.GET,
        "snoozes": {word: label for word, (label, _moment) in _snoozes().items()},
        "can_mute": can_mute(),
    }
    return render(request, "accounts/bell.html", context)


@require_POST
def bell_deed(request: HttpRequest, deed: str) -> HttpResponse:
    """Read, unread, done, snooze, back or mute: about one notice, those about a record, or all that the page knew."""
    if deed not in DEEDS:
        raise Http404
    user = user_of(request)
    # The way back in a toast says in its address what it means.
    which = which_of(user, request.POST if "done_at" not in request.GET else request.GET)
    if which is not None:
        DEEDS[deed](request, user, which)
    return redirect(_address(state_of(request.POST)))


def state_of(asked: QueryDict) -> str:
    state = asked.get("state", "")
    return state if state in STATES else FIRST


def which_of(user: User, asked: QueryDict) -> Which | None:
    """The notices that a form means; None for what makes no sense. All of a page only up to its newest."""
    slug, _slash, key = asked.get("record", "").partition("/")
    record, up_to, done_at = read_id(key), read_moment(asked.get("up_to", "")), read_moment(asked.get("done_at", ""))
    scope = SCOPES[state_of(asked)]
    if notice := asked.get("notice", ""):
        number = read_number(notice)
        return Which(user.pk, scope, notice=number) if number is not None else None
    if record:
        return Which(user.pk, scope, record=(slug, record), up_to=up_to)
    if done_at:
        return Which(user.pk, STATES["done"], done_at=done_at)
    return Which(user.pk, scope, up_to=up_to) if up_to else None


def _done(request: HttpRequest, _user: User, which: Which) -> None:
    count, moment = mark_done(which)
    if count:
        query = urlencode({"done_at": moment.isoformat()})
        say(request, _("Done."), back=f"{reverse('accounts:bell_deed', args=['back'])}?{query}")


def _snooze(request: HttpRequest, _user: User, which: Which) -> None:
    _label, until = _snoozes().get(request.POST.get("until", ""), ("", None))
    if until and snooze(which, until=until):
        say(request, _("It comes back %(when)s.") % {"when": moment_text(until)})


def _mute(request: HttpRequest, user: User, which: Which) -> None:
    if which.record and can_mute():
        mute(user, *which.record)
        mark_read(which)
        say(request, _("You are told less about this from now on."))


DEEDS: dict[str, Callable[[HttpRequest, User, Which], object]] = {
    "read": lambda _request, _user, which: mark_read(which),
    "unread": lambda _request, _user, which: mark_unread(which),
    "back": lambda _request, _user, which: put_back(which),
    "done": _done,
    "snooze": _snooze,
    "mute": _mute,
}


def _snoozes() -> dict[str, tuple[str, datetime]]:
    return snooze_times(timezone.now(), timezone.get_current_timezone())


def _tabs(state: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {"unread": _("Unread"), "all": _("All"), "snoozed": _("Snoozed"), "done": _("Done")}
    return [
        {"label": label, "url": _address(name), "on": name == state, "count": _number(counts[name])}
        for name, label in labels.items()
    ]


def _number(count: int) -> str:
    return f"{COUNTED_TO - 1}+" if count >= COUNTED_TO else str(count or "")


def _address(state: str, **more: str) -> str:
    query = {"state": state, **more} if state != FIRST or more else {}
    return reverse("accounts:bell") + (f"?{urlencode(query)}" if query else "")
