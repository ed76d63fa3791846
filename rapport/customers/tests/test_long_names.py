"""A name whose parts fit, but not together."""

import pytest

from rapport.customers.models import Person
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.actions import change_record, create_record
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db
LONG = "x" * 600


def test_both_parts_are_named():
    with open_act(SYSTEM) as act, pytest.raises(ValidationFailed) as refused:
        create_record(act, record_type("people"), {"first_name": LONG, "last_name": LONG})
    assert set(refused.value.errors) == {"first_name", "last_name"}
    assert "1201 characters long together; at most 1000" in refused.value.errors["last_name"]
    assert not Person.objects.exists()


def test_the_part_that_was_changed_is_named():
    with open_act(SYSTEM) as act:
        person = create_record(act, record_type("people"), {"first_name": LONG, "last_name": "Okafor"})
    with open_act(SYSTEM) as act, pytest.raises(ValidationFailed) as refused:
        change_record(act, record_type("people"), person, {"last_name": LONG})
    assert set(refused.value.errors) == {"last_name"}
