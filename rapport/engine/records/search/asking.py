"""What was typed, turned into queries over terms: as an identifier, and word by word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import phonenumbers

from rapport.engine.records.fields import Field
from rapport.engine.records.folding import fold
from rapport.engine.records.registry import RecordType
from rapport.engine.records.search.terms import BACKWARDS, FORWARDS, LONGEST, WHOLE, bare, host, place, quoted

LONGEST_QUESTION = 200
MOST_WORDS = 8
LIKE_A_PHONE = re.compile(r"[+(]?[\d][\d\s()./–-]{2,38}")
SHORTEST_PHONE = 4
TELLING_PHONE = 7  # digits from which the end of a number is as good as the number
NAMED = frozenset({"email", "emails"})
PHONES = frozenset({"phone", "phones"})
HOSTS = frozenset({"link", "links", "domains"})


@dataclass(frozen=True)
class Term:
    """A term to look for; `open_ended` takes every term that begins with it."""

    text: str
    open_ended: bool = False

    def within(self, place: str) -> str:
        """The term in a place, as part of a tsquery."""
        return quoted(place + self.text) + (":*" if self.open_ended else "")

    def fits(self, known: str) -> bool:
        return known.startswith(self.text) if self.open_ended else known == self.text


@dataclass(frozen=True)
class Question:
    """What was typed, folded, with its words and the phone numbers it may mean."""

    text: str
    words: Sequence[str] = ()
    phones: Sequence[str] = ()
    ending: str = ""
    plain_words: Sequence[str] = ()

    @property
    def is_misspellable(self) -> bool:
        return len(bare(self.text)) > 3 and not self.phones and "@" not in self.text

    def identifiers(self, rtype: RecordType, fields: Iterable[Field]) -> str:
        """A tsquery for records of which this is an identifier, in one of the fields or in another system."""
        parts = [term.within(place(rtype, one)) for one in fields for term in self._exact(one)]
        whole = Term(WHOLE + bare(self.text))
        return " | ".join([*parts, whole.within(place(rtype))]) if whole.text != WHOLE else " | ".join(parts)

    def wording(self, rtype: RecordType, fields: Sequence[Field], *, goes_on: bool) -> str:
        """A tsquery for records that hold every word, each in any of the fields, or the phone number.

        Who types has written all words but the last to their ends; whether the last one goes on is said.
        """
        telling = [index for index, word in enumerate(self.plain_words) if word]
        every = [
            " | ".join(term.within(place(rtype, one)) for one in fields for term in self._of_word(one, index, is_begun))
            for index in telling
            for is_begun in [index == telling[-1] and (goes_on or len(telling) == 1)]
        ]
        found = [" & ".join(f"({any_of})" for any_of in every)] if every and all(every) else []
        found += [term.within(place(rtype, one)) for one in fields for term in self._of_phone(one)]
        return " | ".join(found)

    def asked_of(self, one: Field) -> list[Term]:
        """Every term by which a field can have been found."""
        words = [term for index in range(len(self.words)) for term in self._of_word(one, index, True)]
        return [*self._exact(one), *words, *self._of_phone(one)]

    def _exact(self, one: Field) -> Iterator[Term]:
        kind = one.type.name
        if kind in PHONES:
            yield from (Term(FORWARDS + digits) for digits in self.phones)
            if len(self.ending) >= TELLING_PHONE:
                yield Term(BACKWARDS + self.ending[::-1], open_ended=True)
        elif kind in NAMED and "@" in self.text:
            yield Term(self.text)
        elif kind in HOSTS and len(self.words) == 1:
            yield Term(host(self.text))
        elif kind not in NAMED | HOSTS and (whole := bare(self.text)):
            yield Term(WHOLE + whole)

    def _of_word(self, one: Field, index: int, is_begun: bool) -> Iterator[Term]:
        kind, word, plain = one.type.name, self.words[index], self.plain_words[index]
        is_open = is_begun and tells(word)
        if kind in HOSTS:
            yield Term(host(word), is_open)
        elif kind in NAMED and (len(self.words) == 1 or "@" in word or "." in word):
            yield Term(word, is_open)
            if "." in word and "@" not in word:
                yield Term("@" + word, is_open)
        elif plain and kind not in NAMED | PHONES:
            yield Term(plain, is_open)

    def _of_phone(self, one: Field) -> Iterator[Term]:
        if one.type.name in PHONES and self.ending:
            yield from (Term(FORWARDS + digits, open_ended=True) for digits in self.phones)
            yield Term(BACKWARDS + self.ending[::-1], open_ended=True)


def tells(word: str) -> bool:
    """Whether few enough words begin like this for all of them to be looked up."""
    return len(word) > 2 or not word.isascii()


def read_question(text: str, region: str) -> Question:
    """Read what was typed. Phone numbers without a country are read as of `region`, and by their last digits."""
    folded = fold(text.replace("\x00", " "))[:LONGEST_QUESTION]
    words = [word[:LONGEST] for word in folded.split()[:MOST_WORDS]]
    phones, ending = _phones(folded, region)
    return Question(folded, words, phones, ending, [bare(word) for word in words])


def _phones(text: str, region: str) -> tuple[list[str], str]:
    """The digits of the numbers that were meant, with their countries and maybe not whole, and the last digits."""
    digits = "".join(letter for letter in text if letter.isdigit())
    if not LIKE_A_PHONE.fullmatch(text) or len(digits) < SHORTEST_PHONE:
        return [], ""
    ending = digits.lstrip("0")
    country = phonenumbers.country_code_for_region(region) if region else 0
    forms = [digits.removeprefix("00")] if text.startswith(("+", "00")) else [f"{country}{ending}"] if country else []
    try:
        number = phonenumbers.parse(text, region or None)
        forms.append(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+"))
    except phonenumbers.NumberParseException:
        forms.append(ending)
    return list(dict.fromkeys(forms)), ending if len(ending) >= SHORTEST_PHONE else ""
