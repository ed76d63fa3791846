"""Browsers in which an account was signed in before: what strangers try elsewhere does not slow their owners down."""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from rapport.engine.accounts.models.user import normal_email
from rapport.engine.accounts.secret import digest

SALT = "rapport.accounts.browser"
LASTS = 365 * 24 * 60 * 60
# Accounts that share a browser; the one that signed in longest ago is forgotten first.
MOST = 8


def is_known(request: HttpRequest, email: str) -> bool:
    """Whether this browser has been signed in to the account with this e-mail."""
    return _mark(email) in _read(request)["accounts"]


def known_as(request: HttpRequest) -> str:
    """The name of a browser that was signed in before."""
    return str(_read(request)["name"])


def remember(request: HttpRequest, email: str) -> None:
    """Have the answer to this request tell the browser that it is known."""
    request.known_for = email  # type: ignore[attr-defined]  # `tell` reads it


def tell(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Set the cookie if somebody has just signed in."""
    email = getattr(request, "known_for", None)
    if email is None:
        return
    before = _read(request)
    accounts = [*(one for one in before["accounts"] if one != _mark(email)), _mark(email)][-MOST:]
    value = signing.dumps({"name": before["name"] or secrets.token_hex(8), "accounts": accounts}, salt=SALT)
    answer.set_cookie(
        settings.KNOWN_COOKIE_NAME, value, max_age=LASTS, httponly=True, secure=settings.IS_HTTPS, samesite="Lax"
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        found: dict[str, Any] = signing.loads(
            request.COOKIES.get(settings.KNOWN_COOKIE_NAME, ""), salt=SALT, max_age=LASTS
        )
    except signing.BadSignature:
        return {"name": "", "accounts": []}
    return found


def _mark(email: str) -> str:
    return digest(normal_email(email))[:16]
