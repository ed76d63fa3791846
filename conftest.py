"""Fixtures for the tests of every room; they lie in tests/fixtures/. A conftest overrides the plugins' own."""

from tests.fixtures.browser import browser, enter, new_context, page
from tests.fixtures.database import django_db_setup
from tests.fixtures.pinned import pinned_queries
from tests.fixtures.site import live_server_url, site_process

__all__ = [
    "browser",
    "django_db_setup",
    "enter",
    "live_server_url",
    "new_context",
    "page",
    "pinned_queries",
    "site_process",
]
