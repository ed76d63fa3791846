"""Users from the command line."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from rapport.engine.accounts.jobs import clear_old_access
from rapport.engine.accounts.management.commands import user as user_command
from rapport.engine.accounts.models import OneTimeLink, User
from rapport.engine.accounts.tests.test_sign_in import is_signed_in


def test_adding_prints_a_link_that_lets_in(db, capsys):
    call_command("user", "add", "Ada@Northwind.example", "--role", "admin", "--name", "Ada")
    ada = User.objects.get()
    assert (ada.email, ada.role, ada.name) == ("ada@northwind.example", "admin", "Ada")
    assert not ada.has_usable_password()
    link = capsys.readouterr().out.split()[-1]
    client = Client()
    client.post("/" + link.split("/", 3)[3])
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("email", "words"), [("bob@northwind.example", "already has an account"), ("bob", "'bob' is not")]
)
def test_adding_says_what_is_wrong(dana, bob, email, words):
    with pytest.raises(CommandError, match=words):
        call_command("user", "add", email)


def test_the_first_user_must_be_an_administrator(db):
    with pytest.raises(CommandError, match="--role admin"):
        call_command("user", "add", "bob@northwind.example")
    assert not User.objects.exists()


def test_the_list_shows_everybody(dana, bob, capsys):
    call_command("user", "deactivate", "bob@northwind.example")
    capsys.readouterr()
    call_command("user", "list")
    assert capsys.readouterr().out.splitlines() == [
        "dana@northwind.example  admin  active  Dana",
        "bob@northwind.example  member  deactivated  Bob",
    ]


def test_the_last_administrator_cannot_be_deactivated(dana):
    with pytest.raises(CommandError, match="last administrator"):
        call_command("user", "deactivate", "dana@northwind.example")


def test_a_password_is_asked_for_twice(bob, monkeypatch, capsys):
    answers = iter(["another long secret", "another long secret"])
    monkeypatch.setattr(user_command, "getpass", lambda _prompt: next(answers))
    call_command("user", "password", "bob@northwind.example")
    bob.refresh_from_db()
    assert bob.check_password("another long secret")


@pytest.mark.parametrize(("answers", "words"), [(["one", "other"], "differ"), (["short", "short"], "too short")])
def test_a_bad_password_changes_nothing(bob, monkeypatch, answers, words):
    asked = iter(answers)
    monkeypatch.setattr(user_command, "getpass", lambda _prompt: next(asked))
    before = bob.password
    with pytest.raises(CommandError, match=words):
        call_command("user", "password", "bob@northwind.example")
    bob.refresh_from_db()
    assert bob.password == before


def test_old_links_are_forgotten_at_night(dana, capsys):
    call_command("link", "--user", "dana@northwind.example")
    call_command("link", "--user", "dana@northwind.example")
    old = OneTimeLink.objects.first()
    OneTimeLink.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(days=31))
    clear_old_access.function(None)
    assert OneTimeLink.objects.count() == 1
