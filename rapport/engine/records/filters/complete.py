"""What could be written next at a place in a filter text: fields, operators, values and joins."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter

from rapport.engine.records.filters.errors import Expectation, FilterError, Wanted
from rapport.engine.records.filters.offers import Lookup, Offer, offers
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import Scope
from rapport.engine.records.filters.tokens import QUOTES
from rapport.engine.records.filters.tree import EVERYTHING
from rapport.engine.records.folding import fold

MOST = 20
BEING_TYPED = re.compile(r"[\w.+-]*\Z")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Write `insert` in place of what stands from `start` to `end`; `label` says it in words."""

    insert: str
    label: str
    kind: Wanted
    start: int
    end: int


@dataclass(frozen=True)
class Language:
    """What is being written: what is expected after so much of it, and what is offered there."""

    expect: Callable[[str], Expectation | None]
    offers: Callable[[Expectation, str, Scope, Lookup | None], Iterable[Offer]]


def complete(text: str, cursor: int, scope: Scope, lookup: Lookup | None = None) -> list[Suggestion]:
    """What could stand at the cursor of a filter, best first; nothing where the text before it cannot be read.

    `lookup` is asked, with the field and what is typed so far, for values that no declaration lists: pairs of the
    plain value (a name, an e-mail address, a tag) and its label.
    """
    return completed(FILTERS, text, cursor, scope, lookup)


def completed(language: Language, text: str, cursor: int, scope: Scope, lookup: Lookup | None) -> list[Suggestion]:
    """As `complete`, of another language."""
    before = text[:cursor]
    opened = _open_quote(before)
    partial = before[opened:] if opened is not None else _being_typed(before)
    stem = before[: len(before) - len(partial)]
    expected = language.expect(stem)
    if expected is None:
        return []
    start = len(stem) if expected.wanted == "field" else min(expected.start, len(stem))
    typed = before[start:].lstrip("".join(QUOTES))
    kept = _matching(language.offers(expected, typed, scope, lookup), typed)[:MOST]
    return [Suggestion(insert, words, expected.wanted, start, cursor) for insert, words in kept]


def _expected(stem: str) -> Expectation | None:
    """What the parser would read next after this much of the text."""
    try:
        tree = parse(stem)
    except FilterError as error:
        return error.expects
    return Expectation("field" if tree == EVERYTHING else "join", len(stem))


FILTERS = Language(_expected, offers)


def _matching(offered: Iterable[Offer], typed: str) -> list[Offer]:
    """Offers that begin with what is typed, then those whose words begin with it, then those that contain it."""
    wanted = fold(typed)
    ranked: list[tuple[int, Offer]] = []
    for offer in offered:
        insert, words = fold(offer[0]), fold(offer[1])
        insert = insert.lstrip('"')
        last = insert.rpartition(".")[2]
        if insert.startswith(wanted) or last.startswith(wanted):
            ranked.append((0, offer))
        elif words.startswith(wanted):
            ranked.append((1, offer))
        elif wanted in words or wanted in last:
            ranked.append((2, offer))
    return [offer for _rank, offer in sorted(ranked, key=itemgetter(0))]


def _being_typed(before: str) -> str:
    found = BEING_TYPED.search(before)
    return found.group() if found else ""


def _open_quote(before: str) -> int | None:
    """Where the quote begins in which the text ends; None outside of quotes."""
    opened, index = None, 0
    while index < len(before):
        char = before[index]
        if opened is None:
            opened = index if char in QUOTES else None
        elif char == "\\":
            index += 1
        elif char == QUOTES[before[opened]]:
            opened = None
        index += 1
    return opened
