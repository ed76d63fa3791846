"""Builds the sample company, through the same bulk path that imports use, with acts dated in the past."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from rapport.customers.demo.people import Maker
from rapport.customers.models import Person
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import ADMIN, MEMBER, SYSTEM, Actor
from rapport.engine.events.journal.partitions import make_partitions
from rapport.engine.records.definitions import definitions

SEED = 1994
YEARS = 3
CHUNK = 1_000
FEWEST_MOMENTS = 40
PEOPLE_PER_COMPANY = 5
CHANGED_SHARE = 0.15
COLLEAGUES = (
    ("admin@northwind.example", "Ines Duarte", ADMIN),
    ("tom@northwind.example", "Tom Reyes", MEMBER),
    ("mina@northwind.example", "Mina Sato", MEMBER),
)


@dataclass
class Progress:
    """How far the building has come."""

    people: int = 0
    companies: int = 0
    changes: int = 0
    started: datetime = field(default_factory=timezone.now)


def load(people: int) -> Iterator[Progress]:
    """Build a company with so many people, chunk by chunk. Deterministic but for ids and the day it is made on."""
    progress = Progress()
    make_partitions(progress.started - timedelta(days=366 * YEARS), progress.started)
    maker = Maker(random.Random(SEED))  # noqa: S311  a sample, not a secret
    colleagues = _colleagues()
    _name_the_organisation()
    chunk = min(CHUNK, max(people // FEWEST_MOMENTS, 1))
    for start in range(0, people, chunk):
        size = min(chunk, people - start)
        moment = progress.started - timedelta(days=365 * YEARS) * (1 - start / people)
        _chunk(maker, colleagues, size, moment, progress)
        yield progress


def _chunk(maker: Maker, colleagues: list[Any], size: int, moment: datetime, progress: Progress) -> None:
    """Companies, their people and what became of some of them, each at its time."""
    actor = colleagues[maker.random.randrange(len(colleagues))]
    companies = [maker.company(actor) for _index in range(max(size // PEOPLE_PER_COMPANY, 1))]
    with open_act(_actor(actor), reason="Sample company", now=moment) as act:
        act.create(companies)
        people = [maker.person(maker.random.choice(colleagues), companies) for _index in range(size)]
        act.create([person for person, _company in people])
        act.create([maker.membership(person, company) for person, company in people if company])
    progress.people += size
    progress.companies += len(companies)
    progress.changes += _histories(maker, colleagues, [person for person, _company in people], moment)


def _histories(maker: Maker, colleagues: list[Any], people: list[Person], since: datetime) -> int:
    """Stages that were reached later, by whoever was at it."""
    changed = [person for person in people if maker.random.random() < CHANGED_SHARE]
    span = max((timezone.now() - since).total_seconds(), 1.0)
    moment = since + timedelta(seconds=span * maker.random.uniform(0.2, 0.9))
    with open_act(_actor(maker.random.choice(colleagues)), now=moment) as act:
        act.change_each([(person, {"stage": maker.stage()}) for person in changed])
    return len(changed)


def _colleagues() -> list[Any]:
    """The users of the sample company. None has a password: only a link signs them in."""
    manager = get_user_model()._default_manager
    users = []
    for email, name, role in COLLEAGUES:
        found = manager.filter(email=email).first()
        users.append(found or manager.create_user(email, name=name, role=role))
    return users


def _name_the_organisation() -> None:
    with open_act(SYSTEM, reason="Sample company") as act:
        values = {"name": "Northwind Outdoor", "country": "NO", "currency": "EUR", "time_zone": "Europe/Oslo"}
        act.change(definitions().organisation, **values)


def _actor(user: Any) -> Actor:
    actor: Actor = user.actor
    return actor
