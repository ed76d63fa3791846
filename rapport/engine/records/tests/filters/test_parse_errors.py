"""A filter that cannot be read says where and what to write instead."""

import pytest

from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.tree import MAX_COST, MAX_DEPTH, MAX_LEAVES, MAX_LIST, MAX_TEXT, cost, depth


def fault(text: str) -> FilterError:
    with pytest.raises(FilterError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("country", "", "An operator is missing after country."),
        ("country = ", "", "A value is missing after =."),
        ("country in", "", "list in parentheses"),
        ("country in (NO, SE", "(", "This list is not closed."),
        ("country in ()", ")", "A value is missing after (."),
        ("country in (NO SE)", "SE", "SE is not expected here."),
        ("country = NO and", "", "A condition is missing here."),
        ("and country = NO", "and", "A condition is missing here."),
        ("(country = NO", "(", "This parenthesis is not closed."),
        ("country = NO)", ")", ") is not expected here."),
        ("country = NO owner = me", "owner", "owner is not expected here."),
        ('"NO" = country', '"NO"', "begins with a field name"),
        ("company. = NO", "=", "A field name is missing after the dot."),
        ("name = and", "and", "A value is missing after =."),
        ("born = 2026-02-30", "2026-02-30", "There is no such date"),
        ("born = 0999-02-03", "0999-02-03", "There is no such date"),
        ("born > +9999y", "+9999y", "at most 100 years"),
        ("born in last 999999d", "last 999999d", "at most 100 years long"),
        ("born in last 0w", "last 0w", "at least 1"),
        ("born in this 7d", "7d", "After this stands week"),
        ("born in (this week)", "this week", "A list holds no periods."),
        ("size = 1" + "0" * 60, "1" + "0" * 60, "too many digits"),
        ("size between 1 and 2", "between", "size >= … and size <= …"),
        ("name = a\0b", "\0", "cannot be used"),
        ('name = "a\\q"', "\\q", "means nothing here"),
        ("name ? x", "?", "? is not known here."),
        ("owner = my house", "house", "After my stands team."),
        ("owner = my", "", "After my stands team."),
        ("number(orders where total > 1) >= 2", "number", "number(…) is not known here."),
        ("count(orders where total > 1 >= 2", ">=", ">= is not expected here."),
        ("count(orders where total > 1", "(", "This parenthesis is not closed."),
        ("count(orders", "(", "This parenthesis is not closed."),
        ("count(", "", "A condition is missing here."),
        ("count(orders) where total > 1", "where", "where is not known here"),
        ("count(orders where)", ")", "A condition is missing here."),
        ("count(orders where total > 1) > 2 > 3", ">", "> is not expected here."),
        ("count(orders where (total > 1) > 2", ">", "> is not expected here."),
        ("count(orders and total > 1) > 2", "and", "and is not expected here."),
        ("count(orders,)", ",", ", is not expected here."),
        ("count(customer.) > 1", ")", "A field name is missing after the dot."),
        ('count("orders") > 1', '"orders"', "begins with a field name"),
        ('"count"(orders) > 1', '"count"', "begins with a field name"),
        ("count(changed(stage)) > 2", "changed", "changed(…) is not known here."),
        ("count(count(orders) > 1) > 2", "count", "count(…) is not known here."),
        ("count(orders)", "", "An operator is missing after count(orders)."),
        ("count(orders) and a is empty", "and", "An operator is missing after count(orders)."),
        ("count(orders where total > 1) under 3 in", "in", "in is not expected here."),
        ("did(opened, 30d)", "opened", "What happened stands here in quotes."),
        ('did("")', '""', "What happened stands here in quotes."),
        ("did()", ")", "What happened stands here in quotes."),
        ("did(", "", "What happened stands here in quotes."),
        ('did("email.opened"', "(", "This parenthesis is not closed."),
        ('did("email.opened" where at > -3d', "(", "This parenthesis is not closed."),
        ('did("email.opened", 2.5)', "2.5", "a whole number from 1 to 10000"),
        ('did("email.opened", 30d, 10001)', "10001", "a whole number from 1 to 10000"),
        ('did("email.opened", 30d, twice)', "twice", "a whole number from 1 to 10000"),
        ('did("email.opened", 0d)', "0d", "at least 1"),
        ('did("email.opened", last)', ")", "After last stands week"),
        ('did("email.opened") > 2', ">", "> is not expected here."),
        ('did("email.opened", soon)', "soon", "A length of time stands here"),
        ('did("email.opened", next week)', "next week", "lies in the past"),
        ('did("email.opened", 30d, 0)', "0", "a whole number from 1 to 10000"),
        ('did("email.opened", 30d, 2, 3)', ",", ", is not expected here."),
        ("changed(stage, )", ")", "A length of time stands here"),
        ("changed()", ")", "A condition is missing here."),
        ("changed(stage", "(", "This parenthesis is not closed."),
        ("changed(stage, 30d, 2)", ",", ", is not expected here."),
        ("changed(stage where a is empty)", "where", "where is not expected here."),
        ("changed(count(orders))", "count", "count(…) is not known here."),
        ("changed(stage) = 1", "=", "= is not expected here."),
        ('in segment("at-risk")', "in segment", "in segment(…) is not known here."),
        ("stage held", "", "A length of time stands here"),
        ("stage held this month", "this month", "A length of time stands here, such as 30d."),
        ("stage held next 7d", "next 7d", "A length of time stands here, such as 30d."),
        ("stage held soon", "soon", "A length of time stands here, such as 30d."),
        ("stage held 200y", "200y", "at most 100 years"),
        ("count(orders) held 3d", "held", "held is not known here"),
        ("stage held 14", "14", "A length is a whole number and a unit"),
        ("born > 14 d", "d", "d is not expected here."),
    ],
)
def test_the_place_and_the_sentence(text: str, place: str, message: str) -> None:
    error = fault(text)
    assert text[error.position : error.position + error.length] == place
    assert message in error.message


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("country == NO", "country = NO"),
        ("country <> NO", "country != NO"),
        ("size ≥ 3", "size >= 3"),
        ("a is empty && b is empty", "a is empty and b is empty"),
        ("! a is empty", "not a is empty"),
        ("country is NO", "country = NO"),
        ("country is not NO", "country != NO"),
        ("phone is null", "phone is empty"),
        ("phone is set", "phone is not empty"),
        ("phone is", "phone is empty"),
        ("phone = empty", "phone is empty"),
        ("phone != empty", "phone is not empty"),
        ("name contains fjord", "name ~ fjord"),
        ("born before today", "born < today"),
        ("name starts B", "name starts with B"),
        ("country in NO", "country in (NO)"),
        ("closes_on = this month", "closes_on in this month"),
        ("email = anna.berg@x.no", 'email = "anna.berg@x.no"'),
        ("phone = +4777601234", 'phone = "+4777601234"'),
        ("link = https://x.no", 'link = "https://x.no"'),
        ("size = 11-50", 'size = "11-50"'),
        ('name = "Oslo', 'name = "Oslo"'),
        ("born > 90d", "born > -90d"),
        ("born > -90days", "born > -90d"),
        ("born > -3m", "born > -3mo"),
        ("born > -3D", "born > -3d"),
        ("did(notes.created, 30d)", 'did("notes.created", 30d)'),
        ("did(created)", 'did("created")'),
        ("count(orders total > 1) > 2", "count(orders where total > 1) > 2"),
        ('did("created" by = me)', 'did("created" where by = me)'),
        ("stage held 14", "stage held 14d"),
        ("stage held 3m", "stage held 3mo"),
        ('did("created", 30days)', 'did("created", 30d)'),
    ],
)
def test_the_mend_can_be_applied(text: str, mended: str) -> None:
    error = fault(text)
    assert error.mended(text) == mended
    parse(mended)
    assert "Did you mean" in error.message


def test_limits_are_clear() -> None:
    assert "at most 4000 characters" in fault("a" * (MAX_TEXT + 1)).message
    assert "at most 50" in fault(" and ".join(["a is empty"] * (MAX_LEAVES + 1))).message
    assert "at most 200 values" in fault(f"a in ({', '.join(['1'] * (MAX_LIST + 1))})").message
    assert "nested too deeply" in fault("(" * 1500 + "a is empty" + ")" * 1500).message
    assert "nested too deeply" in fault("not " * 900 + "a is empty").message
    assert "nested too deeply" in fault(nested(9)).message
    assert "at most 500 characters" in fault(f'a = "{"x" * 501}"').message
    parse(" and ".join(["a is empty"] * MAX_LEAVES))
    parse(f"a in ({', '.join(['1'] * MAX_LIST)})")
    parse(nested(8))


def nested(levels: int) -> str:
    """`and` and `or` in turn, so that no level can be left out."""
    text = "a is empty"
    for level in range(levels):
        text = f"({text}) {'or' if level % 2 else 'and'} b is empty"
    return text


def test_other_records_and_the_journal_count_towards_the_limits() -> None:
    """50 conditions, those within parentheses included; 8 levels, each pair of parentheses with `where` being one."""
    inner = " or ".join(["a is empty"] * (MAX_LEAVES - 1))
    assert fault(f"{inner} or count(b where c is empty) > 1").position == len(f"{inner} or ")
    parse(f"count(b where {inner}) > 1")
    assert "at most 50" in fault(f"count(b where {inner} or a is empty) > 1").message
    assert "at most 50" in fault(f"count(b where {inner}) > 1 and a is empty").message
    assert depth(parse(within(MAX_DEPTH))) == MAX_DEPTH
    assert "at most 8 levels" in fault(within(MAX_DEPTH + 1)).message
    assert "nested too deeply" in fault(within(200)).message
    assert "nested too deeply" in fault('did("x" where ' * 200 + "a is empty" + ")" * 200).message


def within(levels: int) -> str:
    """`count(b where count(b where …) > 1) > 1`"""
    return "count(b where " * levels + "a is empty" + ") > 1" * levels


def test_what_a_filter_may_cost_is_limited() -> None:
    cheap = " and ".join(["count(a) > 1"] * 18)
    assert cost(parse(f"{cheap} and b is empty and b is empty")) == MAX_COST
    error = fault(f"{cheap} and b is empty and b.c is empty")
    assert "asks for too much at once: ask about fewer" in error.message
    assert (error.position, error.length) == (0, len(f"{cheap} and b is empty and b.c is empty"))
    inner = " or ".join(["count(b) > 1"] * 17)
    assert cost(parse(f"count(a where {inner}) > 1")) == 198
    assert "asks for too much" in fault(f"count(a where {inner} or count(b) > 1) > 1").message
    for dear in ("changed(a)", "a held 3d", 'did("a")', "sum(a.b where c is empty) > 1"):
        assert "asks for too much" in fault(" and ".join([dear] * 19)).message


def test_a_sentence_within_parentheses_is_normal_too() -> None:
    tree = parse('count(a where not not ((b is empty and (c is empty)))) > 1 and did("x" where (((d is empty))))')
    assert tree == parse('count(a where b is empty and c is empty) > 1 and did("x" where d is empty)')
