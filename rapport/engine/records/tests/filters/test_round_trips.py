"""Text, tree and JSON say the same: each converts to the other without loss."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.jsonform import from_json, to_json
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import (
    EVERYTHING,
    MAX_DEPTH,
    MAX_TEXT,
    All,
    AnyOf,
    Leaf,
    Node,
    NoneOf,
    Op,
    both,
    depth,
    normal,
)
from rapport.engine.records.filters.values import (
    Bool,
    Day,
    Id,
    Ident,
    Me,
    Moment,
    Number,
    Period,
    Relative,
    Text,
    Unit,
    Value,
)
from rapport.engine.records.tests.filters.trees import trees

KEY = UUID("0193a8f2-0000-7000-8000-00000000abcd")


def leaf(path: str, op: str = "is empty", *values: Value) -> Leaf:
    return Leaf(tuple(path.split(".")), Op(op), values)


A, B, C = leaf("a"), leaf("b"), leaf("c")


@settings(deadline=None, max_examples=150)
@given(trees)
def test_text_gives_back_every_normal_tree(tree: Node) -> None:
    tree = normal(tree)
    text = to_text(tree)
    assume(len(text) <= MAX_TEXT and depth(tree) <= MAX_DEPTH)
    assert parse(text) == tree
    assert to_text(parse(text)) == text


@settings(deadline=None, max_examples=100)
@given(trees)
def test_json_gives_back_every_normal_tree(tree: Node) -> None:
    tree = normal(tree)
    assume(depth(tree) <= MAX_DEPTH)
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


@settings(deadline=None, max_examples=100)
@given(trees)
def test_normalising_twice_changes_nothing(tree: Node) -> None:
    assert normal(normal(tree)) == normal(tree)


@settings(deadline=None, max_examples=150)
@given(st.text("abNO =!<>~()\",.'-+0123inotr\\ \n", max_size=40))
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    tree, error = read(text)
    if error is None:
        assert parse(to_text(tree)) == tree
    else:
        assert 0 <= error.position <= error.position + error.length <= len(text)
        assert str(error)


def read(text: str) -> tuple[Node, FilterError | None]:
    try:
        return parse(text), None
    except FilterError as error:
        return EVERYTHING, error


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", EVERYTHING),
        ("country = NO", leaf("country", "=", Ident("NO"))),
        ('company.industry != "retail trade"', leaf("company.industry", "!=", Text("retail trade"))),
        ("country in (NO, SE)", leaf("country", "in", Ident("NO"), Ident("SE"))),
        ("country not in (IS, IN)", leaf("country", "not in", Ident("IS"), Ident("IN"))),
        ("owner = me", leaf("owner", "=", Me())),
        ("size >= 12.5", leaf("size", ">=", Number(Decimal("12.5")))),
        ("size < -3", leaf("size", "<", Number(Decimal(-3)))),
        ("born = 2026-03-14", leaf("born", "=", Day(date(2026, 3, 14)))),
        ("seen > 2026-03-14T09:30", leaf("seen", ">", Moment(datetime(2026, 3, 14, 9, 30)))),
        ("seen > 2026-03-14T09:30:05Z", leaf("seen", ">", Moment(datetime(2026, 3, 14, 9, 30, 5, tzinfo=UTC)))),
        ("created_at > -90d", leaf("created_at", ">", Relative(-90, Unit.DAY))),
        ("closes_on <= +2w", leaf("closes_on", "<=", Relative(2, Unit.WEEK))),
        ("closes_on = today", leaf("closes_on", "=", Relative(0, Unit.DAY))),
        ("seen < now", leaf("seen", "<", Relative(0, Unit.HOUR))),
        ("closes_on in this quarter", leaf("closes_on", "within", Period("this", Unit.QUARTER))),
        ("closes_on in next 7d", leaf("closes_on", "within", Period("next", Unit.DAY, 7))),
        ("name ~ fjord", leaf("name", "~", Ident("fjord"))),
        ('name !~ "a \\"b\\" \\\\ c\\n"', leaf("name", "!~", Text('a "b" \\ c\n'))),
        ("name starts with B", leaf("name", "starts with", Ident("B"))),
        ("phone is empty", leaf("phone", "is empty")),
        ("phone is not empty", leaf("phone", "is not empty")),
        ("vip = true", leaf("vip", "=", Bool(True))),
        (f"owner = {KEY}", leaf("owner", "=", Id(KEY))),
        ("a is empty and b is empty", All((A, B))),
        ("(a is empty and b is empty) or c is empty", AnyOf((All((A, B)), C))),
        ("a is empty and (b is empty or c is empty)", All((A, AnyOf((B, C))))),
        ("not (a is empty)", NoneOf((A,))),
        ("a is empty and not (b is empty or c is empty)", All((A, NoneOf((B, C))))),
        ("not ((a is empty and b is empty) or c is empty)", NoneOf((All((A, B)), C))),
    ],
)
def test_the_shortest_text_of_a_tree(text: str, tree: Node) -> None:
    assert parse(text) == tree
    assert to_text(tree) == text


@pytest.mark.parametrize(
    ("said", "normal_text"),
    [
        ("country in (NO,SE) and\n(owner=me)", "country in (NO, SE) and owner = me"),
        ("a IS EMPTY And b is Not Empty", "a is empty and b is not empty"),
        ("a is empty or b is empty and c is empty", "a is empty or (b is empty and c is empty)"),
        ("((a is empty and (b is empty and c is empty)))", "a is empty and b is empty and c is empty"),
        ("not not a is empty", "a is empty"),
        ("not (not (a is empty or b is empty))", "a is empty or b is empty"),
        ("not a is empty and b is empty", "not (a is empty) and b is empty"),
        ("name = 'O\\'Hara'", 'name = "O\'Hara"'),
        ("name = “Bærum”", 'name = "Bærum"'),
        ("closes_on not in this month", "not (closes_on in this month)"),
        ("closes_on in last 30 days", "closes_on in last 30d"),
        ("closes_on = +0d", "closes_on = today"),
        ("seen > 2026-03-14T09:30+02:00", "seen > 2026-03-14T07:30Z"),
        ("size = 007.50", "size = 7.5"),
        ("size = -0", "size = 0"),
        ('country = "NO"', 'country = "NO"'),
    ],
)
def test_what_is_said_otherwise_becomes_normal(said: str, normal_text: str) -> None:
    assert to_text(parse(said)) == normal_text


def test_filters_join() -> None:
    assert both() == EVERYTHING
    assert both(EVERYTHING, A) == A
    assert both(All((A, B)), C) == All((A, B, C))
    assert both(AnyOf((A, B)), C) == All((AnyOf((A, B)), C))


def test_an_empty_group_is_no_filter() -> None:
    for tree in (AnyOf(()), NoneOf(()), All((A, All(()))), AnyOf((A, NoneOf(())))):
        with pytest.raises(ValueError, match="empty group"):
            normal(tree)


def test_values_that_cannot_be_written_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="quotes"):
        Ident("me")
    with pytest.raises(ValueError, match="quotes"):
        Ident(str(KEY))
    with pytest.raises(ValueError, match="NUL"):
        Text("a\0")
    with pytest.raises(ValueError, match="UTC"):
        Moment(datetime.fromisoformat("2026-03-14T09:30+02:00"))
    with pytest.raises(ValueError, match="path"):
        leaf("not.a")
    with pytest.raises(ValueError, match="does not take"):
        leaf("a", "=", Ident("b"), Ident("c"))
    with pytest.raises(ValueError, match="digits"):
        Number(Decimal("1e99"))
