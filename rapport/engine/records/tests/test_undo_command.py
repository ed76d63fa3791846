"""`rapport undo BATCH`."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from rapport.engine.events.act import open_act
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
