"""Quick ways to make records as somebody."""

from collections import deque

from rapport.engine.events.act import open_act
from rapport.engine.events.undo.batches import undo_batch
from rapport.engine.records.actions import create_record
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type, record_types
from rapport.engine.records.search.finding import search
from rapport.engine.records.search.rebuilding import rebuild


def make(user, slug, **values):
    """A record made by a user through the gate."""
    with open_act(user.actor) as act:
        return create_record(act, record_type(slug), values)


def seen(user, slug):
    """The ids of the live records of a type that a user sees."""
    return set(visible(user.actor, record_type(slug)).values_list("pk", flat=True))


def undo(user, batch):
    """Take back everything of a batch, as somebody."""
    with open_act(user.actor) as act:
        return undo_batch(act, batch)


def found(user, words):
    """The titles that a user finds by search, after the documents of all types were made anew."""
    for rtype in record_types():
        deque(rebuild(rtype), maxlen=0)
    return [one.title for group in search(user.actor, words).groups for one in group.results]
