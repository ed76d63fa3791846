"""Slips of the hand: the words that one slip turns into what was typed, and which of them some record holds."""

import string
from collections.abc import Iterator

from django.db import connection

from rapport.engine.records.search.asking import Question, Term

SHORTEST, LONGEST = 4, 16
# One probe of the index for each word: hundreds of them cost less than one list of all names that look alike.
HELD = """
SELECT word FROM unnest(%s::text[], %s::text[]) AS asked(word, term)
WHERE EXISTS (SELECT FROM search_document WHERE terms @@ asked.term::tsquery)
"""


def mended(question: Question, slug: str) -> str:
    """A tsquery for names that one slip in each word would explain; empty where there are none."""
    words = [word for word in question.plain_words if word]
    near = {word: set(_one_slip_away(word)) - {word} for word in words if SHORTEST <= len(word) <= LONGEST}
    held = _held(slug, [one for others in near.values() for one in others])
    if not held:
        return ""
    every = []
    for word in words:
        meant = [Term(one) for one in sorted(near.get(word, set()) & held)]
        every.append(" | ".join(term.within(slug) for term in [*meant, Term(word, open_ended=len(word) > 1)]))
    return " & ".join(f"({any_of})" for any_of in every)


def could_be_meant(question: Question, names: str) -> bool:
    """Whether each longer word, one or two slips allowed, begins a word of the name."""
    known = names.split()
    asked = [word for word in question.plain_words if len(word) > 2]
    return all(any(_slips(word, one) <= (1 if len(word) < 5 else 2) for one in known) for word in asked)


def _held(slug: str, words: list[str]) -> set[str]:
    if not words:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(HELD, [words, [Term(word).within(slug) for word in words]])
        return {word for (word,) in cursor.fetchall()}


def _one_slip_away(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        yield from (head + letter + tail for letter in string.ascii_lowercase)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in string.ascii_lowercase)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def _slips(word: str, known: str) -> int:
    """The fewest letters to add, drop, replace or swap, so that a word begins another (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(known) + 1))
    for index, letter in enumerate(word, 1):
        above, before, row = before, row, [index]
        for place, other in enumerate(known, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != other))
            if index > 1 and place > 1 and letter == known[place - 2] and word[index - 2] == other:
                cost = min(cost, above[place - 2] + 1)
            row.append(cost)
    return min(row)
