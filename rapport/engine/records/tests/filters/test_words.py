"""A filter as chips and sentences."""

from uuid import UUID

import pytest

from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.describe import Chip, chips, pointed_at, sentence
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.tests.filters.sample import SCOPE

pytestmark = pytest.mark.usefixtures("sample_types")
KEY = UUID("0193a8f2-0000-7000-8000-00000000abcd")


def test_each_condition_that_must_hold_is_a_chip_that_can_be_taken_away() -> None:
    tree = bind(parse("country in (NO, SE, IS) and phones is empty and not (vip = true or owner = me)"), SCOPE)
    assert chips(tree, SCOPE) == [
        Chip(
            "Country is any of Norway, Sweden or Iceland",
            "phones is empty and not (vip = true or owner = me)",
            "Country",
            "is any of",
            "Norway, Sweden or Iceland",
        ),
        Chip("Phones is empty", "country in (NO, SE, IS) and not (vip = true or owner = me)", "Phones", "is empty", ""),
        Chip("not (Vip is yes or Owner is me)", "country in (NO, SE, IS) and phones is empty"),
    ]
    assert chips(parse(""), SCOPE) == []
    assert [chip.without for chip in chips(parse("vip = true"), SCOPE)] == [""]
    assert [chip.sentence for chip in chips(parse("vip = true or size > 3"), SCOPE)] == [
        "Vip is yes or Size is more than 3"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("firm.industry = retail", "Firm › Industry is Retail trade"),
        ("budget >= 12500.5", "Budget is at least 12,500.5"),
        ("birthday = 2026-03-14", "Birthday is Mar 14, 2026"),
        ("seen > 2026-03-14T09:30Z", "Seen is after Mar 14, 2026, 9:30:00\u202fAM UTC"),
        ("seen > -90d", "Seen is after 90 days ago"),
        ("seen < +1w", "Seen is before in 1 week"),
        ("seen = yesterday", "Seen is yesterday"),
        ("seen < now", "Seen is before now"),
        ("birthday in this quarter", "Birthday is in this quarter"),
        ("birthday in next 3mo", "Birthday is in the next 3 months"),
        ("tags not in (a, b)", "Tags has none of a or b"),
        (
            "(vip = true and size > 3) or not (name ~ fjord)",
            "(Vip is yes and Size is more than 3) or not (Name contains fjord)",
        ),
        (f"owner = {KEY} or firm = {KEY}", "Owner is Anna or Firm is Anna"),
    ],
)
def test_a_filter_in_one_sentence(text: str, words: str) -> None:
    assert sentence(parse(text), SCOPE, {KEY: "Anna"}) == words


def test_the_ids_in_a_filter_can_be_looked_up() -> None:
    tree = parse(f"owner in (me, {KEY}) and not (firm = {KEY})")
    assert list(pointed_at(tree, SCOPE)) == [("users", KEY), ("firms", KEY)]
