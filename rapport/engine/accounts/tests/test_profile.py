"""One's own account, and what it changes on every page."""

import pytest

from rapport.engine.events.models import JournalEntry

PROFILE = "/settings/account/"
WANTED = {"name": "Robert", "language": "", "time_zone": "Europe/Oslo", "theme": "dark"}


def test_users_change_what_is_theirs(bob, signed_in):
    browser = signed_in(bob)
    assert browser.post(PROFILE, WANTED).status_code == 302
    bob.refresh_from_db()
    assert (bob.name, bob.time_zone, bob.theme, bob.version) == ("Robert", "Europe/Oslo", "dark", 2)
    entry = JournalEntry.objects.select_related("payload").get(kind="changed", about_id=bob.pk)
    assert entry.user_id == bob.pk
    assert set(entry.payload.after) == {"name", "time_zone", "theme"}


@pytest.mark.parametrize(
    "wrong", [{"time_zone": "Mars/Olympus"}, {"theme": "neon"}, {"name": ""}, {"time_zone": "../etc"}]
)
def test_what_does_not_exist_is_refused(bob, signed_in, wrong):
    assert signed_in(bob).post(PROFILE, WANTED | wrong).status_code == 422
    bob.refresh_from_db()
    assert bob.version == 1


def test_nobody_makes_himself_an_administrator(bob, signed_in):
    signed_in(bob).post(PROFILE, WANTED | {"role": "admin", "email": "x@y.example", "is_admin": "1"})
    bob.refresh_from_db()
    assert (bob.role, bob.email) == ("member", "bob@northwind.example")
