"""Keys: records are compared only if they share one. Each key is a number made of what two records may agree in.

Loose keys, such as a street, stand beside strict ones: how many records may share a key is limited by the size of the
table, so that a small table is searched more thoroughly, and a large one in bounded time.
"""

from collections.abc import Iterator
from hashlib import blake2b

from rapport.engine.records.duplicates.linking.agreeing import Row
from rapport.engine.records.duplicates.linking.cleaning import sound

SEPARATOR = "\x1f"


def keys(row: Row) -> list[int]:
    """The keys of a record with normal values, each a signed number of 64 bits."""
    return list(dict.fromkeys(_number(kind, parts) for kind, *parts in _texts(row)))


def number_of(text: str) -> int:
    """A text as a signed number of 64 bits."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def _number(kind: str, parts: list[str]) -> int:
    return number_of(SEPARATOR.join((kind, *parts)))


def _texts(row: Row) -> Iterator[tuple[str, ...]]:
    for kind in ("emails", "boxes", "phones", "domains", "links"):
        yield from ((kind, value) for value in row.get(kind) or ())
    for kind, value in row.items():
        if kind.startswith("code") and isinstance(value, str):
            yield "code", value
    yield from _of_people(row)
    yield from _of_names(row)
    yield from _of_places(row)


def _of_people(row: Row) -> Iterator[tuple[str, ...]]:
    """Names in either order, with their sounds, a date, a place."""
    names = [value for kind in ("given", "family") if isinstance(value := row.get(kind), str)]
    if not names:
        return
    if len(names) == 2:
        yield "both", *sorted(names)
        yield "sounds", *sorted(map(sound, names))
    for name in names:
        yield "sound", sound(name)
        for kind in ("date", "postcode", "street"):
            if isinstance(value := row.get(kind), str):
                yield "name", kind, sound(name), value
        if isinstance(city := row.get("city"), str):
            yield "name", "city", name, city
    if isinstance(local := row.get("local"), str):
        yield "local", local


def _of_names(row: Row) -> Iterator[tuple[str, ...]]:
    """Names of organisations and things: whole, without spaces, each word, and its beginning with the place."""
    name = row.get("name")
    if not isinstance(name, str):
        return
    yield "name", name
    joined = str(row.get("joined"))
    yield "joined", joined[:8]
    for word in row.get("words") or ():
        yield "word", word
        for kind in ("city", "postcode"):
            if isinstance(value := row.get(kind), str):
                yield "word", kind, word[:4], value
    yield from (("label", label) for label in row.get("labels") or ())


def _of_places(row: Row) -> Iterator[tuple[str, ...]]:
    """A street with its place, and dates with a place."""
    street, date = row.get("street"), row.get("date")
    if isinstance(street, str) and " " in street:
        yield "street", street
        for kind in ("postcode", "city"):
            if isinstance(value := row.get(kind), str) and isinstance(number := row.get("number"), str):
                yield "number", kind, number, value
    if isinstance(date, str):
        yield "date", date
        if isinstance(postcode := row.get("postcode"), str):
            yield "date", date, postcode
