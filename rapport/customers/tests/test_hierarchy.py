"""Companies under companies: no undo makes a circle of them, in whatever order changes are taken back."""

import pytest

from rapport.customers.models import Company
from rapport.engine.events.act import open_act
from rapport.engine.events.undo import undo_batch
from rapport.engine.records.actions import change_record, create_record
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db
Companies = record_type("companies")


@pytest.fixture
def made(alice):
    def create(*names):
        with open_act(alice.actor) as act:
            return [create_record(act, Companies, {"name": name}) for name in names]

    return create


def put(user, *moves):
    """Put companies under others, in one batch; None is nowhere. Returns the batch."""
    with open_act(user.actor) as act:
        for row, above in moves:
            change_record(act, Companies, row, {"parent": str(above.pk) if above else ""})
    return act.batch


def undo(user, batch):
    with open_act(user.actor) as act:
        return undo_batch(act, batch), act.batch


def parents():
    return dict(Company.objects.filter(parent__isnull=False).values_list("name", "parent__name"))


def test_two_moves_taken_back_in_the_wrong_order_leave_no_circle(alice, made):
    a, b = made("A", "B")
    put(alice, (a, b))
    out = put(alice, (a, None))
    under = put(alice, (b, a))
    outcome, _batch = undo(alice, out)
    assert [(one.about_id, one.why) for one in outcome.conflicts] == [(a.pk, "circle")]
    assert (outcome.rows, outcome.kept, outcome.in_circles) == (0, 1, 1)
    assert parents() == {"B": "A"}
    undo(alice, under)
    assert parents() == {}


def test_a_circle_of_many_is_seen_and_the_rest_goes_back(alice, made):
    a, b, c, d, e = made("A", "B", "C", "D", "E")
    put(alice, (a, b), (b, c), (d, e))
    out = put(alice, (a, None), (d, None))
    put(alice, (c, a))
    outcome, undoing = undo(alice, out)
    assert [one.about_id for one in outcome.conflicts] == [a.pk]
    assert parents() == {"B": "C", "C": "A", "D": "E"}
    assert undo(alice, undoing)[0].kept == 0
    assert parents() == {"B": "C", "C": "A"}


def test_undoing_an_undo_makes_none_either(alice, made):
    a, b = made("A", "B")
    under = put(alice, (a, b))
    _outcome, undoing = undo(alice, under)
    put(alice, (b, a))
    outcome, _batch = undo(alice, undoing)
    assert [one.why for one in outcome.conflicts] == ["circle"]
    assert parents() == {"B": "A"}


def test_what_was_swapped_in_one_batch_goes_back_as_one(alice, made):
    a, b = made("A", "B")
    put(alice, (a, b))
    swapped = put(alice, (a, None), (b, a))
    outcome, _batch = undo(alice, swapped)
    assert (outcome.rows, outcome.kept) == (2, 0)
    assert parents() == {"A": "B"}


def test_a_move_of_something_else_is_asked_nothing(alice, made, django_assert_max_num_queries):
    (a,) = made("A")
    with open_act(alice.actor) as act:
        change_record(act, Companies, a, {"vat_number": "NO 1"})
    with django_assert_max_num_queries(30) as asked:
        undo(alice, act.batch)
    assert not [one for one in asked if "RECURSIVE" in one["sql"]]
