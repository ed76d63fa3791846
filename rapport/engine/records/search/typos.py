"""What may have been meant: the known words that a word begins, that one slip turns into it, or that look like it."""

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapport.engine.records.registry import RecordType
from rapport.engine.records.search.asking import Question, Term, tells
from rapport.engine.records.search.terms import place
from rapport.engine.records.search.words import alike, known

SHORTEST, LONGEST = 4, 16  # words in which slips are looked for
MOST = 12  # words that one may mean

Meanings = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Reading:
    """For each word that was typed, the terms that it may mean."""

    words: Sequence[Sequence[Term]]

    def within(self, rtype: RecordType) -> str:
        """A tsquery for names of a type that hold one of each."""
        where = place(rtype, rtype.title_field)
        every = [" | ".join(term.within(where) for term in terms) for terms in self.words]
        return " & ".join(f"({any_of})" for any_of in every)


def readings(question: Question) -> Iterator[Reading]:
    """Readings of a question that nothing answered, the nearest first; each is made when it is asked for."""
    asked = [word for word in question.plain_words if tells(word)]
    if not question.is_misspellable or not asked:
        return
    begun, slips = known({word: _slips_of(word) for word in asked})
    right = {word: Term(word, open_ended=first != word) for word, first in begun.items()}
    wrong = {word: others for word, others in slips.items() if word not in right}
    yield from _reading(asked, right, wrong)
    if slips != wrong:
        yield from _reading(asked, right, slips)
    yield from _reading(asked, right, slips, _resembling(asked))


def _reading(asked: Sequence[str], right: Mapping[str, Term], *meanings: Meanings) -> Iterator[Reading]:
    """A reading, if every word has a meaning."""
    words = []
    for word in asked:
        others = dict.fromkeys(one for meant in meanings for one in _nearest(word, meant.get(word, ())))
        terms = [Term(one) for one in list(others)[:MOST]]
        words.append([right[word], *terms] if word in right else terms)
    if all(words):
        yield Reading(words)


def _nearest(word: str, others: Iterable[str]) -> list[str]:
    """Fingers seldom miss the first letter."""
    return sorted(others, key=lambda one: (one[0] != word[0], abs(len(one) - len(word))))


def _resembling(words: Sequence[str]) -> Meanings:
    """The known words that look like these, up to two slips away."""
    found = alike(words)
    allowed = {word: 1 if len(word) < 5 else 2 for word in words}
    return {
        word: [one for one in others if _slips_between(word, one) <= allowed[word]] for word, others in found.items()
    }


def _slips_of(word: str) -> list[str]:
    """All that one slip turns into a word."""
    if not SHORTEST <= len(word) <= LONGEST:
        return []
    found: set[str] = set()
    for index in range(len(word) + 1):
        head, tail = word[:index], word[index:]
        found.update(head + letter + tail for letter in string.ascii_lowercase)
        if tail:
            found.add(head + tail[1:])
            found.update(head + letter + tail[1:] for letter in string.ascii_lowercase)
        if len(tail) > 1:
            found.add(head + tail[1] + tail[0] + tail[2:])
    return sorted(found - {word})


def _slips_between(word: str, known: str) -> int:
    """The fewest letters to add, drop, replace or swap, so that a word begins another (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(known) + 1))
    for index, letter in enumerate(word, 1):
        above, before, row = before, row, [index]
        for other_index, other in enumerate(known, 1):
            cost = min(before[other_index] + 1, row[-1] + 1, before[other_index - 1] + (letter != other))
            if index > 1 and other_index > 1 and letter == known[other_index - 2] and word[index - 2] == other:
                cost = min(cost, above[other_index - 2] + 1)
            row.append(cost)
    return min(row)
