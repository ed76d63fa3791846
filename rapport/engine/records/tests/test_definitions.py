"""What an instance defines for itself is read anew whenever it changes, and never taken for what was taken back."""

import pytest
from django.db import transaction

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.definitions import check_again, definitions, forget
from rapport.engine.records.roles.actions import create_role

pytestmark = pytest.mark.django_db


def roles_after(name):
    with open_act(SYSTEM) as act:
        create_role(act, {"name": name})
    check_again()
    return set(definitions().roles)


def test_what_was_taken_back_is_not_remembered():
    forget()
    with transaction.atomic():
        assert roles_after("Regretted") == {"regretted"}
        transaction.set_rollback(True)
    assert roles_after("Kept") == {"kept"}


def test_what_was_made_of_them_is_made_once_until_they_change():
    made = []

    def make():
        made.append(1)
        return len(made)

    assert definitions().once("test", make) == definitions().once("test", make) == 1
    roles_after("Another")
    assert definitions().once("test", make) == 2
