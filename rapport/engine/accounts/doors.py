"""Who may pass: marks for views, and the signed-in user of a request."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from rapport.engine.accounts.models import User
from rapport.engine.events.errors import NotAllowed

View = Callable[..., HttpResponseBase]


def administrators_only(view: View) -> View:
    """Everybody else gets the page that says no."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.actor.is_admin:  # type: ignore[attr-defined]  # set by the middleware
            raise NotAllowed(_("Only administrators can manage users."))
        return view(request, *args, **kwargs)

    return guarded


def for_onlookers(view: View) -> View:
    """Whoever looks on as somebody else may do this too, for they do it as themselves."""
    view.for_onlookers = True  # type: ignore[attr-defined]  # a mark, as Django's own are
    return view


def before_factor(view: View) -> View:
    """Also for whoever has yet to set up the second factor that the rules ask for."""
    view.before_factor = True  # type: ignore[attr-defined]  # a mark that the middleware looks for
    return view


def came_from(request: HttpRequest) -> str:
    """The page of this site that a request was sent from; empty if that is not known."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else ""


def user_of(request: HttpRequest) -> User:
    """The signed-in user. Raises NotAllowed when there is none."""
    if not isinstance(request.user, User):
        raise NotAllowed(_("Sign in first."))
    return request.user
