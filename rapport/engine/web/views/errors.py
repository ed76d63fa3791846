"""Pages for what went wrong: what it was, and what to do."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from rapport.engine.events.errors import NotAllowed
from rapport.engine.web.shell import SLOTS

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400"""
    if isinstance(exception, RequestDataTooBig):
        words = _("A form cannot hold as much. Save what you have as a file and import that.")
        return _page(request, 413, _("Too much at once"), words)
    return _page(request, 400, _("This request could not be read"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the gate's own sentence where it has one."""
    words = str(exception) if isinstance(exception, NotAllowed) else ""
    words = words or _("Your role does not let you do this.")
    if request.headers.get("HX-Request"):
        # A part of a page has no place for the page that says no: script shows this above it.
        return render(request, "web/refused.html", {"words": words}, status=403)
    return _page(request, 403, _("Not for you"), words)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return _page(request, 404, _("Not found"), _("There is nothing at this address, or it is not for you to see."))


def too_slow(request: HttpRequest) -> HttpResponse:
    """503, for a question that the database was not done with in time."""
    words = _("The database was not done in time and gave up. Ask for less, such as a simpler filter.")
    return _page(request, 503, _("This takes too long"), words)


def server_error(request: HttpRequest) -> HttpResponse:
    """500"""
    return _page(request, 500, _("Something broke here"), _("Nothing was saved. The error has been noted; try again."))


def _page(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    context = {"status": status, "title": title, "words": words, "viewing": _viewing(request, status)}
    return render(request, "web/error.html", context, status=status)


def _viewing(request: HttpRequest, status: int) -> dict[str, Any] | None:
    """As whom the reader looks at pages, where that may be why they were refused: the way out stands on the page."""
    slot = SLOTS.get("viewing")
    found: dict[str, Any] | None = slot(request) if slot and status in (403, 404) else None
    return found
