"""Addresses of pages. They are the same for as long as the process lives, and a page has dozens: each is found once."""

from functools import lru_cache
from typing import Any

from django.urls import reverse

MOST_KEPT = 4096


@lru_cache(MOST_KEPT)
def address(name: str, *args: Any) -> str:
    """The path of a page by its name in `urls.py`. Raises NoReverseMatch."""
    return reverse(name, args=args)
