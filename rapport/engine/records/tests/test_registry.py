"""The registry: fields by their slugs, those attached from above and those made in the browser included."""

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.declare import field
from rapport.engine.records.definitions import check_again
from rapport.engine.records.models import Thing
from rapport.engine.records.registry import RecordType, attach, find_record_type, record_type, register


@pytest.fixture
def boats(db):
    fields = [field("name", "Name", "text"), field("created_at", "Built", "date", custom=True)]
    return RecordType(slug="boats", model=Thing, label="boat", label_plural="boats", icon="spark", fields=fields)


def test_a_field_attached_from_above_is_found_by_its_slug(boats):
    assert boats.field("length") is None
    attach(boats, fields=[field("length", "Length", "number", custom=True)])
    assert boats.field("length") is boats.all_fields()[-1]
    assert boats.field("name") is boats.all_fields()[0]


def test_a_type_comes_before_the_fields_of_every_record(boats):
    assert str(boats.field("created_at").label) == "Built"
    assert str(boats.field("changed_at").label) == "Changed"


def test_a_custom_field_is_found_as_soon_as_it_is_made_and_no_longer_once_deleted(dana):
    people = record_type("people")
    assert people.field("x_own") is None
    with open_act(dana.actor) as act:
        row = create_field(act, people, {"label": "Own", "type": "text"})
    check_again()
    assert people.field("x_own") is people.all_fields()[-1]
    with open_act(dana.actor) as act:
        act.delete(row)
    check_again()
    assert people.field("x_own") is None


def test_a_slug_is_registered_once():
    with pytest.raises(ValueError, match="twice"):
        register(record_type("people"))
    assert find_record_type("planets") is None
