"""Pages of lists by keyset, counts with a cap."""

from itertools import chain

import pytest

from rapport.engine.records.errors import Invalid
from rapport.engine.records.gate import visible
from rapport.engine.records.queries import BadCursor, count, page, parse_order
from rapport.engine.records.registry import record_type

Companies = record_type("companies")
FIELDS = [Companies.field("name"), Companies.field("size")]


@pytest.fixture
def companies(alice, make):
    sizes = [None, "5", "3", None, "5", "1", "9", None]
    places = [[], [{"country": "NO"}], [], [{"country": "IS"}], [], [{"country": "NO"}], [], [{"country": "SE"}]]
    return [
        make(alice, "companies", name=f"C{index}", size=size, addresses=places[index])
        for index, size in enumerate(sizes)
    ]


def walk(alice, order, limit=3):
    """All names, page by page to the end, and the same backwards."""
    rows, forwards, cursor = visible(alice.actor, Companies), [], ""
    order = parse_order(Companies, order)
    while True:
        shown = page(Companies, rows, FIELDS, order=order, limit=limit, cursor=cursor)
        forwards.append([row["name"] for row in shown.rows])
        if shown.next is None:
            break
        cursor = shown.next
    backwards = [forwards[-1]]
    while shown.previous:
        shown = page(Companies, rows, FIELDS, order=order, limit=limit, cursor=shown.previous)
        backwards.insert(0, [row["name"] for row in shown.rows])
    return list(chain(*forwards)), list(chain(*backwards))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("name", ["C0", "C1", "C2", "C3", "C4", "C5", "C6", "C7"]),
        ("-name", ["C7", "C6", "C5", "C4", "C3", "C2", "C1", "C0"]),
        ("size", ["C5", "C2", "C1", "C4", "C6", "C0", "C3", "C7"]),
        ("-size", ["C6", "C4", "C1", "C2", "C5", "C7", "C3", "C0"]),
        ("country", ["C3", "C1", "C5", "C7", "C0", "C2", "C4", "C6"]),
        ("-country", ["C7", "C5", "C1", "C3", "C6", "C4", "C2", "C0"]),
        ("-created_at", ["C7", "C6", "C5", "C4", "C3", "C2", "C1", "C0"]),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 3, 8, 20])
def test_every_row_stands_once_whichever_way_one_walks(alice, companies, order, expected, limit):
    forwards, backwards = walk(alice, order, limit)
    assert forwards == expected
    assert backwards == expected


def test_empty_values_come_last_either_way(alice, companies):
    for order in ("size", "-size"):
        shown = page(Companies, visible(alice.actor, Companies), FIELDS, order=parse_order(Companies, order), limit=20)
        assert [row["size"] is None for row in shown.rows] == [False] * 5 + [True] * 3


@pytest.mark.parametrize("cursor", ["nonsense", "e30", "WzFd", "WyJmIiwibmFtZSIsIngiLCJ4Il0"])
def test_a_strange_cursor_is_refused(alice, companies, cursor):
    with pytest.raises(BadCursor):
        page(Companies, visible(alice.actor, Companies), FIELDS, order=parse_order(Companies, "name"), cursor=cursor)


@pytest.mark.parametrize("order", ["nonsense", "links", "pk", "owner__password", "-"])
def test_what_cannot_be_sorted_by_is_refused(alice, order):
    with pytest.raises(Invalid):
        parse_order(Companies, order)


def test_counting_stops_at_the_cap(alice, companies, monkeypatch):
    rows = visible(alice.actor, Companies)
    assert (count(rows).value, count(rows).exact) == (8, True)
    monkeypatch.setattr("rapport.engine.records.queries.counting.CAP", 5)
    assert (count(rows).value, count(rows).exact) == (5, False)
    assert (count(rows, exact=True).value, count(rows, exact=True).exact) == (8, True)


def test_a_page_costs_the_same_for_few_rows_and_many(alice, make, django_assert_num_queries):
    for index in range(3):
        make(alice, "companies", name=f"A{index}")
    order = parse_order(Companies, "name")
    for limit in (1, 3):
        with django_assert_num_queries(1):
            page(Companies, visible(alice.actor, Companies), FIELDS, order=order, limit=limit)
