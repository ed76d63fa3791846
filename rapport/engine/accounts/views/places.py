"""Where I am signed in, and ending that."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.accounts.browsers import in_words
from rapport.engine.accounts.doors import user_of
from rapport.engine.accounts.places import end_others, end_place, places_of
from rapport.engine.events.act import open_act
from rapport.engine.web.views.toasts import say


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Each browser in which I am signed in. What it holds, its session's key, is never shown."""
    here = request.session.session_key
    rows = [
        {"place": place, "words": in_words(place.browser), "is_here": place.session_key == here}
        for place in places_of(user_of(request))
    ]
    rows.sort(key=lambda row: not row["is_here"])
    return render(request, "accounts/places.html", {"rows": rows})


@require_POST
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    user = user_of(request)
    place = places_of(user).filter(pk=key).first()
    if place is None:
        raise Http404
    with open_act(user.actor) as act:
        end_place(act, place)
    say(request, _("%(browser)s was signed out.") % {"browser": in_words(place.browser)})
    return redirect("accounts:places")


@require_POST
def end_all_others(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    with open_act(user.actor) as act:
        count = end_others(act, user, but=request.session.session_key)
    say(
        request,
        ngettext("%(count)s other was signed out.", "%(count)s others were signed out.", count) % {"count": count},
    )
    return redirect("accounts:places")
