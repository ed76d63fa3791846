"""Who makes formulas, and how what happened reaches them."""

import pytest

from rapport.engine.accounts.models import Role, User
from rapport.engine.events.act import open_act
from rapport.engine.events.reactions import run_reactions
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.definitions import check_again


@pytest.fixture
def dana():
    return User.objects.create_user("dana@northwind.example", name="Dana", role=Role.ADMIN).actor


@pytest.fixture
def do(dana):
    """An action in an act of Dana's."""

    def doing(action, *args, **kwargs):
        with open_act(dana) as act:
            return action(act, *args, **kwargs)

    return doing


@pytest.fixture
def formula(do):
    """A computed field, its column made and filled."""

    def making(rtype, text, label="Own"):
        row = do(create_field, rtype, {"label": label, "type": "formula", "formula": text})
        follow()
        return row

    return making


def follow():
    """What happened reaches the formulas, and what they ask for is done."""
    for _time in range(3):
        check_again()
        run_reactions()
        run_waiting_jobs()
    check_again()
