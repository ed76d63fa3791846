"""Each request sees the definitions in force; what actions refuse becomes a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.definitions import check_again
from rapport.engine.records.showing import record_url
from rapport.engine.runtime.patience import was_given_up
from rapport.engine.web.views.errors import forbidden, too_slow
from rapport.engine.web.views.finding import Moved


class PageMiddleware:
    """Begins each request with fresh definitions; what is not allowed, or takes too long, becomes a page of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        check_again()
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Moved):
            return redirect(record_url(exception.rtype, exception.key))
        if isinstance(exception, NotAllowed):
            return forbidden(request, exception)
        return too_slow(request) if was_given_up(exception) else None
