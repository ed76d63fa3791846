"""Addresses of pages. They are the same for as long as the process lives, and a page has dozens: each is found once."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse

MOST_KEPT = 4096
MOST_DIGITS = 18  # of what a column of the database holds
ANY = UUID(int=0)


@lru_cache(MOST_KEPT)
def address(name: str, *args: Any) -> str:
    """The path of a page by its name in `urls.py`. Raises NoReverseMatch."""
    return reverse(name, args=args)


def read_number(text: str) -> int | None:
    """A whole number as an address or a form holds it, such as a version; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def of_record(name: str, slug: str, key: UUID, *args: Any) -> str:
    """The path of a page about one record: it is found once for any record, and the id put in."""
    return address(name, slug, ANY, *args).replace(str(ANY), str(key))
