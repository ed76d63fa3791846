"""Reading what conditions are made of: paths, values and lengths of time."""

from collections.abc import Mapping

from rapport.engine.records.filters.cursor import Cursor
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.jsonform.faults import fault
from rapport.engine.records.filters.jsonform.names import KINDS
from rapport.engine.records.filters.literals import LENGTH_WANTED, WINDOW_WANTED, read_length, read_value, read_window
from rapport.engine.records.filters.tree import NOT_FIRST, is_segment
from rapport.engine.records.filters.values import MAX_VALUE_LENGTH, UNSTORABLE, Bool, Me, MyTeam, Period, Text, Value


def path_of(given: object, pointer: str) -> tuple[str, ...]:
    path = tuple(given.split(".")) if isinstance(given, str) and len(given) <= MAX_VALUE_LENGTH else ()
    if not path or not all(map(is_segment, path)) or path[0].lower() in NOT_FIRST:
        raise fault(N_("A field is named by its slug, or by slugs joined with dots."), pointer)
    return path


def window_of(written: object, pointer: str, *, is_length: bool = False) -> Period:
    sentence = LENGTH_WANTED if is_length else WINDOW_WANTED
    if not isinstance(written, str) or len(written) > MAX_VALUE_LENGTH:
        raise fault(sentence, pointer)
    try:
        cursor = Cursor(written)
        period, _place = (read_length if is_length else read_window)(cursor)
    except FilterError as error:
        raise _moved(error, pointer) from error
    if not cursor.at_end():
        raise fault(sentence, pointer)
    return period


def value_of(data: object, pointer: str) -> Value:
    if isinstance(data, bool):
        return Bool(data)
    if isinstance(data, int):
        data = {"number": str(data)}
    if isinstance(data, str):
        return _text(data, pointer)
    if data == {"me": True}:
        return Me()
    if data == {"my_team": True}:
        return MyTeam()
    key, written = next(iter(data.items())) if isinstance(data, Mapping) and len(data) == 1 else (None, None)
    if not isinstance(key, str) or key not in KINDS or not isinstance(written, str):
        raise fault(N_("A value is text, true, false, a whole number, or an object with one known key."), pointer)
    value = _literal(written[: MAX_VALUE_LENGTH + 1], pointer)
    if value is None or not isinstance(value, KINDS[key]):
        raise FilterError(
            N_("%(what)s is not a %(kind)s."), Place(pointer=pointer), words={"what": written[:80], "kind": key}
        )
    return value


def _text(text: str, pointer: str) -> Text:
    if len(text) > MAX_VALUE_LENGTH:
        raise FilterError(
            N_("This value is too long: at most %(most)d characters."),
            Place(pointer=pointer),
            words={"most": MAX_VALUE_LENGTH},
        )
    if UNSTORABLE.search(text):
        raise fault(N_("This character cannot be used in a filter."), pointer)
    return Text(text)


def _literal(written: str, pointer: str) -> Value | None:
    """A value in its text form; None if something else follows it."""
    try:
        cursor = Cursor(written)
        value, _place = read_value(cursor, ())
    except FilterError as error:
        raise _moved(error, pointer) from error
    return value if cursor.at_end() else None


def _moved(error: FilterError, pointer: str) -> FilterError:
    """A fault in the text of a value, at the place of the value."""
    return FilterError(error.sentence, Place(pointer=pointer), suggestion=error.suggestion, words=error.words)
