"""The builder works as a plain form: rows there, a tree back."""

import pytest
from django.http import QueryDict
from django.utils.http import urlencode
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.builder import Form, Row, from_form, read_form, to_form
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import EVERYTHING, All, AnyOf, Leaf, Node, NoneOf, normal
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
    assert in_order(from_form(sent(form, "w."), SCOPE, "w.")) == in_order(tree)


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
    assert to_text(from_form(data, SCOPE)) == "country in (NO, SE) or vip = true"
    assert from_form(QueryDict(""), SCOPE) == EVERYTHING


def test_what_was_typed_wrong_is_pointed_at_and_kept() -> None:
    data = QueryDict("0.field=name&0.op=~&0.value=x&1.field=size&1.op=%3E&1.value=many")
    with pytest.raises(FilterError) as caught:
        from_form(data, SCOPE)
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
        from_form(QueryDict(query), SCOPE)
    assert caught.value.pointer == pointer
