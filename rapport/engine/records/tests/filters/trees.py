"""Any filter there can be, for property tests."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from rapport.engine.records.filters.tree import LISTS, NO_VALUE, NOT_FIRST, All, AnyOf, Leaf, Node, NoneOf, Op
from rapport.engine.records.filters.values import (
    CALENDAR,
    LONGEST,
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
    is_word,
)

units = st.sampled_from(Unit)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
words = st.one_of(
    st.from_regex(r"[A-Za-zæøé_][\wøå]{0,5}(-[a-z0-9]{1,3})?", fullmatch=True),
    st.sampled_from(["NO", "OR", "Me", "NOT", "at-risk", "x_size"]),
).filter(is_word)
numbers = st.decimals(-(10**12), 10**12, allow_nan=False, places=4) | st.integers(-(10**20), 10**20).map(Decimal)
years = {"min_value": dt.datetime(1000, 1, 1), "max_value": dt.datetime(9000, 12, 31)}
moments = st.datetimes(**years) | st.datetimes(**years).map(lambda moment: moment.replace(tzinfo=dt.UTC))


@st.composite
def relatives(draw: st.DrawFn) -> Relative:
    unit = draw(units)
    return Relative(draw(st.integers(-LONGEST[unit], LONGEST[unit])), unit)


@st.composite
def rolling(draw: st.DrawFn) -> Period:
    unit = draw(units)
    return Period(draw(st.sampled_from(["last", "next"])), unit, draw(st.integers(1, LONGEST[unit])))


periods = rolling() | st.builds(
    Period, st.sampled_from(["this", "last", "next"]), st.sampled_from(list(CALENDAR.values()))
)
values = st.one_of(
    st.builds(Text, texts),
    st.builds(Ident, words),
    st.builds(Number, numbers),
    st.builds(Day, st.dates(dt.date(1000, 1, 1), dt.date(9000, 1, 1))),
    st.builds(Moment, moments),
    st.builds(Bool, st.booleans()),
    st.just(Me()),
    relatives(),
    st.builds(Id, st.uuids()),
)
segments = words.filter(lambda word: word.lower() not in NOT_FIRST)
paths = st.lists(segments, min_size=1, max_size=3).map(tuple)


@st.composite
def leaves(draw: st.DrawFn) -> Leaf:
    op = draw(st.sampled_from(Op))
    if op in NO_VALUE:
        given = ()
    elif op is Op.WITHIN:
        given = (draw(periods),)
    else:
        given = tuple(draw(st.lists(values, min_size=1, max_size=3 if op in LISTS else 1)))
    return Leaf(draw(paths), op, given)


def groups(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(All, several), st.builds(AnyOf, several), st.builds(NoneOf, several))


trees = st.recursive(leaves(), groups, max_leaves=10)
