"""What a browser can be tricked into: forged forms, redirects elsewhere, pages in frames."""

import re

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.fixtures.cast import make_user
from tests.fixtures.signing import show_who
from tests.trust.asking import FORMS, given_to, slugs_of
from tests.trust.headers import missing_headers
from tests.trust.policy import PAGES, SENSITIVE
from tests.trust.routes import routes
from tests.trust.rules import NO_METHOD
from tests.trust.traces import fingerprint

pytestmark = pytest.mark.django_db

ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)"]
PASSWORD = "a long enough secret"
# Their address is signed for one user and one deed, and mail programs post to it without a cookie (RFC 8058).
SIGNED_ADDRESSES = {"accounts:mail_link"}


def test_forged_forms_are_refused(world):
    """A form without our token does nothing, on any page, not even for an administrator."""
    passed = []
    for route in (one for one in routes() if one.name in PAGES):
        if PAGES[route.name]["POST"].expected("dana", "own") == NO_METHOD:
            continue
        path = route.path(given_to(route, world, "dana", "own", slugs_of(route)[0]))
        browser = world.browser("dana", enforce_csrf_checks=True)
        if browser.post(path, FORMS.get(route.name, {})).status_code != 403:
            passed.append(route.name)
    assert set(passed) == SIGNED_ADDRESSES, f"These take a forged form: {passed}"
    assert fingerprint() == world.untouched


def test_who_showed_themselves_long_ago_is_asked_before_what_matters(world):
    """Every route that is marked, and no other: nothing is changed or told until somebody shows who they are."""
    asked = set()
    for route in (one for one in routes() if one.name in PAGES):
        path = route.path(given_to(route, world, "dana", "own", slugs_of(route)[0]))
        browser = world.browser("dana")
        show_who(browser, world.users["dana"], ago=60 * 60)
        with transaction.atomic():
            answer = browser.post(path, FORMS.get(route.name, {}))
            unchanged = fingerprint() == world.untouched
            transaction.set_rollback(True)
        if answer.status_code == 403 and b"Please confirm it is you" in answer.content:
            asked.add(route.name)
            assert unchanged, route.name
    assert asked == SENSITIVE


def test_who_asks_in_a_wrong_way_is_told_the_right_ones(world):
    for route in (one for one in routes() if one.name in PAGES and not one.name.startswith(("account_", "mfa_"))):
        path = route.path(given_to(route, world, "dana", "own", slugs_of(route)[0]))
        answer = world.browser("dana").trace(path)
        assert answer.status_code == 405, route.name
        told = {one for one in answer["Allow"].split(", ") if one in ("GET", "POST")}
        taken = {one for one, rule in PAGES[route.name].items() if rule.expected("dana", "own") != NO_METHOD}
        assert told == taken, route.name


def test_a_forged_call_of_the_api_is_refused(world):
    browser = world.browser("dana", enforce_csrf_checks=True)
    answer = browser.post("/api/v1/people", {"name": "Forged"}, content_type="application/json")
    assert answer.status_code == 403
    assert fingerprint() == world.untouched


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_form_sends_elsewhere(world, target):
    for path in ("/people/bulk/delete", f"/batches/{world.things['dana'].batches[False]}/undo", "/settings/theme"):
        for sent in ({"next": target}, {}):
            answer = world.browser("dana").post(path, {**sent, "theme": "dark"}, headers={"Referer": target})
            assert answer.status_code == 302
            assert _is_ours(answer["Location"]), f"{path} sends to {answer['Location']}"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_sends_nowhere_else(db, target):
    user = make_user("Grace")
    user.set_password(PASSWORD)
    user.save()
    cache.clear()
    browser = Client()
    page = browser.get("/sign-in/", {"next": target})
    assert missing_headers(page) == []
    assert not re.search(r'(?:href|action)="[^"]*evil', page.content.decode())
    sent = {"login": user.email, "password": PASSWORD, "next": target}
    answer = browser.post("/sign-in/", sent, query_params={"next": target})
    assert answer.status_code == 302
    assert _is_ours(answer["Location"])
    again = browser.get("/sign-in/", {"next": target})
    assert _is_ours(again["Location"])


def test_the_way_back_after_signing_in_is_kept(world):
    answer = Client().get("/people/?where=stage = lead")
    assert answer["Location"].startswith("/sign-in/?next=/people/%3Fwhere")


def test_signed_out_pages_have_their_headers(db):
    for path in ("/sign-in/", "/sign-in/forgotten/", "/sign-in/link/unknown", "/people/", "/no/such/page", "/healthz"):
        assert missing_headers(Client().get(path)) == [], path


def _is_ours(location: str) -> bool:
    return location.startswith("/") and not location.startswith(("//", "/\\"))
