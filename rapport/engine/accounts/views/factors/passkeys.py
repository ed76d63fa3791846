"""Making a passkey, and calling it something else."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication, begin_registration
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rapport.engine.accounts.doors import before_factor, user_of
from rapport.engine.accounts.factors import actions
from rapport.engine.accounts.factors.forms import NewPasskeyForm, PasskeyNameForm
from rapport.engine.accounts.factors.queries import PASSKEY
from rapport.engine.accounts.views.factors.own import show_codes
from rapport.engine.events.act import open_act
from rapport.engine.web.sensitive import sensitive, sensitive_to_see
from rapport.engine.web.views.toasts import say


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@before_factor
@sensitive_to_see
def add_passkey(request: HttpRequest) -> HttpResponse:
    """The browser makes it and sends its public half. It asks for a finger, a face or a PIN, so it stands alone too."""
    user = user_of(request)
    usual = get_adapter().generate_authenticator_name(user, PASSKEY)
    named = PasskeyNameForm(request.POST if request.method == "POST" else None, initial={"name": usual})
    if request.method != "POST":
        return _page(request, named)
    made = NewPasskeyForm(request.POST, user=user)
    if not named.is_valid() or not made.is_valid():
        return _page(request, named, refused=not made.is_valid())
    name, credential = named.cleaned_data["name"], made.cleaned_data["credential"]
    with open_act(user.actor) as act:
        codes = actions.add_passkey(act, user, name=name, credential=credential)
    say(request, _("The passkey is set up."))
    return show_codes(request, codes)


@require_safe
@never_cache
@before_factor
@sensitive_to_see
def making(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make one. Asked when the button is pressed: a page fetched ahead would outdate it."""
    return JsonResponse({"request_options": begin_registration(user_of(request), True)})


@require_safe
@never_cache
def using(request: HttpRequest) -> HttpResponse:
    """What the browser needs to show a passkey once more."""
    return JsonResponse({"request_options": begin_authentication(user_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def passkey(request: HttpRequest, key: int) -> HttpResponse:
    """What a passkey is called."""
    user = user_of(request)
    found = Authenticator.objects.filter(user=user, type=PASSKEY, pk=key).first()
    if found is None:
        raise Http404
    form = PasskeyNameForm(request.POST if request.method == "POST" else None, initial={"name": found.data["name"]})
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/passkey.html", {"form": form}, status=422 if form.errors else 200)
    with open_act(user.actor) as act:
        actions.rename_passkey(act, user, found, name=form.cleaned_data["name"])
    return redirect("accounts:sign_in")


def _page(request: HttpRequest, form: PasskeyNameForm, *, refused: bool = False) -> HttpResponse:
    status = 422 if refused or form.errors else 200
    return render(request, "accounts/add_passkey.html", {"form": form, "refused": refused}, status=status)
