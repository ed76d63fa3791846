"""What could be written next at a place in a filter text: fields, operators, values and joins."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter

from django.utils.translation import gettext as _

from rapport.engine.records.filters.bind import written
from rapport.engine.records.filters.errors import Expectation, FilterError, Wanted
from rapport.engine.records.filters.operators import label, operators
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import FieldRef, Scope
from rapport.engine.records.filters.text import quoted, value_text
from rapport.engine.records.filters.tokens import QUOTES
from rapport.engine.records.filters.tree import EVERYTHING, LISTS, NO_VALUE, Op
from rapport.engine.records.filters.values import CALENDAR, word
from rapport.engine.records.folding import fold

MOST = 20
BEING_TYPED = re.compile(r"[\w.+-]*\Z")
DAYS = ("today", "yesterday", "tomorrow", "-7d", "-30d", "-90d", "+7d", "+30d")
ROLLING = ("last 7d", "last 30d", "last 90d", "next 7d", "next 30d")
PERIODS = (*(f"{side} {unit}" for unit in CALENDAR for side in ("this", "last", "next")), *ROLLING)
JOINS: dict[Wanted, tuple[str, ...]] = {"join": ("and ", "or "), "close": ("and ", "or ", ")"), "comma": (", ", ")")}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Write `insert` in place of what stands from `start` to `end`; `label` says it in words."""

    insert: str
    label: str
    kind: Wanted
    start: int
    end: int


Offer = tuple[str, str]
Lookup = Callable[[FieldRef, str], Iterable[Offer]]


def complete(text: str, cursor: int, scope: Scope, lookup: Lookup | None = None) -> list[Suggestion]:
    """What could stand at the cursor, best first; nothing where the text before it cannot be read.

    `lookup` is asked, with the field and what is typed so far, for values that no declaration lists: pairs of the
    plain value (a name, an e-mail address, a tag) and its label.
    """
    before = text[:cursor]
    opened = _open_quote(before)
    partial = before[opened:] if opened is not None else _being_typed(before)
    stem = before[: len(before) - len(partial)]
    expected = _expected(stem)
    if expected is None:
        return []
    start = len(stem) if expected.wanted == "field" else min(expected.start, len(stem))
    typed = before[start:].lstrip("".join(QUOTES))
    kept = _matching(_offers(expected, typed, scope, lookup), typed)[:MOST]
    return [Suggestion(insert, words, expected.wanted, start, cursor) for insert, words in kept]


def _expected(stem: str) -> Expectation | None:
    """What the parser would read next after this much of the text."""
    try:
        tree = parse(stem)
    except FilterError as error:
        return error.expects
    return Expectation("field" if tree == EVERYTHING else "join", len(stem))


def _offers(expected: Expectation, typed: str, scope: Scope, lookup: Lookup | None) -> Iterator[Offer]:
    if expected.wanted == "field":
        path = tuple(typed.split(".")[:-1])
        yield from ((".".join((*path, field.slug)), str(field.label)) for field in scope.fields(path))
        return
    if expected.wanted in JOINS:
        yield from ((join, join.strip()) for join in JOINS[expected.wanted])
        return
    try:
        ref = scope.resolve(expected.path)
    except FilterError:
        return
    if expected.wanted == "operator":
        yield from ((_begun(op), label(op, ref.type_name)) for op in operators(ref.type_name))
    elif expected.wanted == "list":
        yield from ((period, period) for period in PERIODS if Op.WITHIN in operators(ref.type_name))
        yield from (("(", "(") for _one in "(" if Op.IN in operators(ref.type_name))
    else:
        yield from _values(ref, typed, lookup)


def _values(ref: FieldRef, typed: str, lookup: Lookup | None) -> Iterator[Offer]:
    match ref.type_name:
        case "choice" | "choices":
            yield from ((value_text(word(option.value)), str(option.label)) for option in ref.field.options)
        case "bool":
            yield from (("true", _("yes")), ("false", _("no")))
        case "date" | "datetime":
            yield from ((day, day) for day in DAYS)
            yield from ((period, period) for period in PERIODS if typed)
        case "user":
            yield "me", _("me")
    if lookup is not None:
        yield from ((_plainly(value, ref), words) for value, words in lookup(ref, typed))


def _matching(offers: Iterable[Offer], typed: str) -> list[Offer]:
    """Offers that begin with what is typed, then those whose words begin with it, then those that contain it."""
    wanted = fold(typed)
    ranked: list[tuple[int, Offer]] = []
    for offer in offers:
        insert, words = fold(offer[0]), fold(offer[1])
        last = insert.rpartition(".")[2].lstrip('"')
        if insert.startswith(wanted) or last.startswith(wanted):
            ranked.append((0, offer))
        elif words.startswith(wanted):
            ranked.append((1, offer))
        elif wanted in words or wanted in last:
            ranked.append((2, offer))
    return [offer for _rank, offer in sorted(ranked, key=itemgetter(0))]


def _begun(op: Op) -> str:
    if op in NO_VALUE:
        return written(op)
    return f"{written(op)} (" if op in LISTS else f"{written(op)} "


def _plainly(value: str, ref: FieldRef) -> str:
    return value_text(word(value)) if ref.type_name == "tags" else quoted(value)


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
