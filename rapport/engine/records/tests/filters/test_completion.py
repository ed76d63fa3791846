"""What is offered while a filter is typed. The cursor is the mark `|`."""

import pytest

from rapport.engine.records.filters.complete import complete
from rapport.engine.records.filters.scope import FieldRef
from rapport.engine.records.tests.filters.sample import SCOPE

pytestmark = pytest.mark.usefixtures("sample_types")


def offered(marked: str) -> list[str]:
    """The texts that would stand there after choosing each offer."""
    cursor = marked.index("|")
    text = marked.replace("|", "")
    found = complete(text, cursor, SCOPE, known)
    return [f"{text[: one.start]}{one.insert}{text[one.end :]}" for one in found]


def known(ref: FieldRef, typed: str) -> list[tuple[str, str]]:
    return [("Fjell & Fjord", "Fjell & Fjord")] if ref.field.slug == "firm" else []


@pytest.mark.parametrize(
    ("marked", "first"),
    [
        ("cou|", ["country"]),
        ("mark|", ["markets"]),
        ("firm.ind|", ["firm.industry"]),
        ("firm.|", ["firm.name", "firm.industry", "firm.parent"]),
        ("firm.sec|", []),
        ("vip = true and (si|", ["vip = true and (size"]),
        ("not nam|", ["not name"]),
        ("size |", ["size = ", "size != ", "size > "]),
        ("phones is|", ["phones is empty", "phones is not empty", "phones = "]),
        ("phones is not em|", ["phones is not empty"]),
        ("name con|", ["name ~ "]),
        ("name st|", ["name starts with "]),
        ("country in|", ["country in ("]),
        ("country in |", ["country in ("]),
        ("birthday in |", ["birthday in this week"]),
        ("birthday in this q|", ["birthday in this quarter"]),
        ("birthday > |", ["birthday > today", "birthday > yesterday"]),
        ("birthday > -9|", ["birthday > -90d"]),
        ("country = |", ["country = NO", "country = SE"]),
        ("country = swe|", ["country = SE"]),
        ("country in (NO, I|", ["country in (NO, IS", "country in (NO, IN"]),
        ("country in (NO |", ["country in (NO , ", "country in (NO )"]),
        ('stage = "11|', ['stage = "11-50"']),
        ("stage = ris|", ["stage = at-risk"]),
        ("vip = |", ["vip = true", "vip = false"]),
        ("owner = |", ["owner = me"]),
        ('firm = "fjord|', ['firm = "Fjell & Fjord"']),
        ("country = NO |", ["country = NO and ", "country = NO or "]),
        ("(country = NO |", ["(country = NO and ", "(country = NO or ", "(country = NO )"]),
        ("country = NO a|", ["country = NO and "]),
        ("cou| = NO", ["country = NO"]),
        ("country == |", []),
        ("name = |", []),
        ("contry = |", []),
    ],
)
def test_offers_at_the_cursor(marked: str, first: list[str]) -> None:
    assert offered(marked)[: len(first)] == first
    assert bool(offered(marked)) == bool(first)


def test_everything_is_offered_at_the_beginning() -> None:
    found = complete("", 0, SCOPE)
    assert [one.insert for one in found][:2] == ["name", "about"]
    assert {one.kind for one in found} == {"field"}
