"""`rapport undo BATCH`."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from rapport.engine.events.act import open_act
from rapport.engine.events.undo import large
from rapport.engine.jobs.actions import cancel
from rapport.engine.records.actions import create_record
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type

People = record_type("people")


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_taken_back_and_counted(alice):
    with open_act(alice.actor) as act:
        person = create_record(act, People, {"name": "Amara"})
    said = StringIO()
    call_command("undo", str(act.batch), stdout=said)
    assert "Changes taken back: 1." in said.getvalue()
    assert not visible(alice.actor, People).filter(pk=person.pk).exists()
    with pytest.raises(CommandError, match="already"):
        call_command("undo", str(act.batch))


def test_an_unknown_batch_is_said(db):
    with pytest.raises(CommandError, match="nothing to undo"):
        call_command("undo", str(uuid4()))


@pytest.mark.django_db(transaction=True)
def test_a_large_one_says_how_far_it_is_and_waits_for_no_job(alice, monkeypatch):
    monkeypatch.setattr(large, "AT_ONCE", 1)
    with open_act(alice.actor) as act:
        for name in ("Amara", "Bo"):
            create_record(act, People, {"name": name})
    large.undo_later(alice.actor, act.batch)
    with pytest.raises(CommandError, match="being taken back already"):
        call_command("undo", str(act.batch))
    cancel(large.last_job(large.undo_large.name, batch=act.batch).id)
    said = StringIO()
    call_command("undo", str(act.batch), stdout=said)
    assert "0 of 2 changes" in said.getvalue()
    assert "2 of 2 changes" in said.getvalue()
    assert "Changes taken back: 2." in said.getvalue()
