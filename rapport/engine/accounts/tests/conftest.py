"""The cast of this room: Dana runs the place, Bob works in it."""

import pytest
from django.core.cache import cache
from django.test import Client

from rapport.engine.accounts.hashers import Argon2
from rapport.engine.accounts.models import Role, User

PASSWORD = "a long enough secret"


class CheapArgon2(Argon2):
    """Tests hash many passwords and guard none."""

    memory_cost = 8


@pytest.fixture(autouse=True)
def _no_throttles_left(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CheapArgon2"]
    cache.clear()


@pytest.fixture
def dana(db):
    return User.objects.create_user("dana@northwind.example", PASSWORD, name="Dana", role=Role.ADMIN)


@pytest.fixture
def bob(db):
    return User.objects.create_user("bob@northwind.example", PASSWORD, name="Bob")


@pytest.fixture
def signed_in():
    """A browser in which this user is signed in."""

    def open_browser(user):
        client = Client()
        client.force_login(user)
        return client

    return open_browser
