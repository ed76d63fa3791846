"""Who is asking: puts the actor on each request, speaks the user's language and time, and keeps strangers out."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from rapport.engine.accounts import known
from rapport.engine.accounts.confirming import confirm
from rapport.engine.accounts.factors.queries import holders_of_factors, rules
from rapport.engine.accounts.models import User
from rapport.engine.accounts.places import note_place
from rapport.engine.accounts.viewing import onlooking, seen_through
from rapport.engine.accounts.zones import zone_of
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.runtime.preparing import prepared
from rapport.engine.web.sensitive import asks_again
from rapport.engine.web.views.errors import forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
View = Callable[..., HttpResponseBase]


class ActorMiddleware:
    """Sets `request.actor` and sends whoever is signed out to the sign-in page.

    Every page asks for a sign-in unless its view is marked with Django's `login_not_required`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._answer(request)
        known.tell(request, answer)
        return answer

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        # The row itself instead of Django's lazy stand-in: an act tells tables apart by the type of a row.
        with prepared():
            request.user = user = get_user(request)
        request.owes_factor = owes = owes_factor(user)  # type: ignore[attr-defined]  # set here for every view
        request.actor = None if owes else actor_of(user)  # type: ignore[attr-defined]  # set here for every view
        if not isinstance(user, User):
            return self.get_response(request)
        if not owes and (other := seen_through(request.session, user)):
            request.actor = onlooking(user, other)  # type: ignore[attr-defined]  # as above
        note_place(request, user)
        if user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language() or user.language
        with timezone.override(zone_of(user)):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True):
            return None
        user, actor = request.user, request.actor  # type: ignore[attr-defined]  # set above
        if not isinstance(user, User) or not user.is_active:
            return ask_to_sign_in(request)
        if request.owes_factor and not getattr(view, "before_factor", False):  # type: ignore[attr-defined]  # set above
            return lead_to(request, reverse("accounts:sign_in"))
        if actor and actor.onlooker and request.method not in SAFE and not getattr(view, "for_onlookers", False):
            return forbidden(request, NotAllowed(_("You only look on as %(user)s.") % {"user": actor.name}))
        return confirm(request, user) if asks_again(view, request) else None


def actor_of(user: object) -> Actor | None:
    """The actor behind a signed-in user; None for whoever is signed out."""
    return user.actor if isinstance(user, User) and user.is_active else None


def owes_factor(user: object) -> bool:
    """Whether a user has yet to set up the second factor that the rules ask for."""
    if not isinstance(user, User) or not rules().everybody_needs_factor:
        return False
    return user.pk not in holders_of_factors(user)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and from there back to where the request wanted to go, if that can be gone to again."""
    sign_in = reverse("account_login")
    if request.headers.get("HX-Request"):
        return lead_to(request, sign_in)
    came_for = request.get_full_path() if request.method == "GET" else "/"
    return redirect_to_login(came_for, sign_in)


def lead_to(request: HttpRequest, page: str) -> HttpResponse:
    """To a whole page, also from a part of one, in which it would have no room."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": page})
    return redirect(page)
