"""What the bell has to tell."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.accounts.doors import user_of
from rapport.engine.accounts.notifications import bell_state
from rapport.engine.accounts.notifications.reading import notifications_of
from rapport.engine.accounts.notifications.states import mark_read

PAGE = 50


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The newest notifications. Opening the page marks nothing as read; the button below does."""
    user = user_of(request)
    return render(request, "accounts/bell.html", {"told": list(notifications_of(user)[:PAGE]), **bell_state(user)})


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark all as read that the page showed."""
    newest = request.POST.get("up_to", "")
    if newest.isdecimal() and len(newest) < 19:
        mark_read(user_of(request), up_to=int(newest))
    return redirect("accounts:bell")
