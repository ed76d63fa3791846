"""The matrix and the canary see it when a call of the gate is gone: each is taken away in turn, and something fails.

By default each question of the gate is taken away everywhere at once. `TRUST_EVERY_CALL=1` takes away one call after
another, in each module that asks it, which takes long.
"""

import os
import sys
from collections.abc import Iterator
from functools import partial

import pytest

from rapport.engine.records import gate
from rapport.engine.records.gate.asking import ALL
from tests.trust.asking import ask, slugs_of
from tests.trust.policy import POLICY
from tests.trust.routes import routes
from tests.trust.test_canary import (
    CANARY,
    GUESS,
    MURMUR,
    WHISPER,
    answers_that_tell,
    api_questions,
    api_whispers,
    marked,
    questions,
    traces_in,
    whispered,
    whispers,
)
from tests.trust.test_matrix import faults_of, faults_of_looking
from tests.trust.traces import fingerprint

pytestmark = pytest.mark.django_db
__all__ = ["marked", "whispered"]


def seen_anyway(_actor, rtype, *, deleted=False):
    rows = rtype.rows()
    return rows if deleted is None else rows.filter(deleted_at__isnull=not deleted)


# Each question of the gate, and the answer of a gate that is not there.
GONE = {
    "visible": seen_anyway,
    "within_reach": lambda _actor, _rtype, _verb, rows: rows,
    "reaches": lambda *_asked: True,
    "reaches_all": lambda *_asked: True,
    "grants_of": lambda *_asked: frozenset({ALL}),
    "may": lambda *_asked: True,
    "require": lambda *_asked: None,
    "require_new": lambda *_asked: None,
    "require_created": lambda *_asked: None,
    "mask": lambda *_asked: gate.Mask(),
}
# What one question alone decides; the others stand behind a second one, so that a single slip lets nobody in.
TOLD = ("visible", "within_reach", "reaches", "grants_of", "mask")
EVERY_CALL = "TRUST_EVERY_CALL" in os.environ


def calls() -> Iterator[tuple[str, str]]:
    """Each module of ours that asks the gate something, and what."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith("rapport.") and ".tests" not in name and not name.startswith("rapport.engine.records.gate"):
            yield from ((name, asked) for asked in GONE if getattr(module, asked, None) is getattr(gate, asked))


def everywhere(asked: str) -> list[str]:
    """The modules that hold a question of the gate, those of the gate itself too."""
    answers = getattr(gate, asked)
    return [
        name for name, one in sys.modules.items() if name.startswith("rapport.") and vars(one).get(asked) is answers
    ]


@pytest.fixture
def place(world, marked, whispered):
    """The world, with the canaries in their places."""
    world.untouched = fingerprint()
    return world


def test_nothing_is_missed_while_all_is_asked(place):
    assert not is_told(place)


@pytest.mark.parametrize("asked", TOLD)
def test_a_question_that_nobody_asks_is_missed(place, monkeypatch, asked):
    for module in everywhere(asked):
        monkeypatch.setattr(sys.modules[module], asked, GONE[asked])
    assert is_told(place), f"Nothing tells that nobody asks {asked}(…) any more"


@pytest.mark.skipif(not EVERY_CALL, reason="takes long: set TRUST_EVERY_CALL=1")
@pytest.mark.parametrize(("module", "asked"), list(calls()) if EVERY_CALL else [("", "")])
def test_a_call_that_is_gone_is_missed(place, monkeypatch, module, asked):
    monkeypatch.setattr(sys.modules[module], asked, GONE[asked])
    assert is_told(place), f"Nothing tells that {module} asks {asked}(…) no more"


def is_told(world) -> bool:
    """Whether the canary or the matrix tells of a fault."""
    if answers_that_tell(world, whispers, api_whispers, (WHISPER, MURMUR)):
        return True
    person = world.record("charlie", "own", "people")
    if answers_that_tell(world, partial(questions, person), api_questions, (CANARY, GUESS)):
        return True
    known = [route for route in routes() if route.name in POLICY]
    if any(True for who in ("charlie", "bob") for route in known for _fault in faults_of(world, route, who)):
        return True
    if any(True for route in known for _fault in faults_of_looking(world, route)):
        return True
    reading = (route for route in known if "GET" in POLICY[route.name])
    return any(traces_in(ask(world, one, "GET", "charlie", "own", slug)) for one in reading for slug in slugs_of(one))
