"""Marks for views that ask again who is there, when that was last shown long ago. The room of users does the asking."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])
MARK = "asks_again_for"
WRITES = frozenset({"POST"})


def sensitive(view: View) -> View:
    """A view that changes who may do what: its form is held until whoever sends it has shown who they are."""
    return _marked(view, WRITES)


def sensitive_to_see(view: View) -> View:
    """As `sensitive`, for a page that tells a secret."""
    return _marked(view, WRITES | {"GET", "HEAD"})


def asks_again(view: Callable[..., Any], request: HttpRequest) -> bool:
    return request.method in getattr(view, MARK, ())


def _marked(view: View, methods: frozenset[str]) -> View:
    setattr(view, MARK, methods)
    return view
