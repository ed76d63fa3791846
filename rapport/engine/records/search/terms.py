"""What a field gives to search: its value in normal forms, as terms to ask for exactly or by their start."""

import html
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rapport.engine.records.fields import Field
from rapport.engine.records.folding import fold
from rapport.engine.records.registry import RecordType

LONGEST = 60  # characters of a word
MOST_WORDS = 2_000  # of one long text
EAST_ASIAN = "\u2e80"  # from here on, words are written without spaces between them
NEVER = frozenset({"relation", "user", "members", "file", "bool", "date", "datetime", "money", "addresses"})
APART = re.compile(r"[\W_]+")
MARKUP = re.compile(r"<[^>]{0,200}>")
WHOLE = "#"  # before a value as a whole, without its spaces and punctuation
FORWARDS, BACKWARDS = "+", "-"  # before the digits of a phone number, in either direction


def searched(rtype: RecordType) -> list[Field]:
    """The fields by which records of a type are found."""
    return [field for field in rtype.all_fields() if field.searchable and field.type.name not in NEVER]


def place(rtype: RecordType, field: Field | None = None) -> str:
    """Where a term stands, as its beginning says: in a field of a type, or among ids of other systems.

    Naming the type in each term keeps a search of one type from reading the entries of all.
    """
    return f"{rtype.slug}.{field.slug if field else ''}="


def quoted(lexeme: str) -> str:
    """A lexeme as PostgreSQL reads it in a tsvector or tsquery."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def terms(field: Field, value: Any) -> list[str]:
    """The terms of a stored value."""
    if field.type.is_empty(value):
        return []
    make = MAKERS.get(field.type.name)
    return make(value) if make else _text(field.type.to_text(value, field))


def words(text: str) -> list[str]:
    """The words of a folded text: `o'connell` gives itself without the mark, and its parts."""
    found: dict[str, None] = {}
    for token in text.split():
        parts = (token,) if token.isalnum() else (bare(token), *APART.split(token))
        for part in parts:
            found |= dict.fromkeys(_endings(part[:LONGEST]))
        if len(found) > MOST_WORDS:
            break
    return [word for word in found if word]


def bare(text: str) -> str:
    """A text without spaces and punctuation."""
    return text if text.isalnum() else APART.sub("", text)


def host(text: str) -> str:
    """The domain in a web address, or the text as it is."""
    return text.rpartition("://")[2].partition("/")[0].removeprefix("www.")


def plain(text: str) -> str:
    """A long text without markup, in one line."""
    return " ".join(html.unescape(MARKUP.sub(" ", text)).split())


def _endings(word: str) -> Iterable[str]:
    """The word, and where words are not set apart, what remains from each of its letters on."""
    yield word
    if word and max(word) >= EAST_ASIAN:
        yield from (word[start:] for start in range(1, min(len(word), 12)))


def _text(text: str) -> list[str]:
    folded = fold(text)
    whole = bare(folded)
    return [*words(folded), *([WHOLE + whole] if whole and len(whole) <= LONGEST else [])]


def _long_text(text: str) -> list[str]:
    return words(fold(plain(text)))


def _email(address: str) -> list[str]:
    folded = fold(address)
    return [folded, "@" + folded.rpartition("@")[2]]


def _phone(number: str) -> list[str]:
    digits = "".join(letter for letter in number if letter.isdigit())
    return [FORWARDS + digits, BACKWARDS + digits[::-1]]


def _host(address: str) -> list[str]:
    return [host(fold(address))]


def _each(make: Callable[[str], list[str]], key: str) -> Callable[[Iterable[Mapping[str, Any]]], list[str]]:
    return lambda entries: [term for entry in entries if entry.get(key) for term in make(entry[key])]


MAKERS: dict[str, Callable[[Any], list[str]]] = {
    "long_text": _long_text,
    "email": _email,
    "emails": _each(_email, "email"),
    "phone": _phone,
    "phones": _each(_phone, "phone"),
    "link": _host,
    "links": _each(_host, "url"),
    "domains": _each(_host, "domain"),
}
