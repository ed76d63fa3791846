"""Values of every type of column go into the journal and come back exactly, by undo as by redo."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import models, transaction
from hypothesis import HealthCheck, example, given, settings

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.columns import column_named, columns_of
from rapport.engine.events.ids import uuid7
from rapport.engine.events.images import values_of
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import Journaled, JournalEntry
from rapport.engine.events.tests.sample_models import Book
from rapport.engine.events.tests.sample_values import VALUES, stored
from rapport.engine.events.undo import undo_batch

pytestmark = pytest.mark.django_db
SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def undone(batch):
    with open_act(SYSTEM) as act:
        outcome = undo_batch(act, batch)
    assert outcome.conflicts == []
    return act.batch


@SETTINGS
@given(before=VALUES, after=VALUES)
@example(before={"language": ""}, after={"language": "en"})
@example(before={"extra": []}, after={"extra": {}})
@example(before={"weight": float("inf"), "note": ""}, after={"weight": 0.0, "note": None})
@example(before={"weight": 1e300}, after={"weight": 7.139843818334982e16})
@example(before={"length": timedelta(days=-1, microseconds=1)}, after={"cover": b"\x00\xff"})
def test_undo_and_redo_give_every_value_back(before, after):
    with transaction.atomic():
        with open_act(SYSTEM) as act:
            book = act.create(Book(**before))
        first = stored(book)
        with open_act(SYSTEM) as act:
            act.change(book, **after)
        second = stored(book)
        assert {name: second[name] for name in after} == after
        if second != first:
            undoing = undone(act.batch)
            assert stored(book) == first
            undone(undoing)
        assert stored(book) == second
        transaction.set_rollback(True)


@SETTINGS
@given(values=VALUES)
def test_what_the_journal_says_of_a_new_row_is_what_the_row_holds(values):
    with transaction.atomic():
        with open_act(SYSTEM) as act:
            book = act.create(Book(**values))
        (entry,) = with_payloads(list(JournalEntry.objects.filter(about_id=book.pk)))
        row = stored(book)
        kept = [column.name for column in columns_of(Book) if column.kept and column.name in row]
        told = values_of(Book, dict.fromkeys(kept) | entry.after)
        assert {name: told[name] for name in kept} == {name: row[name] for name in kept}
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("name", "given_value", "held"),
    [
        ("price", "9.5", Decimal("9.50")),
        ("price", Decimal("1.005"), Decimal("1.01")),
        ("price", Decimal("-1.005"), Decimal("-1.01")),
        ("pages", "5", 5),
        ("pages", True, 1),
        ("published", "2026-11-22", date(2026, 11, 22)),
        ("lent_at", "2026-11-22T10:00:00+02:00", datetime.fromisoformat("2026-11-22T08:00:00+00:00")),
        ("read_out_at", "10:30", time(10, 30)),
        ("tags", ("a", 1), ["a", "1"]),
        ("prices", ["1", 2], [Decimal("1.00"), Decimal("2.00")]),
        ("custom", {1: Decimal("1.10"), "on": date(2026, 1, 2)}, {"1": "1.10", "on": "2026-01-02"}),
    ],
)
def test_values_as_people_write_them_are_told_as_they_are_held(name, given_value, held):
    with open_act(SYSTEM) as act:
        book = act.create(Book(**{name: given_value}))
        other = act.create(Book())
    with open_act(SYSTEM) as act:
        act.change(other, **{name: given_value})
        assert act.change(Book.objects.all(), **{name: given_value}) == 0
    assert stored(book)[name] == stored(other)[name] == held
    undone(act.batch)


@pytest.mark.parametrize("number", [1e300, 1e23, 7.139843818334982e16, -(2.0**53), 2**70])
def test_large_numbers_in_json_are_no_conflict(number):
    with open_act(SYSTEM) as act:
        book = act.create(Book(custom={"x": 1}))
    with open_act(SYSTEM) as act:
        act.change(book, custom={"x": number})
    undone(undone(act.batch))
    assert float(stored(book)["custom"]["x"]) == number


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"), open_act(SYSTEM) as act:
        act.create(Book(lent_at=datetime(2026, 11, 22)))


def test_a_value_that_json_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="cannot keep a value of type object"), open_act(SYSTEM) as act:
        act.create(Book(custom={"x": object()}))


def test_a_type_of_column_that_could_not_come_back_is_refused():
    class Shouted(models.TextField):
        def from_db_value(self, value, expression, connection):
            return value.upper()

    class Poster(Journaled):
        text = Shouted()

        class Meta:
            app_label = "events_tests"

    with pytest.raises(TypeError, match="Shouted"):
        columns_of(Poster)


def test_ids_are_in_the_order_of_their_making():
    ids = [uuid7() for _number in range(1000)]
    assert ids == sorted(ids)
    assert column_named(Book, "token").value(str(ids[0])) == ids[0]
