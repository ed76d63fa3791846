"""Facts and reactions for tests. Their effects are rows, so that a test can count them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.facts import Fact
from rapport.engine.events.ids import uuid7
from rapport.engine.events.reactions import REACTIONS
from rapport.engine.events.reactions.registry import Reaction
from rapport.engine.events.tests.sample_models import Book


@dataclass(frozen=True)
class BookLent(Fact, kind="book.lent", about="events_tests.book"):
    """A book left the house."""

    book: UUID
    number: int
    to: UUID | None = None
    until: datetime | None = None
    deposit: Decimal = Decimal(0)
    readers: tuple[str, ...] = ()


def lend(*numbers):
    with open_act(SYSTEM) as act:
        for number in numbers:
            act.happened(BookLent(uuid7(), number))


def count_lendings(act, entries):
    """One book for each lending: `pages` is its number, so that nothing can be lost or doubled unseen."""
    act.create(Book(title="lending", pages=entry.data["number"]) for entry in entries)


COUNTING = Reaction("tests.count_lendings", count_lendings, (BookLent.kind,))


def counted():
    """The numbers of the lendings that the reaction has seen, in the order in which it saw them."""
    return list(Book.objects.filter(title="lending").order_by("id").values_list("pages", flat=True))


def register(reaction):
    REACTIONS[reaction.name] = reaction
    return reaction
