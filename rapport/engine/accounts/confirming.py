"""Please confirm it is you: asked before what matters when it was last shown long ago, and then the form goes on.

The form that was refused waits sealed on the page that asks, bound to its user and address, so nothing typed is lost.
"""

import time
from base64 import b64decode, b64encode
from typing import Any

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from rapport.engine.accounts.confirmation import FIELDS, KEPT, ConfirmForm
from rapport.engine.accounts.doors import came_from
from rapport.engine.accounts.factors.queries import factors_of
from rapport.engine.accounts.models import User
from rapport.engine.outbox.secrets import Sealed, WrongPlace, seal


def is_fresh(request: HttpRequest, user: User) -> bool:
    """Whether this user has shown who they are a short while ago."""
    records = get_authentication_records(request, user)
    fresh: bool = bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
    return fresh


def confirm(request: HttpRequest, user: User) -> HttpResponse | None:
    """What stands between a request and a sensitive view: None lets it through."""
    sent = request.method == "POST" and FIELDS & request.POST.keys()
    if not sent:
        return None if is_fresh(request, user) else _ask(request, user)
    form = ConfirmForm(request, user)
    if not form.is_valid():
        return _page(request, user, form, kept=request.POST.get(KEPT, ""))
    form.note()
    kept = _opened(request.POST.get(KEPT, ""), _place(request, user))
    if kept is None:
        return redirect(request.get_full_path())
    request.POST = kept  # type: ignore[assignment]  # the stubs know only what is read from it
    return None


def _ask(request: HttpRequest, user: User) -> HttpResponse | None:
    first_password = reverse("account_set_password")
    if not user.has_usable_password() and not factors_of(user):
        if request.path == first_password:
            return None
        query = urlencode({"next": request.get_full_path() if request.method == "GET" else _way_back(request)})
        return redirect(f"{first_password}?{query}")
    kept = ""
    if request.method == "POST":
        kept = b64encode(seal(request.POST.urlencode(), place=_place(request, user))).decode()
    return _page(request, user, ConfirmForm(request, user, is_sent=False), kept=kept)


def _page(request: HttpRequest, user: User, form: ConfirmForm, *, kept: str) -> HttpResponse:
    factors = factors_of(user)
    context: dict[str, Any] = {"form": form, "kept": kept, "kept_name": KEPT, "back": _way_back(request)}
    context |= {"has_password": user.has_usable_password(), "takes_code": factors.takes_codes}
    context |= {"has_passkey": bool(factors.passkeys)}
    answer = render(request, "accounts/confirm.html", context, status=403)
    answer["Cache-Control"] = "no-store"
    return answer


def _way_back(request: HttpRequest) -> str:
    """Where a form was sent from, if that is known, else to one's own account."""
    return came_from(request) or reverse("accounts:profile")


def _place(request: HttpRequest, user: User) -> str:
    return f"confirm:{user.pk}:{request.get_full_path()}"


def _opened(kept: str, place: str) -> QueryDict | None:
    """The form that waited; None if none did, or not one of this user for this address."""
    if not kept:
        return None
    try:
        return QueryDict(Sealed(b64decode(kept), place).open())
    except (WrongPlace, ValueError):
        return None
