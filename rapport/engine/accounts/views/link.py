"""One-time links: looking shows a button, pressing it signs in. Mail scanners look, they do not press."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.engine.accounts import actions
from rapport.engine.accounts.forms import FirstAdministratorForm
from rapport.engine.accounts.links import find_link, use_link
from rapport.engine.accounts.models import Purpose, User
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor

FIRST_START = Actor(kind="system", name="First start")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="one_time_link", limit_get=True)  # type: ignore[untyped-decorator]  # allauth has no types
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind a one-time link."""
    found = find_link(secret)
    if found is None:
        return worthless(request)
    if found.purpose == Purpose.FIRST_ADMINISTRATOR:
        return first_administrator(request, secret)
    if request.method == "POST":
        return enter(request, secret)
    return render(request, "accounts/link.html", {"user": found.user, "purpose": found.purpose})


def first_administrator(request: HttpRequest, secret: str) -> HttpResponse:
    """An empty instance asks for the name and address of whoever holds its first link."""
    form = FirstAdministratorForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/first_administrator.html", {"form": form}, status=422 if form.errors else 200)
    with open_act(FIRST_START, reason="first start") as act:
        used = use_link(secret)
        if used is None:
            return worthless(request)
        user = actions.create_first_administrator(act, **form.cleaned_data)
    return sign_in(request, user, is_new=True)


def enter(request: HttpRequest, secret: str) -> HttpResponse:
    used = use_link(secret)
    if used is None or used.user is None:
        return worthless(request)
    return sign_in(request, used.user, is_new=used.purpose == Purpose.INVITATION)


def sign_in(request: HttpRequest, user: User, *, is_new: bool) -> HttpResponse:
    """Through allauth, so that whatever it asks of a sign-in it asks here too. New users choose a password next."""
    asks_for_password = is_new and not user.has_usable_password()
    next_page = reverse("account_set_password") if asks_for_password else settings.LOGIN_REDIRECT_URL
    record_authentication(request, user, "link")
    response: HttpResponse = perform_login(request, user, redirect_url=next_page)
    return response


def worthless(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_worthless.html", status=410)
