"""The page for whoever asks too often."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rapport.engine.accounts.throttles import longest_wait, when

USUAL = 60


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429, with when to try again."""
    wait = longest_wait(request) or USUAL
    answer = render(request, "accounts/too_many_requests.html", {"when": when(wait)}, status=429)
    answer["Retry-After"] = str(wait)
    return answer
