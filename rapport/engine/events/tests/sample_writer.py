"""A process that writes facts: some in long transactions, some begun early and written late, some taken back.

Arguments: the writer's number, how many transactions, a seed. What is committed stands in books called "sent".
"""

import random
import sys
import time

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 — Django has to be set up before

from rapport.engine.events.act import open_act  # noqa: E402
from rapport.engine.events.actor import SYSTEM  # noqa: E402
from rapport.engine.events.ids import uuid7  # noqa: E402
from rapport.engine.events.tests.sample_models import Book  # noqa: E402
from rapport.engine.events.tests.sample_reactions import BookLent  # noqa: E402


def write(writer, count, seed):
    chance = random.Random(seed)
    for number in range(count):
        with transaction.atomic():
            if chance.random() < 0.3:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_current_xact_id()")
                time.sleep(chance.random() * 0.05)
            with open_act(SYSTEM) as act:
                for event in range(chance.randint(1, 5)):
                    told = (writer * 10_000 + number) * 10 + event
                    act.create(Book(title="sent", pages=told))
                    act.happened(BookLent(uuid7(), told))
            if chance.random() < 0.1:
                time.sleep(chance.random() * 0.3)
            transaction.set_rollback(chance.random() < 0.25)


write(*map(int, sys.argv[1:]))
