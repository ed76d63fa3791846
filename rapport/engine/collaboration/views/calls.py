"""Starting video calls, and saying where they take place."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.engine.collaboration.calls import call_address, set_call_address
from rapport.engine.collaboration.calls import start_call as start
from rapport.engine.collaboration.models.call_rules import USUAL
from rapport.engine.events.act import open_act
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type
from rapport.engine.records.showing import record_url
from rapport.engine.web.views.finding import actor_of, admin_of, find_record, find_type
from rapport.engine.web.views.toasts import say

PRESETS = (
    (__("Jitsi Meet, open to everybody"), USUAL),
    (__("A Jitsi server of your own"), "https://meet.example.com/{room}"),
    (__("Google Meet, one room for all"), "https://meet.google.com/abc-defg-hij"),
    (__("Zoom, a personal room"), "https://zoom.us/j/1234567890"),
)


@require_POST
def start_call(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Start a call about a record, and go to the page that leads to it."""
    rtype = find_type(request, slug)
    record = find_record(request, rtype, key)
    if record.is_deleted:
        raise Http404(_("This record is deleted. Restore it first."))
    with open_act(actor_of(request)) as act:
        comment = start(act, rtype, record)
    say(request, _("The call was started."), undo=act.batch)
    return redirect("collaboration:call", comment.pk)


@require_safe
def call(request: HttpRequest, key: UUID) -> HttpResponse:
    """The way to a call, for whoever sees what it is about."""
    comment = visible(actor_of(request), record_type("comments")).filter(pk=key).exclude(call="").first()
    if comment is None:
        raise Http404(_("This call is not here, or not for you to see."))
    context = {"call": comment, "back_url": record_url(record_type(comment.about_type), comment.about_id)}
    return render(request, "collaboration/call.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def call_rules(request: HttpRequest) -> HttpResponse:
    """Where calls take place, for administrators."""
    actor = admin_of(request)
    address, error = request.POST.get("address", "") or call_address(), ""
    if request.method == "POST":
        try:
            with open_act(actor) as act:
                set_call_address(act, request.POST.get("address", ""))
        except ValidationFailed as refused:
            error = refused.errors["address"]
        else:
            say(request, _("Calls take place there from now on."), undo=act.batch)
            return redirect("collaboration:call-rules")
    context = {"address": address, "error": error, "presets": PRESETS}
    return render(request, "collaboration/call_rules.html", context, status=422 if error else 200)
