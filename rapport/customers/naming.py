"""Names of people: taken apart and put together."""

from functools import cache

from nameparser import HumanName
from nameparser.config import CONSTANTS


def split_name(name: str) -> tuple[str, str]:
    """First and last name of a whole name, as well as can be told; one word is a first name."""
    words = name.split()
    if len(words) < 2:
        return name.strip(), ""
    # Two plain words leave nothing to tell, and parsing costs more than all else that a new person needs.
    if len(words) == 2 and all(word.isalpha() and word.lower() not in _telling() for word in words):
        return words[0], words[1]
    parsed = HumanName(name)
    return " ".join(part for part in (parsed.first, parsed.middle) if part), parsed.last


@cache
def _telling() -> frozenset[str]:
    """Words that are no mere names: titles, suffixes, parts that belong to the next word."""
    sets = (
        CONSTANTS.prefixes,
        CONSTANTS.titles,
        CONSTANTS.first_name_titles,
        CONSTANTS.suffix_acronyms,
        CONSTANTS.suffix_not_acronyms,
        CONSTANTS.conjunctions,
    )
    return frozenset(word for words in sets for word in words)


def whole_name(first: str, last: str) -> str:
    """The parts in one."""
    return " ".join(part for part in (first, last) if part)
