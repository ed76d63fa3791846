"""The builder works as a plain form: rows there, a tree back."""

import pytest
from django.http import QueryDict
from django.utils.http import urlencode
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rapport.customers.record_types import CompanyType, PersonType
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.builder import Form, Row, read_form, to_form
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import scope_for
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import EVERYTHING, MAX_DEPTH, All, AnyOf, Leaf, Node, NoneOf, depth, normal
from rapport.engine.records.tests.filters.sample import SCOPE

pytestmark = pytest.mark.usefixtures("sample_types")

CONDITIONS = """
    name ~ "fjord, næring" | name in ("a", "b c") | name = "0193a8f2-0000-7000-8000-00000000abcd" | name is empty
    name = "two\\nlines" | size >= 12.5 | size in (1, -2) | budget < 5 | vip = false | birthday = 2026-03-14
    birthday in this quarter | birthday > -90d | seen < now | seen in last 24h | seen >= 2026-03-14T09:30Z
    stage in (lead, "me", "11-50") | country != NO | tags = "big spender" | tags = vip | owner = me
    owner = "anna@x.no" | owner = 0193a8f2-0000-7000-8000-00000000abcd | firm = "Acme" | photo is not empty
    firm not in (0193a8f2-0000-7000-8000-00000000abcd) | firm.industry = retail | emails ~ "x.no"
"""
conditions = st.sampled_from(CONDITIONS.strip().replace("\n", "|").split("|")).map(parse)
some = st.lists(conditions, min_size=1, max_size=4).map(tuple)
kinds = st.sampled_from([All, AnyOf, NoneOf])
nested = st.builds(lambda kind, children: kind(children), kinds, some)
trees = st.builds(
    lambda kind, rows, groups: kind((*rows, *groups)), kinds, some, st.lists(nested, max_size=2).map(tuple)
)


def sent(form: Form, prefix: str = "") -> QueryDict:
    return QueryDict(urlencode(list(form.pairs(prefix))))


@settings(deadline=None, max_examples=100)
@given(trees)
def test_a_tree_survives_the_form(tree: Node) -> None:
    tree = normal(tree)
    form = to_form(tree)
    assume(form is not None)
    assert form is not None
    assert bind(tree, SCOPE) == tree
    assert in_order(read_form(sent(form, "w."), "w.").tree(SCOPE)) == in_order(tree)


def in_order(tree: Node) -> Node:
    """The same conditions in one order, because the builder shows single ones before groups."""
    if isinstance(tree, Leaf):
        return tree
    return type(tree)(tuple(sorted(map(in_order, tree.children), key=to_text)))


def test_rows_of_a_filter() -> None:
    form = to_form(parse("country in (NO, SE) and (vip = true or size > 3)"))
    assert form == Form(
        "all",
        [
            Row("country", "in", ["NO", "SE"]),
            Row("vip", "=", ["true"], group="1"),
            Row("size", ">", ["3"], group="1"),
        ],
        {"1": "any"},
    )
    assert to_form(EVERYTHING) == Form()
    assert to_form(parse("name is empty or not (vip = true and (size > 3 or size < 1))")) is None
    assert to_form(parse('name = "two\\nlines"')) is None


def test_lines_are_values_and_rows_without_a_field_are_no_conditions() -> None:
    data = QueryDict(
        "match=any&3.field=country&3.op=in&3.value=Norway%0D%0A%20SE%20%0D%0A&5.field=&5.op=%3D&5.value=x"
        "&12.field=vip&12.op=%3D&12.value=yes&page=2"
    )
    assert to_text(read_form(data).tree(SCOPE)) == "country in (NO, SE) or vip = true"
    assert read_form(QueryDict("")).tree(SCOPE) == EVERYTHING


def test_what_was_typed_wrong_is_pointed_at_and_kept() -> None:
    data = QueryDict("0.field=name&0.op=~&0.value=x&1.field=size&1.op=%3E&1.value=many")
    with pytest.raises(FilterError) as caught:
        read_form(data).tree(SCOPE)
    assert caught.value.pointer == "/1/value"
    assert "Size is a number, and many is none." in caught.value.message
    assert read_form(data).rows[1] == Row("size", ">", ["many"])


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("0.field=contry&0.op=%3D&0.value=x", "/0/field"),
        ("0.field=a%20b&0.op=%3D&0.value=x", "/0/field"),
        ("0.field=name&0.op=&0.value=x", "/0/op"),
        ("0.field=name&0.op=%3E&0.value=x", "/0/op"),
        ("0.field=name&0.op=%3D", "/0/value"),
        ("0.field=birthday&0.op=within&0.value=today", "/0/value"),
        ("0.field=birthday&0.op=%3D&0.value=14d", "/0/value"),
        ("0.field=name&0.op=%3D&0.value=%00", "/0/value"),
        ("0.field=name&0.op=in&" + "&".join(["0.value=x"] * 201), "/0/value"),
    ],
)
def test_faults_name_row_and_part(query: str, pointer: str) -> None:
    with pytest.raises(FilterError) as caught:
        read_form(QueryDict(query)).tree(SCOPE)
    assert caught.value.pointer == pointer


OF_PEOPLE = [
    "count(memberships) > 1",
    "count(memberships where primary = true) in (1, 2)",
    "count(company.people where stage = lead and (count(memberships where title is empty) > 1 or owner = me)) > 0",
    "sum(company.companies.size) >= 12.5",
    'avg(company.companies.revenue where not (name ~ "x" or size is empty)) is not empty',
    "min(memberships.since) < -90d",
    "max(memberships.since) in this quarter",
    'first(memberships.title) in ("a", "b, c")',
    "last(memberships.company where primary = true) = 0193a8f2-0000-7000-8000-00000000abcd",
    'company under "Fjord"',
    'did("created")',
    'did("notes.created", 30d, 2 where by = me or (actor in (flow, import) and at > -3d))',
    'did("notes.changed", last quarter)',
    'did("changed", 3)',
    "changed(stage)",
    "changed(company.industry, 7d)",
    "stage held 14d",
    "company.size held 2mo",
]


@pytest.mark.django_db
def test_other_records_and_the_journal_survive_the_form() -> None:
    scope = scope_for(SYSTEM, PersonType)
    several = [f"{' and '.join(half[::2])} and ({' or '.join(half[1::2])})" for half in (OF_PEOPLE[:9], OF_PEOPLE[9:])]
    for text in (*OF_PEOPLE, *(f"not ({text})" for text in OF_PEOPLE), *several):
        tree = bind(parse(text), scope)
        form = to_form(tree)
        assert form is not None, text
        assert read_form(sent(form, "w."), "w.") == form
        assert read_form(sent(form, "w."), "w.").tree(scope) == tree


def test_rows_of_other_records_and_of_the_journal() -> None:
    text = (
        'count(company.people where stage = lead and not (owner = me)) > 1 and last(memberships.title) ~ "own" and '
        'did("notes.created", 30d, 2 where by = me) and changed(stage, this month) and stage held 14d and changed(name)'
    )
    inner = Form("all", [Row("stage", "=", ["lead"]), Row("owner", "=", ["me"], group="1")], {"1": "none"})
    assert to_form(parse(text)) == Form(
        "all",
        [
            Row("@company.people", ">", ["1"], made="count", where=inner),
            Row("@memberships", "~", ["own"], made="last", of="title"),
            Row("!did", of="notes.created", within="30d", times="2", where=Form("all", [Row("by", "=", ["me"])])),
            Row("!changed", of="stage", within="this month"),
            Row("!held", of="stage", within="14d"),
            Row("!changed", of="name"),
        ],
    )
    assert to_form(parse("count(a where not (b is empty and (c is empty or d is empty))) > 1")) is None
    assert to_form(parse('did("x" where a = "two\\nlines")')) is None
    assert to_form(parse("sum(memberships) > 1")) == Form("all", [Row("@memberships", ">", ["1"], made="sum")])


def test_the_names_of_the_inputs_of_rows_within_rows() -> None:
    form = to_form(parse('count(a where did("x", 7d, 3 where c = d) or b is empty) > 1'))
    assert form is not None
    assert [pair for pair in form.pairs() if pair[1]] == [
        ("match", "all"),
        ("0.field", "@a"),
        ("0.op", ">"),
        ("0.value", "1"),
        ("0.made", "count"),
        ("0.where.match", "any"),
        ("0.where.0.field", "!did"),
        ("0.where.0.of", "x"),
        ("0.where.0.within", "7d"),
        ("0.where.0.times", "3"),
        ("0.where.0.where.match", "all"),
        ("0.where.0.where.0.field", "c"),
        ("0.where.0.where.0.op", "="),
        ("0.where.0.where.0.value", "d"),
        ("0.where.1.field", "b"),
        ("0.where.1.op", "is empty"),
    ]


@pytest.mark.django_db
def test_rows_as_they_are_sent() -> None:
    scope = scope_for(SYSTEM, PersonType)
    data = QueryDict(
        "match=any&0.field=%40memberships&0.op=%3E&0.value=1&0.of=title&0.where.match=none&0.where.3.field="
        "&0.where.7.field=title&0.where.7.op=in&0.where.7.value=a%0D%0Ab&1.field=!did&1.of=notes.created&1.within=+30+days+"
        "&1.times=&1.op=%3D&2.field=!held&2.of=stage&2.within=2+weeks&2.times=5&3.field=%40notes&3.op=%3D&3.value=0"
        "&3.where.match=all"
    )
    assert to_text(read_form(data).tree(scope)) == (
        'count(memberships where not (title in ("a", "b"))) > 1 or did("notes.created", 30d) or stage held 2w '
        "or count(notes) = 0"
    )


COUNT = "0.field=%40memberships&0.op=%3E&0.value=1"
INNER = f"{COUNT}&0.where.match=all&0.where.0.field=title&0.where.0.op=~&0.where.0.value=x&0.where.1."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "pointer", "message"),
    [
        ("0.field=%40membership&0.op=%3E&0.value=1", "/0/field", "Did you mean memberships?"),
        ("0.field=%40&0.op=%3E&0.value=1", "/0/field", "named by its slug"),
        ("0.field=%40company&0.op=%3E&0.value=1", "/0/field", "company does not name records"),
        (f"{COUNT}&0.made=median", "/0/made", "median(…) is not known here."),
        (f"{COUNT}&0.made=last", "/0/of", "Choose a field."),
        (f"{COUNT}&0.made=sum&0.of=title", "/0/of", "sum(…) cannot be made of title."),
        (f"{COUNT}&0.made=last&0.of=titel", "/0/of", "Did you mean title?"),
        (f"{COUNT}&0.made=last&0.of=a+b", "/0/field", "named by its slug"),
        ("0.field=%40memberships&0.op=~&0.value=1", "/0/op", "count(memberships) cannot be asked with ~"),
        ("0.field=%40memberships&0.op=%3E", "/0/value", "Write a value that fits"),
        ("0.field=%40memberships&0.op=%3E&0.value=many", "/0/value", "number of memberships is a number, and"),
        (f"{INNER}field=since&0.where.1.op=%3E&0.where.1.value=soon", "/0/where/1/value", "From is a date"),
        (f"{INNER}field=titel&0.where.1.op=~&0.where.1.value=x", "/0/where/1/field", "Did you mean title?"),
        (f"{INNER}field=title&0.where.1.op=%3E&0.where.1.value=x", "/0/where/1/op", "cannot be asked with >"),
        (f"{INNER}field=!did&0.where.1.of=createt", "/0/where/1/of", 'Did you mean "created"?'),
        (f"{INNER}field=!did&0.where.1.of=created&0.where.1.where.match=all&0.where.1.where.0.field=by"
         "&0.where.1.where.0.op=%3D&0.where.1.where.0.value=x", "/0/where/1/where/0/value", "By is a user"),
        ("0.field=!did", "/0/of", "Choose what happened."),
        ("0.field=!did&0.of=note.created", "/0/of", 'Did you mean "notes.created"?'),
        ("0.field=!did&0.of=created&0.within=soon", "/0/within", "or a period such as this month"),
        ("0.field=!did&0.of=created&0.within=next+week", "/0/within", "lies in the past"),
        ("0.field=!did&0.of=created&0.within=30", "/0/within", "Did you mean 30d?"),
        ("0.field=!did&0.of=created&0.within=30d+ago", "/0/within", "or a period such as this month"),
        ("0.field=!did&0.of=created&0.times=0", "/0/times", "a whole number from 1 to 10000"),
        ("0.field=!did&0.of=created&0.times=10001", "/0/times", "a whole number from 1 to 10000"),
        ("0.field=!did&0.of=created&0.times=twice", "/0/times", "a whole number from 1 to 10000"),
        ("0.field=!did&0.of=created&0.where.match=all&0.where.0.field=!did&0.where.0.of=created", "/0/where/0/of",
         "created is nothing that happens to events."),
        ("0.field=!did&0.of=created&0.where.match=all&0.where.0.field=%40notes&0.where.0.op=%3D&0.where.0.value=1",
         "/0/where/0/field", "notes does not name records that point at events."),
        ("0.field=!did&0.of=created&0.where.match=all&0.where.0.field=!changed&0.where.0.of=reason", "/0/where/0/of",
         "does not tell when reason changes"),
        ("0.field=!changed", "/0/of", "Choose a field."),
        ("0.field=!changed&0.of=city", "/0/of", "does not tell when city changes"),
        ("0.field=!changed&0.of=stage&0.within=3m", "/0/within", "Did you mean 3mo?"),
        ("0.field=!held&0.of=stagee&0.within=3d", "/0/of", "Did you mean stage?"),
        ("0.field=!held&0.of=stage", "/0/within", "A length of time stands here, such as 30d."),
        ("0.field=!held&0.of=stage&0.within=this+month", "/0/within", "A length of time stands here, such as 30d."),
        ("0.field=!held&0.of=stage&0.within=3d+ago", "/0/within", "A length of time stands here, such as 30d."),
        ("0.field=name&0.op=%3D&0.value=%00", "/0/value", "This character cannot be used"),
    ],
)  # fmt: skip
def test_faults_of_other_records_and_of_the_journal(query: str, pointer: str, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        read_form(QueryDict(query)).tree(scope_for(SYSTEM, PersonType))
    assert caught.value.pointer == pointer
    assert message in caught.value.message


@pytest.mark.django_db
def test_the_builder_has_the_limits_of_the_text() -> None:
    def form(rows: list[Row], where: Form | None = None) -> Form:
        return Form(rows=[*rows, *([Row("@companies", ">", ["1"], where=where)] if where else [])])

    name = Row("name", "is empty")
    scope = scope_for(SYSTEM, CompanyType)
    form([name], form([name] * 48)).tree(scope)
    for wrong, message in (
        (form([name] * 51), "at most 50"),
        (form([name], form([name] * 49)), "at most 50"),
        (form([Row("!changed", of="name")] * 19), "asks for too much"),
    ):
        with pytest.raises(FilterError, match=message):
            read_form(sent(wrong)).tree(scope)
    deep = form([name])
    for _level in range(MAX_DEPTH):
        deep = Form(rows=[Row("@companies", ">", ["1"], where=deep)])
    assert depth(read_form(sent(deep)).tree(scope)) == MAX_DEPTH
    for _level in range(3):
        deep = Form(rows=[Row("@companies", ">", ["1"], where=deep)])
        with pytest.raises(FilterError, match="nested too deeply"):
            read_form(sent(deep)).tree(scope)
