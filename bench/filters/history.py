"""Two years in the life of the people of a home, told once: groups of companies, earlier jobs, notes, changes."""

import random
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from bench import filling
from rapport.engine.runtime.home import Home

SPAN = timedelta(days=730)
SEED = 1995
CHUNK = 1_000
CHANGES = 8  # of each person, on average
BUSY, BUSY_SHARE = 100, 0.2  # one person in a hundred has a fifth of what happens
STRIDE = 7_368_787  # a prime, so that the busy ones are spread over everybody
GROUP, BRANCHES = 100, 5  # companies in a group; of which so many lie directly under one
FIELDS, WEIGHTS = ("stage", "owner_id", "source", "tags"), (45, 20, 20, 15)
SHOWN = 200  # chunks between two words about how far it is


def ensure_history(home: Home, people: int) -> filling.Filling:
    """Fill the home, and tell its history unless that was done before. One that was interrupted goes on."""
    known = filling.fill(home, people)
    if not known.history:
        began = time.monotonic()
        History(end_of(known)).tell()
        filling.vacuum()
        known.history = round(time.monotonic() - began, 1)
        filling.write(home, known)
    return known


def end_of(known: filling.Filling) -> datetime:
    """The midnight before the home was filled: until then goes the history, and at it filters are asked."""
    day = date.fromisoformat(known.on)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@dataclass
class History:
    """Chunks in a fixed order, each an act with a batch of its own, by which it is known that it was told."""

    end: datetime

    def tell(self) -> None:
        """Whatever is not told yet. All of a chunk comes from its number, so that it matters not who tells it when."""
        from rapport.engine.events.act import open_act
        from rapport.engine.events.journal.partitions import make_partitions

        make_partitions(self.end - SPAN, self.end)
        steps = list(self._steps())
        first = bisect_left(range(len(steps)), x=True, key=lambda number: not is_told(number))
        for number in range(first, len(steps)):
            chance = random.Random(f"{SEED}.{number}")
            verb, place = steps[number]
            moment = self.end - SPAN * (1 - place)
            actor = chance.choice(self.colleagues).actor
            with open_act(actor, reason="Sample history", now=moment, batch=batch_of(number)) as act:
                getattr(self, verb)(act, chance, number)
            if number % SHOWN == 0:
                print(f"history: {number:,} of {len(steps):,} thousand entries", file=sys.stderr)

    def _steps(self) -> Iterator[tuple[str, float]]:
        """What each chunk tells, and where in the time it lies, from 0 to 1."""
        count = len(self.people)
        for verb, entries in (
            ("_grouped", count // 50),
            ("_worked", count // 10),
            ("_noted", count // 10),
            ("_changed", count * CHANGES),
        ):
            chunks = max(entries // CHUNK, 1)
            yield from ((verb, index / chunks) for index in range(chunks))

    def _grouped(self, act: Any, chance: random.Random, number: int) -> None:
        """Companies come under others, some levels deep."""
        from rapport.customers.models import Company

        keys = self.companies[number * CHUNK : (number + 1) * CHUNK]
        above = {key: keys[_above(index)] for index, key in enumerate(keys) if index % GROUP}
        found = Company.objects.in_bulk(list(above))
        act.change_each([(found[key], {"parent_id": parent}) for key, parent in above.items()])

    def _worked(self, act: Any, chance: random.Random, number: int) -> None:
        """Jobs that people had before."""
        from rapport.customers.demo.names import TITLES
        from rapport.customers.models import Membership

        jobs = []
        for person in self._some(act.now, chance):
            since = date(chance.randrange(2005, 2012), chance.randrange(1, 13), 1)
            until = since + timedelta(days=chance.randrange(200, 1_500))
            company, title = chance.choice(self.companies), chance.choice(TITLES)
            jobs.append(Membership(person_id=person, company_id=company, title=title, since=since, until=until))
        act.create(jobs)

    def _noted(self, act: Any, chance: random.Random, number: int) -> None:
        from rapport.activities.models import Note

        texts = ("Called back, wants the catalogue.", "Met at the fair.", "Asked for an offer on skis.", "Sent prices.")
        people = self._some(act.now, chance, share=0.8)
        act.create([Note(about_type="people", about_id=key, text=chance.choice(texts)) for key in people])

    def _changed(self, act: Any, chance: random.Random, number: int) -> None:
        from rapport.engine.events.journal.entries import Entry, Subject
        from rapport.engine.events.journal.write import write

        entries = []
        for person in self._some(act.now, chance):
            column = chance.choices(FIELDS, WEIGHTS)[0]
            before, after = chance.sample(self.values[column], 2)
            company = self.employers.get(person)
            about = [Subject("customers.company", company, "company")] if company else []
            told = {column: before}, {column: after}
            entries.append(Entry("changed", "customers.person", person, *told, subjects=about))
        write(act, entries)

    def _some(self, moment: datetime, chance: random.Random, *, share: float = BUSY_SHARE) -> Sequence[UUID]:
        """People who were there by then; so large a share of them are of the busy ones."""
        there = bisect_left(self.people, moment, key=lambda pair: pair[1])
        count = len(self.people)
        found: list[UUID] = []
        while len(found) < CHUNK:
            one = chance.randrange(count // BUSY) if chance.random() < share else chance.randrange(count)
            place = one * STRIDE % count
            if place < there:
                found.append(self.people[place][0])
        return found

    @cached_property
    def people(self) -> list[tuple[UUID, datetime]]:
        from rapport.customers.models import Person

        rows = Person.objects.filter(deleted_at=None, created_at__lt=self.end)
        return list(rows.order_by("created_at", "pk").values_list("pk", "created_at"))

    @cached_property
    def employers(self) -> dict[UUID, UUID]:
        from rapport.customers.models import Membership

        primary = Membership.objects.filter(primary=True, deleted_at=None)
        return dict(primary.values_list("person_id", "company_id"))

    @cached_property
    def companies(self) -> list[UUID]:
        from rapport.customers.models import Company

        rows = Company.objects.filter(deleted_at=None, created_at__lt=self.end)
        return list(rows.order_by("created_at", "pk").values_list("pk", flat=True))

    @cached_property
    def colleagues(self) -> list[Any]:
        from django.contrib.auth import get_user_model

        return list(get_user_model()._default_manager.order_by("email"))

    @cached_property
    def values(self) -> dict[str, list[Any]]:
        """What the columns that change can hold, as the journal writes it."""
        from rapport.customers.demo.names import SOURCES, STAGES, TAGS

        owners = [str(user.pk) for user in self.colleagues]
        tags = [[], *([tag] for tag in TAGS)]
        return {
            "stage": [stage for stage, _weight in STAGES],
            "owner_id": [None, *owners],
            "source": [*SOURCES],
            "tags": tags,
        }


def batch_of(number: int) -> UUID:
    return UUID(int=SEED << 96 | number)


def is_told(number: int) -> bool:
    from rapport.engine.events.models import JournalEntry

    return JournalEntry.objects.filter(batch=batch_of(number)).exists()


def _above(index: int) -> int:
    """Which of a chunk of companies lies above this one of its group."""
    return index - index % GROUP + (index % GROUP - 1) // BRANCHES
