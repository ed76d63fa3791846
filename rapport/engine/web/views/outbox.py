"""The outbox page: what left the house, what waits, and what somebody must decide. It never shows what a mail says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.events.act import open_act
from rapport.engine.events.ids import read_id
from rapport.engine.jobs.queries import troubled_loops
from rapport.engine.outbox import queries
from rapport.engine.outbox.actions import RESENDABLE, WAITING, hand_over, hold
from rapport.engine.outbox.models import Kind, OutgoingMessage, State
from rapport.engine.records.registry import Words
from rapport.engine.web.views.finding import admin_of
from rapport.engine.web.views.mail import is_server_set
from rapport.engine.web.views.toasts import say, warn

PAGE_SIZE = 50
MOST_AT_ONCE = 5000
LOOPS = ("mail", "requests")


@dataclass(frozen=True)
class Tab:
    """States shown together, and what to say where nothing is in them."""

    label: Words
    states: tuple[State, ...]
    empty: Words


TABS = {
    "waiting": Tab(
        __("Waiting"),
        (State.QUEUED, State.LEASED),
        __("What is about to leave, or waits for its next try, stands here."),
    ),
    "sent": Tab(__("Sent"), (State.SENT,), __("What the other side took stands here for 90 days.")),
    "not_sent": Tab(
        __("Not sent"), (State.NOT_SENT,), __("While no mail server is set, mail waits here until you send it.")
    ),
    "unknown": Tab(
        __("Unknown"),
        (State.UNKNOWN,),
        __("When a connection breaks so that nobody knows whether a message arrived, it stands here."),
    ),
    "failed": Tab(__("Failed"), (State.FAILED,), __("What was refused, or not taken in three days, stands here.")),
    "held": Tab(__("Held"), (State.HELD,), __("What somebody stopped before it left stands here.")),
}
EVERYTHING = Tab(__("All"), (), __("Invitations, notices and other mail stand here, with what became of them."))
COLOURS = {
    State.QUEUED: "info", State.LEASED: "info", State.SENT: "good", State.NOT_SENT: "warn",
    State.UNKNOWN: "warn", State.FAILED: "bad", State.HELD: "",
}  # fmt: skip


@require_safe
def outbox_page(request: HttpRequest) -> HttpResponse:
    """Messages, newest first, by state. Administrators only."""
    admin_of(request)
    asked = request.GET.get("state", "")
    name = asked if asked in TABS else ""
    tab = TABS.get(name, EVERYTHING)
    before = read_id(request.GET.get("before", ""))
    found = queries.messages(states=tab.states, before=before, limit=PAGE_SIZE + 1)
    counts, has_server = queries.counts(), is_server_set()
    rows = [_row(message, has_server=has_server) for message in found[:PAGE_SIZE]]
    has_more = len(found) > PAGE_SIZE
    context = {
        "rows": rows,
        "tabs": _tabs(name, counts),
        "name": name,
        "empty": tab.empty,
        "is_later_page": before is not None,
        "next_url": f"?state={name}&before={found[PAGE_SIZE - 1].id}" if has_more else None,
        "here": request.GET.urlencode(),
        "has_server": has_server,
        "not_sent": counts[State.NOT_SENT],
        "troubles": [trouble for trouble in troubled_loops() if trouble.name in LOOPS],
        "is_live": any(row["is_moving"] for row in rows),
    }
    return render(request, "web/outbox.html", context)


@require_POST
def hand_over_one(request: HttpRequest, message: UUID) -> HttpResponse:
    """Send one message again."""
    return _hand_over(request, [message])


@require_POST
def hand_over_all(request: HttpRequest) -> HttpResponse:
    """Send all that waited for a mail server."""
    admin_of(request)
    if not is_server_set():
        warn(request, _("Set a mail server first."))
        return _back(request)
    return _hand_over(request, _not_sent())


@require_POST
def hold_one(request: HttpRequest, message: UUID) -> HttpResponse:
    """Stop one message that has not left."""
    return _hold(request, [message])


@require_POST
def hold_all(request: HttpRequest) -> HttpResponse:
    """Stop all that waited for a mail server."""
    admin_of(request)
    return _hold(request, _not_sent())


def _hand_over(request: HttpRequest, ids: Sequence[UUID]) -> HttpResponse:
    with open_act(admin_of(request)) as act:
        count = hand_over(act, ids)
    if count:
        say(
            request,
            ngettext("%(count)d message is queued.", "%(count)d messages are queued.", count) % {"count": count},
        )
    else:
        warn(request, _("Nothing was queued: what you chose has left or is on its way."))
    return _back(request)


def _hold(request: HttpRequest, ids: Sequence[UUID]) -> HttpResponse:
    with open_act(admin_of(request)) as act:
        count = hold(act, ids)
    if count:
        say(request, ngettext("%(count)d message is held.", "%(count)d messages are held.", count) % {"count": count})
    else:
        warn(request, _("Nothing was held: what you chose has left or is on its way."))
    return _back(request)


def _not_sent() -> list[UUID]:
    return [message.id for message in queries.messages(states=[State.NOT_SENT], limit=MOST_AT_ONCE)]


def _back(request: HttpRequest) -> HttpResponse:
    """The page of the outbox that the button stood on; its query comes along in the form's address."""
    query = request.GET.urlencode()
    return redirect(reverse("web:outbox") + (f"?{query}" if query else ""))


def _tabs(name: str, counts: dict[State, int]) -> list[dict[str, Any]]:
    return [
        {"name": one, "label": tab.label, "count": sum(counts[state] for state in tab.states), "on": one == name}
        for one, tab in TABS.items()
    ]


def _row(message: OutgoingMessage, *, has_server: bool) -> dict[str, Any]:
    state = State(message.state)
    is_later = state == State.QUEUED and message.next_try > timezone.now()
    return {
        "message": message,
        "label": state.label,
        "colour": COLOURS[state],
        "answer": _("No mail server was set then.") if state == State.NOT_SENT and has_server else message.answer,
        "when": message.ended_at or message.created_at,
        "again_at": message.next_try if is_later else None,
        "is_unknown": state == State.UNKNOWN,
        "can_send": state in RESENDABLE and (has_server or message.kind != Kind.MAIL),
        "is_again": state in (State.FAILED, State.UNKNOWN),
        "can_hold": state in WAITING,
        "is_moving": state == State.LEASED or (state == State.QUEUED and not is_later),
    }
