"""Undo of a batch so large that it goes back slice by slice, each committed by itself."""

import pytest

from rapport.engine.events import tables
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import CannotUndo
from rapport.engine.events.tests.sample_models import Book
from rapport.engine.events.undo import batches, is_undone, undo_in_slices

pytestmark = pytest.mark.django_db


def live():
    return sorted(Book.objects.filter(deleted_at=None).values_list("title", flat=True))


def test_a_large_batch_is_undone_in_slices_and_taken_up_again(alice, monkeypatch):
    with open_act(alice) as act:
        emma = act.create(Book(title="Emma"))
    with open_act(alice) as act:
        act.change(emma, title="Persuasion")
        act.create(Book(title="new") for _number in range(2 * tables.CHUNK))
    batch = act.batch
    take_back, taken = batches.take_back, []

    def break_off(*given):
        if len(taken) == 1:
            raise ConnectionError("the machine went down")
        taken.append(take_back(*given))

    monkeypatch.setattr(batches, "take_back", break_off)
    with pytest.raises(ConnectionError):
        undo_in_slices(alice, batch)
    assert len(live()) == tables.CHUNK + 1
    assert not is_undone(batch)
    monkeypatch.setattr(batches, "take_back", take_back)
    outcome = undo_in_slices(alice, batch, reason="Undo the import")
    assert (live(), outcome.kept, outcome.rows) == (["Emma"], 0, 2 * tables.CHUNK + 1)
    assert is_undone(batch)
    with pytest.raises(CannotUndo, match="already"):
        undo_in_slices(alice, batch)
