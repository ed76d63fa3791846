"""Every address says by which methods it is asked: a page that only reads refuses a form instead of taking it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.views import View


@pytest.mark.parametrize("name", ["named", "bare", "wrapped", "class"])
def test_the_check_itself(name):
    from django.contrib.auth.decorators import login_not_required
    from django.views.decorators.http import require_safe

    def bare(_request):
        return None

    views = {
        "named": require_safe(bare),
        "bare": bare,
        "wrapped": login_not_required(require_safe(bare)),
        "class": View.as_view(),
    }
    assert names_its_methods(views[name]) == (name != "bare")


def test_every_address_names_its_methods():
    silent = sorted({name for name, view in views() if not names_its_methods(view)})
    assert not silent, f"Say by which methods these are asked (require_safe, require_POST, …): {', '.join(silent)}"


def views() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every view of the site, by the name of its address."""

    def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, Callable[..., Any]]]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns)
            else:
                yield f"{one.callback.__module__}.{one.name}", one.callback

    yield from walk(get_resolver().url_patterns)


def names_its_methods(view: Callable[..., Any]) -> bool:
    """Whether a decorator of Django's, a class, or an endpoint of the API holds the list of methods."""
    while view is not None:
        closure = set(getattr(getattr(view, "__code__", None), "co_freevars", ()))
        if hasattr(view, "view_class") or "request_method_list" in closure or {"handlers", "takes_files"} <= closure:
            return True
        view = getattr(view, "__wrapped__", None)  # type: ignore[assignment]  # the end of the chain
    return False
