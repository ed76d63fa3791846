"""A filter that cannot be read says where and what to write instead."""

import pytest

from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.tree import MAX_LEAVES, MAX_LIST, MAX_TEXT


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
        ("owner = my team", "my", "my is not known here."),
        ("count(orders where total > 1) >= 2", "count", "count(…) is not known here."),
        ('not did("email.opened", 30d)', "did", "did(…) is not known here."),
        ('in segment("at-risk")', "in segment", "in segment(…) is not known here."),
        ("stage held 14d", "held", "held is not known here"),
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
