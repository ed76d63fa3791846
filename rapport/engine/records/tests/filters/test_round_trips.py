"""Text, tree and JSON say the same: each converts to the other without loss."""

import json
from dataclasses import replace
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
    Changed,
    Did,
    Function,
    Held,
    Leaf,
    Node,
    NoneOf,
    Op,
    Over,
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
    MyTeam,
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


def made(said: str, op: str = "is empty", *values: Value, where: Node = EVERYTHING) -> Leaf:
    function, path = said.rstrip(")").split("(")
    return replace(leaf(path, op, *values), over=Over(Function(function), where))


A, B, C = leaf("a"), leaf("b"), leaf("c")
MONTHLY = Period("last", Unit.DAY, 30)


def number(value: int) -> Number:
    return Number(Decimal(value))


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
    is_read_or_refused(text)


def is_read_or_refused(text: str) -> None:
    tree, error = read(text)
    if error is None:
        assert parse(to_text(tree)) == tree
    else:
        assert 0 <= error.position <= error.position + error.length <= len(text)
        assert str(error)


PIECES = (
    'count( last( did( changed( ( ) "created" a memberships . , where held under 30d 2 days this month and not = in'
)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES.split()), max_size=12).map(" ".join))
def test_any_sentence_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    is_read_or_refused(text)


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
        ("owner = my team", leaf("owner", "=", MyTeam())),
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
        ("count(orders) > 2", made("count(orders)", ">", Number(Decimal(2)))),
        ("count(company.orders) in (0, 2)", made("count(company.orders)", "in", *map(number, (0, 2)))),
        ("sum(orders.total where a is empty) >= 2", made("sum(orders.total)", ">=", number(2), where=A)),
        ("avg(orders.total) is empty", made("avg(orders.total)")),
        ("min(orders.made_on) in last 30d", made("min(orders.made_on)", "within", Period("last", Unit.DAY, 30))),
        ("max(orders.made_on) = today", made("max(orders.made_on)", "=", Relative(0, Unit.DAY))),
        ('first(orders.title) ~ "x"', made("first(orders.title)", "~", Text("x"))),
        (
            "last(orders.stage where a is empty or b is empty) != won",
            made("last(orders.stage)", "!=", Ident("won"), where=AnyOf((A, B))),
        ),
        (
            "count(a where count(b where c is empty) > 1) > 2",
            made("count(a)", ">", number(2), where=made("count(b)", ">", number(1), where=C)),
        ),
        ('did("notes.created")', Did("notes.created")),
        ('did("notes.created", 30d)', Did("notes.created", MONTHLY)),
        ('did("notes.created", 2)', Did("notes.created", times=2)),
        (
            'did("notes.created", this month, 2 where a is empty)',
            Did("notes.created", Period("this", Unit.MONTH), 2, A),
        ),
        ('not (did("notes.created"))', NoneOf((Did("notes.created"),))),
        ("changed(stage)", Changed(("stage",))),
        ("changed(company.stage, last year)", Changed(("company", "stage"), Period("last", Unit.YEAR))),
        ("stage held 14d", Held(("stage",), Period("last", Unit.DAY, 14))),
        ("company.stage held 2q", Held(("company", "stage"), Period("last", Unit.QUARTER, 2))),
        ('company under "Fjord"', leaf("company", "under", Text("Fjord"))),
    ],
)
def test_the_shortest_text_of_a_tree(text: str, tree: Node) -> None:
    assert parse(text) == tree
    assert to_text(tree) == text
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


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
        ("COUNT(orders)>2", "count(orders) > 2"),
        ("count( orders where ( a is empty ) ) not in (1)", "count(orders where a is empty) not in (1)"),
        ("min(orders.on) not in this month", "not (min(orders.on) in this month)"),
        ("did('notes.created', last 30 days, 1)", 'did("notes.created", 30d)'),
        ("Did(“notes.created”,2 WHERE a is empty)", 'did("notes.created", 2 where a is empty)'),
        ('did("notes.created", 30 days, 3)', 'did("notes.created", 30d, 3)'),
        ("changed ( stage , 2 weeks )", "changed(stage, 2w)"),
        ("stage HELD last 14 days", "stage held 14d"),
        ("count = 2 and did = 3 and held held 3d", "count = 2 and did = 3 and held held 3d"),
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
    with pytest.raises(ValueError, match="length of time"):
        Held(("a",), Period("this", Unit.MONTH))
    with pytest.raises(ValueError, match="digits"):
        Number(Decimal("1e99"))
