"""The cast, and roles made by Dana."""

import pytest

from rapport.engine.accounts.models import User
from rapport.engine.events.act import open_act
from rapport.engine.records.definitions import check_again
from rapport.engine.records.gate import EVERY_VERB
from rapport.engine.records.roles.actions import create_role
from rapport.engine.records.tests.conftest import _nothing_remembered, alice, charlie, dana, make

__all__ = ["_nothing_remembered", "alice", "charlie", "dana", "make"]

NOTHING = dict.fromkeys(EVERY_VERB, "none")


@pytest.fixture
def role(dana):
    """Make a role as Dana: `role("Scout", people={"reach": {"read": "own"}})`."""

    def made(name="Scout", rest=None, **policies):
        with open_act(dana.actor) as act:
            row = create_role(act, {"name": name, "policies": {"*": {"reach": rest or {}}, **policies}})
        check_again()
        return row

    return made


@pytest.fixture
def give():
    """Give somebody a role by its slug."""

    def given(user, slug):
        User.objects.filter(pk=user.pk).update(role=slug)
        user.refresh_from_db()
        return user

    return given
