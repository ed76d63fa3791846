"""The cast of this room: Dana runs the place, Bob works in it."""

import pytest

from rapport.engine.accounts.hashers import Argon2
from rapport.engine.accounts.models import Role, User
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
