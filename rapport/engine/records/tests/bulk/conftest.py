"""The cast, and bulk edits through the doors that people use."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from rapport.engine.events.act import open_act
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records.bulk import doors, running
from rapport.engine.records.bulk.asking import Ask
from rapport.engine.records.bulk.changes import read_changes
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.definitions import forget
from rapport.engine.records.reading import reading_for
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.conftest import _nothing_remembered, alice, charlie, dana, make

__all__ = ["_nothing_remembered", "alice", "charlie", "dana", "make"]

OPTIONS = [{"label": "Calm"}, {"label": "Keen"}, {"label": "Gone"}]
FIELDS = (
    {"label": "Code", "type": "text", "unique": True},
    {"label": "Score", "type": "number"},
    {"label": "Budget", "type": "money"},
    {"label": "Moods", "type": "choices", "options": OPTIONS},
    {"label": "Seen", "type": "datetime"},
    {"label": "Story", "type": "long_text"},
    {"label": "Must", "type": "tags"},
)


@pytest.fixture
def own_fields(dana):
    """A custom field of each kind that people do not have built in."""
    with open_act(dana.actor) as act:
        for one in FIELDS:
            create_field(act, record_type("people"), one)
    forget()


@pytest.fixture
def few_are_many(monkeypatch):
    """A handful of records goes to the job already, in slices of two."""
    monkeypatch.setattr(doors, "AT_ONCE", 1)
    monkeypatch.setattr(running, "SLICE", 2)
    monkeypatch.setattr(running, "SLICE_ALONE", 2)
    monkeypatch.setattr(running, "LOOK", 2)


def asked(user, deed="edit", where="", keys=None, slug="people", **changes):
    """`asked(alice, where="stage = lead", stage=("set", "customer"))`"""
    read = read_changes(record_type(slug), changes, reading_for(user.actor))
    found = tuple(keys) if keys is not None else None
    return Ask(deed, now=timezone.now(), zone=ZoneInfo("UTC"), where=where, keys=found, changes=tuple(read))


def done(user, deed="edit", where="", keys=None, slug="people", **changes):
    """Ask for it and let it run to its end."""
    run = doors.start(user.actor, record_type(slug), asked(user, deed, where, keys, slug, **changes))
    run_waiting_jobs()
    run.refresh_from_db()
    return run
