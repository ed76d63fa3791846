"""Undo of any change takes lists back entry by entry: what others added since stays, what they took out is gone."""

import pytest

from rapport.customers.models import Person
from rapport.engine.events.act import open_act
from rapport.engine.events.undo import undo_batch
from rapport.engine.events.undo.by_entry import taken_back
from rapport.engine.records.actions import change_record
from rapport.engine.records.registry import record_type

People = record_type("people")


def change(user, person, **values):
    with open_act(user.actor) as act:
        change_record(act, People, Person.objects.get(pk=person.pk), values)
    return act.batch


@pytest.mark.django_db
def test_tags_and_mails_that_others_added_since_stay(alice, make):
    person = make(alice, "people", name="Ann", tags=["old", "vip"], emails=["a@x.no"])
    batch = change(alice, person, tags=["vip", "fair"], emails=["a@x.no", "b@x.no"])
    emails = Person.objects.get(pk=person.pk).emails
    change(alice, person, tags=["vip", "fair", "gold"], emails=[{"email": "c@x.no", "primary": True}, *emails])
    with open_act(alice.actor) as act:
        outcome = undo_batch(act, batch)
    now = Person.objects.get(pk=person.pk)
    assert now.tags == ["old", "vip", "gold"]
    assert [(one["email"], one["primary"]) for one in now.emails] == [("c@x.no", True), ("a@x.no", False)]
    assert outcome.kept == 0


@pytest.mark.parametrize(
    ("before", "ours", "now", "back"),
    [
        ("a", "ab", "abc", "ac"),
        ("ab", "a", "a", "ab"),
        ("ab", "a", "ac", "abc"),
        ("a", "ab", "b", ""),
        ("ab", "b", "bca", "abc"),
        ("abc", "abc", "cab", "cab"),
        ("ab", "ba", "ba", "ab"),
        ("", "ab", "", ""),
    ],
)
def test_what_is_left(before, ours, now, back):
    assert taken_back(list(before), list(ours), list(now)) == (list(back), [])
