"""The cast of this room: Dana runs the place, Bob works in it."""

import pytest
from django.test import Client

from rapport.engine.accounts.factors import actions, totp
from rapport.engine.accounts.hashers import Argon2
from rapport.engine.accounts.models import Role, User
from rapport.engine.accounts.tests.factors import SECOND
from rapport.engine.events.act import open_act
from tests.fixtures.passkeys import SoftKey
from tests.fixtures.signing import signed_in_client

PASSWORD = "a long enough secret"


class CheapArgon2(Argon2):
    """Tests hash many passwords and guard none."""

    memory_cost = 8


@pytest.fixture(autouse=True)
def _cheap_passwords(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CheapArgon2"]


@pytest.fixture
def dana(db):
    return User.objects.create_user("dana@northwind.example", PASSWORD, name="Dana", role=Role.ADMIN)


@pytest.fixture
def bob(db):
    return User.objects.create_user("bob@northwind.example", PASSWORD, name="Bob")


@pytest.fixture
def signed_in():
    """A browser in which this user is signed in, and has just shown who they are."""
    return signed_in_client


@pytest.fixture
def mail_server(monkeypatch):
    monkeypatch.setenv("RAPPORT_SMTP_URL", "smtp://127.0.0.1:2525?from=crm@northwind.example")


@pytest.fixture
def secret(bob):
    """Bob's authenticator app, set up a while ago."""
    made = totp.new_secret()
    with open_act(bob.actor) as act:
        actions.add_app(act, bob, secret=made, period=0)
    return made


@pytest.fixture
def passkey(bob):
    made = SoftKey()
    with open_act(bob.actor) as act:
        actions.add_passkey(act, bob, name="Blue key", credential=made.register())
    return made


@pytest.fixture
def half_way(bob):
    """A browser in which Bob's password was right."""

    def opened(**options):
        client = Client(**options)
        answer = client.post("/sign-in/", {"login": bob.email, "password": PASSWORD})
        assert answer["Location"] == SECOND
        return client

    return opened
