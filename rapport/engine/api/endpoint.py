"""What every address of the API does alike: sign in, count, read the body, answer problems as problems."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from rapport.engine.api.authentication import SAFE, authenticate
from rapport.engine.api.body import read_body, sent_bytes, sent_files
from rapport.engine.api.call import Call
from rapport.engine.api.idempotency import once
from rapport.engine.api.limits import take_request
from rapport.engine.api.moved import moved
from rapport.engine.api.problems import Problem, not_found, problem_of
from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions

NOT_FOUND = 404
logger = logging.getLogger(__name__)

Handler = Callable[..., HttpResponse]


def endpoint(*, takes_files: bool = False, **handlers: Handler) -> Callable[..., HttpResponse]:
    """The view of an address from one handler for each method: `endpoint(get=show, patch=change)`.

    A handler receives the call and what the address names, and returns an answer or raises. What is sent is JSON, or
    with `takes_files` also a multipart form, whose files go to disk while they come.
    """

    @csrf_exempt
    @login_not_required
    def view(request: HttpRequest, **place: str) -> HttpResponse:
        headers = {"Cache-Control": "private, no-cache"}
        try:
            is_form = takes_files and request.content_type == "multipart/form-data"
            response = _answered(request, handlers, place, headers, takes_files=is_form)
        except Exception as error:  # noqa: BLE001  every error becomes an answer; those that are ours are logged
            response = _problem(request, error)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    # It refuses whoever only looks on by itself, in the words of the API.
    view.for_onlookers = True  # type: ignore[attr-defined]  # a mark, as Django's own are
    return view


def _answered(
    request: HttpRequest,
    handlers: dict[str, Handler],
    place: dict[str, str],
    headers: dict[str, str],
    *,
    takes_files: bool,
) -> HttpResponse:
    method = "get" if request.method == "HEAD" else str(request.method).lower()
    if method not in handlers:
        raise _wrong_method(request, handlers)
    is_bare = request.method in SAFE or takes_files
    sent = b"" if is_bare else sent_bytes(request)
    actor = authenticate(request)
    _count(actor, headers)
    call = Call(request, actor, sent_files(request) if takes_files else sent, read_body(request, sent))
    zone = timezone.get_current_timezone() if actor.kind == "user" else definitions().organisation.zone
    with timezone.override(zone):
        try:
            if request.method in SAFE:
                return handlers[method](call, **place)
            return once(call, lambda: handlers[method](call, **place))
        except Problem as problem:
            if problem.status != NOT_FOUND or (response := moved(call, place)) is None:
                raise
            return response


def _count(actor: Actor, headers: dict[str, str]) -> None:
    allowance = take_request(actor.onlooker or actor.id)
    headers |= allowance.headers
    if allowance.wait:
        detail = _("At most %(limit)d requests a minute.") % {"limit": allowance.limit}
        raise Problem("too-many-requests", detail, headers={"Retry-After": str(allowance.wait)})


def _wrong_method(request: HttpRequest, handlers: dict[str, Handler]) -> Problem:
    if not handlers:
        return not_found()
    known = sorted(name.upper() for name in handlers) + (["HEAD"] if "get" in handlers else [])
    detail = _("%(method)s is not known here.") % {"method": str(request.method)[:20]}
    return Problem("wrong-method", detail, headers={"Allow": ", ".join(known)})


def _problem(request: HttpRequest, error: Exception) -> HttpResponse:
    found = problem_of(error)
    if found is None:
        logger.error("API request failed: %s %s", request.method, request.path, exc_info=error)
        got_request_exception.send(sender=None, request=request)
        found = Problem("fault", _("This was noted. Nothing was written."))
    return found.answer()


nowhere: Any = endpoint()
