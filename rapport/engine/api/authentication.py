"""Who is asking: a token in the Authorization header, or the session of a browser together with its CSRF token."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _

from rapport.engine.api.problems import Problem
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed

Authenticator = Callable[[str], Actor | None]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
WRITE = "write"

_authenticators: list[Authenticator] = []


def set_authenticator(authenticator: Authenticator) -> None:
    """Say who turns an Authorization header into an actor. The room above that keeps the tokens calls this."""
    _authenticators[:] = [authenticator]


def authenticate(request: HttpRequest) -> Actor:
    """The actor of a request.

    Raises Problem: 401 signed out, 403 for a forged browser request or a read-only token; NotAllowed for a write by
    whoever only looks on.
    """
    header = request.headers.get("Authorization")
    actor = _by_header(header) if header else _by_session(request)
    if actor.onlooker and request.method not in SAFE:
        raise NotAllowed(_("You only look on as %(user)s.") % {"user": actor.name})
    if actor.kind == "token" and request.method not in SAFE and WRITE not in actor.scopes:
        raise Problem("read-only-token", _("This token may only read. Make one that may write."))
    return actor


def _by_header(header: str) -> Actor:
    for authenticator in _authenticators:
        if (actor := authenticator(header)) is not None:
            return actor
    raise Problem(
        "signed-out",
        _("This token is unknown, has been revoked, or its user cannot sign in any more."),
        headers={"WWW-Authenticate": 'Bearer realm="Rapport", error="invalid_token"'},
    )


def _by_session(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise Problem(
            "signed-out",
            _("Send a token: Authorization: Bearer rapport_…"),
            headers={"WWW-Authenticate": 'Bearer realm="Rapport"'},
        )
    if request.method not in SAFE and (reason := _Forgery(_no_answer).reason(request)):
        raise Problem("forged", reason)
    return actor


class _Forgery(CsrfViewMiddleware):
    """Django's own check, asked for its reason instead of its page."""

    def reason(self, request: HttpRequest) -> str | None:
        self.process_request(request)
        reason: str | None = self.process_view(request, _no_answer, (), {})  # type: ignore[assignment]  # _reject gives text
        return reason

    def _reject(self, _request: HttpRequest, reason: str) -> Any:
        return reason


def _no_answer(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()
