"""The values of formulas, as the database works them out, beside those that plain Python makes of the same records."""

import datetime as dt
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rapport.customers.record_types import CompanyType, PersonType
from rapport.engine.records.actions import create_record
from rapport.engine.records.computed.graph import read_formula, scope_of
from rapport.engine.records.computed.working import evaluation
from rapport.engine.records.filters.tree import Op
from rapport.engine.records.filters.values import Day, Number, Relative, Text, Unit
from rapport.engine.records.formulas.compile import worked_out
from rapport.engine.records.formulas.parse import parse_formula
from rapport.engine.records.formulas.text import formula_text
from rapport.engine.records.formulas.tree import Call, Compare, Literal, Logic, Name, Span, Sum
from rapport.engine.records.tests.computed.oracle import TODAY, value

NOON = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)
COMPANIES = [
    {"name": "Fjord AS", "size": 40, "city": "Bodø", "industry": "retail"},
    {"name": "Ærø", "size": 0, "vat_number": "DK 12"},
    {"name": "Bare"},
    {"name": "Huge", "size": 2**31 - 1, "parent": 0},
    {"name": "small", "size": 3, "vat_number": "no 9", "parent": 1},
]
PEOPLE = [
    {"name": "Ann", "birthday": dt.date(1990, 2, 28), "company": 0, "source": "fair"},
    {"name": "Bo", "birthday": dt.date(2024, 2, 29), "company": 1},
    {"name": "åse", "company": 2, "source": "Ann"},
    {"name": "Dag", "birthday": TODAY},
    {"name": "Eve", "birthday": dt.date(2030, 1, 31), "company": 4, "source": "eve"},
]


@pytest.fixture
def world(db, do):
    """The records by type, as dicts; what they point at as dicts too."""
    companies, people = [], []
    for given_ in COMPANIES:
        raw = {k: str(companies[v]["pk"]) if k == "parent" else v for k, v in given_.items() if k != "city"}
        row = do(create_record, CompanyType, raw)
        companies.append(
            given_ | {"pk": row.pk} | ({"parent": companies[given_["parent"]]} if "parent" in given_ else {})
        )
    for given_ in PEOPLE:
        raw = {k: str(companies[v]["pk"]) if k == "company" else str(v) for k, v in given_.items()}
        row = do(create_record, PersonType, raw)
        people.append(
            given_ | {"pk": row.pk} | ({"company": companies[given_["company"]]} if "company" in given_ else {})
        )
    for one in companies:
        one.pop("city", None)
        one["size"] = None if one.get("size") is None else Decimal(one["size"])
    return people


def name(*path):
    return Name(tuple(path))


OPS = st.sampled_from([Op.EQ, Op.NE, Op.GT, Op.GE, Op.LT, Op.LE])
SPANS = st.builds(Span, st.integers(1, 14), st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR]))


def by_name(make):
    """A strategy that shows itself by its name: all that it is made of would be told at length, and refused."""
    known = cache(make)

    def drawn(draw, depth):
        return draw(known(depth))

    drawn.__name__ = make.__name__
    return st.composite(drawn)


@by_name
def number(depth):
    leaf = st.one_of(
        st.sampled_from([name("company", "size"), name("company", "parent", "size")]),
        st.integers(-5, 60).map(lambda n: Literal(Number(Decimal(n)))),
    )
    if not depth:
        return leaf
    part, day = number(depth - 1), days(depth - 1)
    return st.one_of(
        leaf,
        st.builds(Sum, st.sampled_from("+-*/"), part, part),
        st.builds(lambda which, a: Call(which, (a,)), st.sampled_from(["negative", "abs"]), part),
        st.builds(lambda which, a, b: Call(which, (a, b)), st.sampled_from(["min", "max", "coalesce"]), part, part),
        st.builds(lambda c, a, b: Call("if", (c, a, b)), condition(depth - 1), part, part),
        st.builds(lambda c, a: Call("if", (c, a)), condition(depth - 1), part),
        text(depth - 1).map(lambda a: Call("length", (a,))),
        st.builds(lambda which, a: Call(which, (a,)), st.sampled_from(["year", "days", "years"]), day),
        st.builds(lambda a, b: Sum("-", a, b), day, day),
    )


@by_name
def text(depth):
    leaf = st.one_of(
        st.sampled_from([name("name"), name("source"), name("company", "name"), name("company", "vat_number")]),
        st.sampled_from(["", "Ann", "fjord as", "x"]).map(lambda one: Literal(Text(one))),
    )
    if not depth:
        return leaf
    part = text(depth - 1)
    return st.one_of(
        leaf,
        st.builds(lambda a, b: Sum("+", a, b), part, part),
        part.map(lambda a: Call("upper", (a,))),
        st.builds(lambda a, n: Call("left", (a, Literal(Number(Decimal(n))))), part, st.integers(0, 4)),
        st.builds(lambda c, a, b: Call("if", (c, a, b)), condition(depth - 1), part, part),
        st.builds(lambda a, b: Call("coalesce", (a, b)), part, part),
    )


@by_name
def days(depth):
    leaf = st.one_of(
        st.just(name("birthday")),
        st.sampled_from([Day(dt.date(2026, 1, 31)), Relative(0, Unit.DAY)]).map(Literal),
    )
    if not depth:
        return leaf
    part = days(depth - 1)
    return st.one_of(
        leaf,
        st.builds(Sum, st.sampled_from("+-"), part, SPANS),
        st.builds(lambda a, b: Call("max", (a, b)), part, part),
    )


def looks_for_something(asked):
    """Whether a condition is one: an empty text is refused there, for `is empty` asks that."""
    return Literal(Text("")) not in (asked.left, asked.right)


@by_name
def condition(depth):
    leaf = st.one_of(
        st.builds(Compare, number(depth), OPS, number(depth)),
        st.builds(Compare, text(depth), st.sampled_from([Op.EQ, Op.NE]), text(depth)).filter(looks_for_something),
        st.builds(Compare, days(depth), OPS, days(depth)),
    )
    if not depth:
        return leaf
    part = condition(depth - 1)
    return st.one_of(
        leaf,
        st.builds(lambda word, a, b: Logic(word, (a, b)), st.sampled_from(["and", "or"]), part, part),
        part.map(lambda a: Logic("not", (a,))),
    )


def worked(rtype, text):
    bound, _inputs = read_formula(rtype, text)
    found = rtype.rows().annotate(made=worked_out(bound, scope_of(rtype), evaluation(NOON)))
    return dict(found.values_list("pk", "made"))


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=st.one_of(number(2), text(2), days(2), condition(2)))
@example(tree=Sum("/", name("company", "size"), Literal(Number(Decimal(0)))))
def test_a_formula_gives_what_plain_python_gives(world, tree):
    made = worked(PersonType, formula_text(tree))
    for row in world:
        wanted, found = value(tree, row), made[row["pk"]]
        if isinstance(wanted, Decimal) and found is not None:
            assert abs(found - wanted) <= max(abs(wanted), 1) * Decimal("1e-9"), (formula_text(tree), row)
        elif isinstance(wanted, Decimal):
            assert abs(wanted) >= Decimal(10) ** 20
        elif isinstance(wanted, dt.date) and not dt.date.min <= wanted <= dt.date.max:
            assert found is None
        else:
            assert found == wanted, (formula_text(tree), row)


OF_RECORDS = {
    "count(people)": [1, 1, 1, 0, 1],
    "count(people where birthday is not empty)": [1, 1, 0, 0, 1],
    "sum(companies.size)": [2**31 - 1, 3, 0, 0, 0],
    "avg(companies.size)": [2**31 - 1, 3, None, None, None],
    "max(people.birthday)": [dt.date(1990, 2, 28), dt.date(2024, 2, 29), None, None, dt.date(2030, 1, 31)],
    "last(people.name)": ["Ann", "Bo", "åse", None, "Eve"],
    "max(people.birthday) + 1mo": [dt.date(1990, 3, 28), dt.date(2024, 3, 29), None, None, dt.date(2030, 2, 28)],
    "count(companies) + count(memberships) * 10": [11, 11, 10, 0, 10],
    "industry = retail": [True, False, False, False, False],
    'if(name ~ "r", "r", vat_number is empty, "none", vat_number)': ["r", "r", "r", "none", "no 9"],
    "round(size / 7, 2)": [Decimal("5.71"), 0, None, Decimal("306783378.14"), Decimal("0.43")],
    "floor(size / 7) + ceil(size / 7)": [11, 0, None, 613566757, 1],
    'replace(name, "A", "") + "!"': ["Fjord S!", "Ærø!", "Bare!", "Huge!", "small!"],
    'right(trim(name + " "), 2)': ["AS", "rø", "re", "ge", "ll"],
    "text(size)": ["40", "0", None, "2147483647", "3"],
    "add_days(2026-01-31, size)": [dt.date(2026, 3, 12), dt.date(2026, 1, 31), None, None, dt.date(2026, 2, 3)],
    "add_months(2026-01-31, size)": [dt.date(2029, 5, 31), dt.date(2026, 1, 31), None, None, dt.date(2026, 4, 30)],
    "months(2025-12-23)": [10] * 5,
    "months(2026-12-23, 2025-12-22)": [-12] * 5,
    "weekday(today) * 10000 + year(today) - month(today) - day(today)": [70000 + 2026 - 11 - 22] * 5,
    "size * size * size * size * size * size": [Decimal(40) ** 6, 0, None, None, 729],
    "money(size) * 2": [80, 0, None, 2**32 - 2, 6],
    'size > 1 and size < 10 or name = "fjord as"': [True, False, False, False, True],
}


@pytest.mark.django_db
@pytest.mark.parametrize("text", OF_RECORDS)
def test_what_is_made_of_records_and_by_functions(world, text):
    made = worked(CompanyType, text)
    keys = {row["name"]: row["pk"] for row in CompanyType.rows().values("name", "pk")}
    assert [made[keys[one["name"]]] for one in COMPANIES] == OF_RECORDS[text]


@pytest.mark.django_db
def test_money_is_that_of_the_house_and_days_begin_in_its_zone(do):
    acme = do(create_record, CompanyType, {"name": "Acme", "size": 3, "revenue": "100 EUR"})
    other = do(create_record, CompanyType, {"name": "Other", "size": 3, "revenue": "100 USD"})
    assert worked(CompanyType, "revenue / size") == {acme.pk: Decimal("33.33"), other.pk: None}
    assert worked(CompanyType, "revenue / revenue") == {acme.pk: 1, other.pk: None}
    late = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    assert evaluation(late).clock.today == late.astimezone(ZoneInfo("UTC")).date()
    assert parse_formula("today") == Literal(Relative(0, Unit.DAY))
