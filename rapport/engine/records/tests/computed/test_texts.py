"""Formulas as text: what is written parses back to the same, and what cannot be is told with its place and mend."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.customers.record_types import CompanyType, PersonType
from rapport.engine.records.computed.graph import read_formula, scope_of
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.tree import All as Every
from rapport.engine.records.filters.tree import Function, Leaf, Op
from rapport.engine.records.filters.values import Bool, Day, Number, Relative, Text, Unit
from rapport.engine.records.formulas.bind import bind_formula
from rapport.engine.records.formulas.complete import complete_formula
from rapport.engine.records.formulas.parse import parse_formula
from rapport.engine.records.formulas.text import formula_text
from rapport.engine.records.formulas.tree import Asks, Call, Compare, Literal, Logic, Made, Name, Span, Sum

WORDS = st.sampled_from(["size", "revenue", "name", "x_own", "birthday"])
PATHS = st.lists(WORDS, min_size=1, max_size=3).map(tuple)
VALUES = st.one_of(
    st.decimals(-1000, 1000, places=2).map(Number),
    st.text(alphabet='ab"\\ \nØ', max_size=6).map(Text),
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)).map(Day),
    st.booleans().map(Bool),
    st.sampled_from([Relative(0, Unit.DAY), Relative(-1, Unit.DAY), Relative(1, Unit.DAY)]),
)
TAILS = st.one_of(
    st.builds(Leaf, PATHS, st.just(Op.EMPTY)),
    st.builds(Leaf, PATHS, st.just(Op.FILLED)),
    st.builds(lambda path, text: Leaf(path, Op.CONTAINS, (Text(text),)), PATHS, st.text("ab", min_size=1)),
    st.builds(lambda path, one: Leaf(path, Op.IN, (Number(Decimal(one)),)), PATHS, st.integers(0, 9)),
)
LEAVES = st.one_of(
    VALUES.map(Literal),
    PATHS.map(Name),
    st.builds(Span, st.integers(1, 90), st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH])),
    st.builds(Made, st.sampled_from(list(Function)), PATHS, st.one_of(st.just(Every(())), TAILS)),
    TAILS.map(Asks),
)


def branches(parts):
    pairs = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Sum, st.sampled_from("+-*/"), parts, parts),
        st.builds(Compare, parts, st.sampled_from([Op.EQ, Op.NE, Op.GT, Op.GE, Op.LT, Op.LE]), parts),
        st.builds(Logic, st.sampled_from(["and", "or"]), pairs),
        st.builds(lambda part: Logic("not", (part,)), parts),
        st.builds(lambda part: Call("negative", (part,)), parts),
        st.builds(Call, st.sampled_from(["round", "if", "max"]), pairs),
    )


@given(st.recursive(LEAVES, branches, max_leaves=12))
def test_text_and_tree_are_the_same(tree):
    assert parse_formula(formula_text(tree)) == tree


@pytest.mark.parametrize(
    "text",
    [
        "round(revenue / size, 2)",
        'if(size > 30, "large", size > 5, "middle", "small")',
        "count(people where stage = customer and birthday > 1990-01-01) * 2 - 1",
        "industry = retail or size >= 10 and not (city is empty)",
        "sum(companies.revenue) + revenue",
        "max(days(created_at), 7)",
        'coalesce(parent.name, name) + " (" + text(size) + ")"',
    ],
)
@pytest.mark.django_db
def test_what_is_bound_is_written_so_that_it_means_the_same(text):
    bound, _inputs = read_formula(CompanyType, text)
    again = bind_formula(parse_formula(formula_text(bound.node)), scope_of(CompanyType))
    assert formula_text(again.node) == formula_text(bound.node)
    assert (again.node, again.kind) == (bound.node, bound.kind)


FAULTS = [
    ("", "Write a formula.", ""),
    ("birthdy * 2", "birthdy is not a field of people. Did you mean birthday?", "birthdy"),
    ("company.sise * 2", "Did you mean size?", "sise"),
    ("company * 2", "company is another record; name one of its fields. Did you mean company.name?", "company"),
    ("stage", "Stage can be asked in a condition only", "stage"),
    ("name + 1", "+ does not go between text and a number; text(…) makes text of a value.", "name + 1"),
    ("company.revenue + 1", "write money(…) around the number.", "company.revenue + 1"),
    ("created_at - birthday", "days(from, to) counts the days between.", "created_at - birthday"),
    ("rond(1.5)", "rond(…) is not known here. Did you mean round(…)?", "rond(1.5)"),
    ("round(1.5, 1.5)", "A whole number from 0 to 10 stands here.", "1.5"),
    ("left(name)", "This is written as left(text, 3).", "left(name)"),
    ("if(name, 1, 2)", "Here stands yes or no, not text.", "name"),
    ('if(name = "a", 1, "b")', "Here stands a number, not text.", '"b"'),
    ("if(1)", "Write if(condition, value, otherwise).", "if(1)"),
    ("stage = custumer", "custumer is not a choice of Stage. Did you mean customer?", "custumer"),
    ("stage held 14d", "A formula cannot ask what happened when; a filter can.", "held"),
    ('did("created")', "A formula cannot ask what happened when; a filter can.", "did"),
    ("owner = me", "A formula is the same for everybody: name a user.", "me"),
    ('company under "Acme"', "A formula cannot ask what lies under a record.", "under"),
    ("company.size-1 > 2", "Write spaces around a minus. Did you mean size - 1?", "size-1"),
    ("now", "A formula goes by the day. Did you mean today?", "now"),
    ("30d", "A formula gives a value, not a length of time.", "30d"),
    ("(1 + 2", "This parenthesis is not closed.", "("),
    ("1 +", "A value is missing here.", ""),
    ("min(birthday)", "birthday does not name records that point at people.", "birthday"),
    ("(1 + 1) in (2)", "in can follow a field only.", "in"),
    ("not 1", "Here stands yes or no, not a number.", "1"),
]


@pytest.mark.parametrize(("text", "says", "at"), FAULTS)
@pytest.mark.django_db
def test_what_cannot_be_is_told_with_its_place(text, says, at):
    with pytest.raises(FilterError) as refused:
        read_formula(PersonType, text)
    error = refused.value
    assert says in error.message
    assert text[error.position :][: error.length] == at


def test_a_formula_is_not_endless():
    with pytest.raises(FilterError, match="too long"):
        parse_formula("1 + " * 600 + "1")
    with pytest.raises(FilterError, match="too many parts"):
        parse_formula("1+" * 120 + "1")
    with pytest.raises(FilterError, match="nested"):
        parse_formula("(" * 60 + "1" + ")" * 60)


@pytest.mark.parametrize(
    ("text", "first", "among"),
    [
        ("", "name", "name"),
        ("rou", "round(", "round("),
        ("round(rev", "revenue", "revenue"),
        ("if(industry = re", "retail", "retail"),
        ("count(peo", "people", "people"),
        ("sum(companies.", "companies.revenue", "companies.size"),
        ("count(people where st", "stage", "stage"),
        ("if(size > 3, na", "name", "name"),
        ("size + 1", "", ""),
        ("parent.na", "parent.name", "parent.name"),
    ],
)
@pytest.mark.django_db
def test_what_could_come_next_is_offered(text, first, among):
    offered = [one.insert.strip() for one in complete_formula(text, len(text), scope_of(CompanyType))]
    assert (offered or [""])[0] == first or among in offered
    assert among in (offered or [""])
    assert not {"did(", "changed("} & set(offered)
