"""Six writers with rollbacks and long transactions, a reacting process killed again and again: all arrives once."""

import random
import time
from contextlib import ExitStack

import pytest

from rapport.engine.events.journal.seal import seal
from rapport.engine.events.journal.verify import verify
from rapport.engine.events.models import ParkedEvent
from rapport.engine.events.reactions import run_reactions, start_reactions
from rapport.engine.events.tests.sample_models import Book
from rapport.engine.events.tests.sample_reactions import COUNTING, counted, register
from rapport.engine.events.tests.support import process, wait_until

WRITERS = 6


def is_running(process):
    return process.poll() is None


def wait_for_progress(writers):
    """Until the reaction has done something, or there is nothing more to come."""
    seen = Book.objects.filter(title="lending").count()

    def is_further():
        over = not any(is_running(writer) for writer in writers)
        return over or Book.objects.filter(title="lending").count() > seen

    wait_until(is_further, "the reaction has done something")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_and_nothing_doubled():
    register(COUNTING)
    start_reactions()
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    kills = 0
    with ExitStack() as stack:
        writers = [
            stack.enter_context(process("sample_writer", number, 60, seed + number)) for number in range(WRITERS)
        ]
        while any(is_running(writer) for writer in writers):
            with process("sample_reactor") as reactor:
                wait_for_progress(writers)
                time.sleep(chance.random() * 0.2)
                reactor.kill()
            kills += 1
        assert [writer.returncode for writer in writers] == [0] * WRITERS
    run_reactions()
    sent = set(Book.objects.filter(title="sent").values_list("pages", flat=True))
    numbers = counted()
    assert len(numbers) == len(set(numbers)), f"doubled, seed {seed}"
    assert set(numbers) == sent, f"lost, seed {seed}"
    for writer in range(WRITERS):
        own = [number for number in numbers if number // 100_000 == writer]
        assert own == sorted(own), f"out of order, seed {seed}"
    assert kills >= 2
    assert not ParkedEvent.objects.exists()
    seal()
    assert verify().faults == []
