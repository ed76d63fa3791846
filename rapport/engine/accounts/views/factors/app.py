"""Setting up an authenticator app: scan or type its secret, then type the first code."""

from base64 import b64decode, b64encode

from allauth.mfa.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.engine.accounts.doors import before_factor, user_of
from rapport.engine.accounts.factors import actions
from rapport.engine.accounts.factors.forms import AppForm
from rapport.engine.accounts.factors.totp import in_groups, new_secret, qr_path
from rapport.engine.accounts.models import User
from rapport.engine.accounts.views.factors.own import show_codes
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.outbox.secrets import Sealed, WrongPlace, seal
from rapport.engine.web.sensitive import sensitive_to_see
from rapport.engine.web.views.toasts import say, warn


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@before_factor
@sensitive_to_see
def add_app(request: HttpRequest) -> HttpResponse:
    """The secret waits sealed on the page itself until a code proves that an app has it."""
    user = user_of(request)
    if request.method != "POST":
        return _page(request, user, AppForm(secret=new_secret()))
    secret = _opened(request.POST.get("kept", ""), user)
    if secret is None:
        warn(request, _("This page was too old. Scan the new code."))
        return redirect("accounts:add_app")
    form = AppForm(request.POST, secret=secret)
    if not form.is_valid():
        return _page(request, user, form, status=422)
    try:
        with open_act(user.actor) as act:
            codes = actions.add_app(act, user, secret=secret, period=form.period)
    except NotAllowed as refusal:
        warn(request, str(refusal))
        return redirect("accounts:sign_in")
    say(request, _("The authenticator app is set up."))
    return show_codes(request, codes)


def _page(request: HttpRequest, user: User, form: AppForm, *, status: int = 200) -> HttpResponse:
    path, side = qr_path(get_adapter().build_totp_url(user, form.secret))
    kept = b64encode(seal(form.secret, place=_place(user))).decode()
    context = {"form": form, "kept": kept, "secret": in_groups(form.secret), "path": path, "side": side}
    return render(request, "accounts/add_app.html", context, status=status)


def _opened(kept: str, user: User) -> str | None:
    try:
        return Sealed(b64decode(kept), _place(user)).open()
    except (WrongPlace, ValueError):
        return None


def _place(user: User) -> str:
    return f"totp:{user.pk}"
