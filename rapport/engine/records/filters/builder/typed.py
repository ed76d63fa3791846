"""Reading what was typed into one input."""

from uuid import UUID

from rapport.engine.records.filters.cursor import Cursor
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.literals import (
    LENGTH_WANTED,
    MAX_TIMES,
    WINDOW_WANTED,
    read_length,
    read_value,
    read_window,
)
from rapport.engine.records.filters.values import (
    ID,
    MAX_VALUE_LENGTH,
    UNSTORABLE,
    Id,
    Me,
    MyTeam,
    Period,
    Text,
    Value,
    word,
)

TYPED = frozenset({"number", "count", "money", "date", "datetime", "bool"})
WORDS = frozenset({"choice", "choices", "tags"})
POINTERS = frozenset({"user", "relation"})


def window_of(text: str, place: Place, *, is_length: bool = False) -> Period:
    """When it happened, or for how long it has been so."""
    try:
        cursor = Cursor(text)
        period, _where = (read_length if is_length else read_window)(cursor)
    except FilterError as error:
        raise FilterError(error.sentence, place, suggestion=error.suggestion, words=error.words) from error
    if not cursor.at_end():
        raise FilterError(LENGTH_WANTED if is_length else WINDOW_WANTED, place)
    return period


def times_of(text: str, pointer: str) -> int:
    """How often it happened, at least; once where nothing is typed."""
    if not text:
        return 1
    if not text.isdecimal() or not 0 < int(text[:9]) <= MAX_TIMES:
        raise FilterError(
            N_("How often it happened stands here: a whole number from 1 to %(most)d."),
            Place(pointer=pointer),
            words={"most": MAX_TIMES},
        )
    return int(text)


def value_of(text: str, kind: str, place: Place) -> Value:
    """What was typed, read by the type of its field: a name in a field of text is text, whatever it looks like."""
    if UNSTORABLE.search(text):
        raise FilterError(N_("This character cannot be used in a filter."), place)
    if len(text) > MAX_VALUE_LENGTH:
        raise FilterError(
            N_("This value is too long: at most %(most)d characters."), place, words={"most": MAX_VALUE_LENGTH}
        )
    if kind in TYPED:
        return _typed(text, place)
    if kind in WORDS:
        return word(text)
    if kind in POINTERS and ID.fullmatch(text):
        return Id(UUID(text))
    spoken: dict[str, Value] = {"me": Me(), "my team": MyTeam()} if kind == "user" else {}
    return spoken.get(text) or Text(text)


def _typed(text: str, place: Place) -> Value:
    try:
        cursor = Cursor(text)
        value, _where = read_value(cursor, ())
    except FilterError as error:
        raise FilterError(error.sentence, place, suggestion=error.suggestion, words=error.words) from error
    if not cursor.at_end() or isinstance(value, Text):
        return word(text)
    return value
