"""Any filter there can be, for property tests."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from rapport.engine.records.filters.tree import (
    EVERYTHING,
    LISTS,
    NO_VALUE,
    NOT_FIRST,
    All,
    Among,
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
)
from rapport.engine.records.filters.values import (
    CALENDAR,
    LONGEST,
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
    st.just(MyTeam()),
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


@st.composite
def made(draw: st.DrawFn, children: st.SearchStrategy[Node]) -> Leaf:
    """A condition on what is made of other records, with conditions on those."""
    leaf, where = draw(leaves()), draw(st.just(EVERYTHING) | children)
    return replace(leaf, over=Over(draw(st.sampled_from(Function)), where))


windows = periods.filter(lambda period: period.side != "next")
lengths = rolling().filter(lambda period: period.side == "last")
events = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)


@st.composite
def told(draw: st.DrawFn, children: st.SearchStrategy[Node]) -> Did | Changed | Held:
    """A condition on what the journal tells."""
    within = draw(st.none() | windows)
    did = st.builds(Did, events, st.just(within), st.integers(1, 99), st.just(EVERYTHING) | children)
    return draw(did | st.builds(Changed, paths, st.just(within)) | st.builds(Held, paths, lengths))


names = texts.filter(lambda text: bool(text.strip()))
kept = st.builds(Among, st.just("view"), st.builds(Text, names) | st.builds(Id, st.uuids()), st.just(()) | paths)


def groups(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=1, max_size=3).map(tuple)
    joined = st.one_of(st.builds(All, several), st.builds(AnyOf, several), st.builds(NoneOf, several))
    return joined | made(children) | told(children)


trees = st.recursive(leaves() | kept, groups, max_leaves=10)
