"""API tokens: made on a page or by command, shown once, and what they stand for."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from rapport.engine.accounts import actions
from rapport.engine.accounts.models import ApiToken, TokenUse
from rapport.engine.accounts.tokens import authenticate_token
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import JournalPayload

TOKENS = "/settings/tokens/"


@pytest.fixture
def secret(bob):
    with open_act(bob.actor) as act:
        return actions.create_token(act, bob, name="Nightly backup", scope="read")[1]


def test_a_token_is_shown_once_and_kept_as_a_digest(bob, signed_in):
    browser = signed_in(bob)
    made = browser.post(TOKENS, {"name": "Nightly export", "scope": "write"})
    secret = re.search(r"rapport_[\w-]{40,}", made.text)[0]
    assert "no-store" in made["Cache-Control"]
    assert authenticate_token(f"Bearer {secret}") is not None
    listed = browser.get(TOKENS).text
    assert "Nightly export" in listed
    assert secret not in listed
    assert secret not in str(ApiToken.objects.values())
    assert secret not in str(JournalPayload.objects.values())
    assert ApiToken.objects.get().digest not in str(JournalPayload.objects.values())


def test_a_token_acts_on_behalf_of_its_user(bob, secret):
    actor = authenticate_token(f"bearer {secret}")
    assert (actor.kind, actor.user_id, actor.roles) == ("token", bob.pk, {"member"})
    assert actor.scopes == {"read"}


def test_a_token_that_may_write_may_read(bob):
    with open_act(bob.actor) as act:
        _token, secret = actions.create_token(act, bob, name="script", scope="write")
    assert authenticate_token(f"Bearer {secret}").scopes == {"read", "write"}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic {}", "{}", "Bearer x{}", "Bearer {} {}"])
def test_other_headers_are_nobody(secret, header):
    assert authenticate_token(header.format(secret, secret)) is None


def test_its_last_use_is_noted_to_the_minute(secret):
    authenticate_token(f"Bearer {secret}")
    first = TokenUse.objects.get().last_used_at
    authenticate_token(f"Bearer {secret}")
    assert TokenUse.objects.get().last_used_at == first
    TokenUse.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    authenticate_token(f"Bearer {secret}")
    assert TokenUse.objects.get().last_used_at > first
    assert ApiToken.objects.get().version == 1


def test_revoking_ends_it_for_good(bob, secret, signed_in):
    token = ApiToken.objects.get()
    browser = signed_in(bob)
    assert browser.post(f"{TOKENS}{token.pk}/revoke").status_code == 302
    assert authenticate_token(f"Bearer {secret}") is None
    token.refresh_from_db()
    assert token.digest is None
    assert browser.post(f"{TOKENS}{token.pk}/revoke").status_code == 404


def test_nobody_sees_or_ends_the_tokens_of_others(dana, bob, secret, signed_in):
    browser = signed_in(dana)
    assert "Nightly backup" not in browser.get(TOKENS).text
    assert browser.post(f"{TOKENS}{ApiToken.objects.get().pk}/revoke").status_code == 404
    assert authenticate_token(f"Bearer {secret}") is not None


def test_a_token_makes_no_tokens_and_manages_nobody(dana):
    with open_act(dana.actor) as act:
        _token, secret = actions.create_token(act, dana, name="script", scope="write")
    actor = authenticate_token(f"Bearer {secret}")
    with pytest.raises(NotAllowed), open_act(actor) as act:
        actions.create_token(act, dana, name="another")
    with pytest.raises(NotAllowed), open_act(actor) as act:
        actions.deactivate_user(act, dana)


def test_the_command_prints_only_the_token(bob, capsys):
    call_command("token", "--user", "bob@northwind.example", "--scope", "read", "--name", "Backup")
    printed = capsys.readouterr().out
    assert re.fullmatch(r"rapport_[\w-]+\n", printed)
    assert authenticate_token(f"Bearer {printed.strip()}").scopes == {"read"}


def test_the_command_names_an_unknown_user(db):
    with pytest.raises(CommandError, match=r"No user has the address eve@"):
        call_command("token", "--user", "eve@nowhere.example")
