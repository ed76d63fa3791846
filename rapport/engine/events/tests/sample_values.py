"""Values of every type of column, for property tests."""

from datetime import UTC, timedelta
from decimal import Decimal
from ipaddress import IPv4Address

from hypothesis import strategies as st

from rapport.engine.events.tests.sample_models import Book

LARGEST = 2**53
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
MOMENTS = st.datetimes(timezones=st.sampled_from([UTC]))
FLOATS = st.one_of(st.floats(-1e6, 1e6), st.sampled_from([5e-324, -0.0, 0.1 + 0.2]))
NUMBERS = st.one_of(st.integers(-LARGEST, LARGEST), FLOATS, st.just(10**40))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=6,
)


def money(places, largest=10**6):
    return st.integers(-largest, largest).map(lambda cents: Decimal(cents).scaleb(-places))


COLUMNS = {
    "title": TEXT,
    "language": st.sampled_from(["en", "", "nb"]),
    "note": st.none() | TEXT,
    "pages": st.integers(-(2**31), 2**31 - 1),
    "copies": st.none() | st.integers(-(2**63), 2**63 - 1),
    "price": st.none() | money(2),
    "ratio": money(10),
    "weight": st.none() | st.floats(allow_nan=False) | FLOATS,
    "in_print": st.booleans(),
    "signed": st.none() | st.booleans(),
    "published": st.none() | st.dates(),
    "read_out_at": st.none() | st.times(),
    "lent_at": st.none() | MOMENTS,
    "length": st.none() | st.timedeltas(timedelta(days=-9999), timedelta(days=9999)),
    "token": st.none() | st.uuids(),
    "cover": st.none() | st.binary(max_size=6),
    "address": st.none() | st.integers(0, 2**32 - 1).map(lambda number: str(IPv4Address(number))),
    "tags": st.lists(TEXT, max_size=3),
    "reprints": st.none() | st.lists(st.none() | st.dates(), max_size=3),
    "prices": st.lists(money(2), max_size=3),
    "custom": st.dictionaries(TEXT, JSON, max_size=3),
    "emails": st.lists(JSON, max_size=3),
    "extra": JSON.filter(lambda value: value is not None),
    "fold": TEXT,
}
VALUES = st.fixed_dictionaries({}, optional={name: values for name, values in COLUMNS.items() if name != "fold"})


def stored(book):
    """All columns of a book as the database holds them, but for the bookkeeping."""
    row = Book.objects.values(*COLUMNS, "secret").get(pk=book.pk)
    return row | {"cover": None if row["cover"] is None else bytes(row["cover"])}
