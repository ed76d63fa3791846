"""The cast, and the sample tables, which the owner makes as a migration would."""

import pytest
from django.db import connections

from rapport.engine.events.actor import ADMIN, Actor
from rapport.engine.events.ids import uuid7
from rapport.engine.events.reactions import REACTIONS
from rapport.engine.events.tests.sample_models import Book, Shelf


@pytest.fixture(scope="session")
def sample_tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connections["owner"].schema_editor() as editor:
        for model in (Shelf, Book):
            editor.create_model(model)
    with django_db_blocker.unblock():
        connections["owner"].close()


@pytest.fixture(autouse=True)
def _tables(sample_tables):
    """Every test of this room stands on the sample tables."""


@pytest.fixture(autouse=True)
def _own_reactions(monkeypatch):
    """Only the reactions that a test registers itself."""
    for name in list(REACTIONS):
        monkeypatch.delitem(REACTIONS, name)
    yield
    REACTIONS.clear()


def user(name, *roles):
    return Actor(kind="user", name=name, id=uuid7(), roles=frozenset(roles))


@pytest.fixture
def alice():
    return user("Alice")


@pytest.fixture
def bob():
    return user("Bob")


@pytest.fixture
def dana():
    return user("Dana", ADMIN)
