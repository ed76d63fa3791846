"""Looking at pages as somebody else, for administrators."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from rapport.engine.accounts.doors import administrators_only, for_onlookers, user_of
from rapport.engine.accounts.queries import user_or_404
from rapport.engine.accounts.viewing import begin_viewing, end_viewing
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.web.sensitive import sensitive
from rapport.engine.web.views.toasts import warn


@require_POST
@sensitive
@administrators_only
def view_as(request: HttpRequest, key: UUID) -> HttpResponse:
    """Begin to see pages as this user does."""
    try:
        with open_act(user_of(request).actor) as act:
            begin_viewing(act, request.session, user_or_404(key))
    except NotAllowed as refusal:
        warn(request, str(refusal))
        return redirect("accounts:users")
    return redirect("web:home")


@require_POST
@for_onlookers
def view_as_oneself(request: HttpRequest) -> HttpResponse:
    """See pages as oneself again."""
    with open_act(user_of(request).actor) as act:
        end_viewing(act, request.session)
    return redirect("web:home")
