"""How I sign in: password, app, passkeys and recovery codes on one page, and what follows from its buttons."""

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.accounts.doors import before_factor, user_of
from rapport.engine.accounts.factors import actions
from rapport.engine.accounts.factors.queries import APP, PASSKEY, factors_of
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.web.sensitive import sensitive
from rapport.engine.web.views.toasts import say, warn


@require_safe
@before_factor
def sign_in(request: HttpRequest) -> HttpResponse:
    """With what I sign in."""
    user = user_of(request)
    return render(request, "accounts/sign_in.html", {"me": user, "factors": factors_of(user)})


@require_POST
@never_cache
@sensitive
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, on the page that answers and nowhere else ever again."""
    user = user_of(request)
    try:
        with open_act(user.actor) as act:
            codes = actions.renew_codes(act, user)
    except NotAllowed as refusal:
        warn(request, str(refusal))
        return redirect("accounts:sign_in")
    return show_codes(request, codes)


@require_POST
@sensitive
def remove_app(request: HttpRequest) -> HttpResponse:
    return _remove(request, Authenticator.objects.filter(user=user_of(request), type=APP).first())


@require_POST
@sensitive
def remove_passkey(request: HttpRequest, key: int) -> HttpResponse:
    return _remove(request, Authenticator.objects.filter(user=user_of(request), type=PASSKEY, pk=key).first())


def show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The page on which recovery codes stand once; without new ones, back to what one has."""
    if not codes:
        return redirect("accounts:sign_in")
    return render(request, "accounts/codes.html", {"codes": codes, "me": user_of(request)})


def _remove(request: HttpRequest, factor: Authenticator | None) -> HttpResponse:
    if factor is None:
        raise Http404
    user = user_of(request)
    with open_act(user.actor) as act:
        actions.remove_factor(act, user, factor)
    say(request, _("It was removed."))
    return redirect("accounts:sign_in")
