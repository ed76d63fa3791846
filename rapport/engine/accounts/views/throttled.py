"""The page for whoever asks too often."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429"""
    return render(request, "accounts/too_many_requests.html", status=429)
