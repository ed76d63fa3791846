"""A filter as chips and sentences."""

from uuid import UUID

import pytest

from rapport.customers.record_types import PersonType
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.describe import Chip, chips, pointed_at, sentence
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import scope_for
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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("count(memberships) > 1", "number of memberships is more than 1"),
        ("count(company.notes) = 0", "Company › number of notes is 0"),
        ("count(company.people where stage = lead) in (2, 3)",
         "Company › number of people (Stage is Lead) is any of 2 or 3"),
        ("count(company.people where count(memberships where primary = true) > 1 or owner = me) > 0",
         "Company › number of people (number of memberships (Primary is yes) is more than 1 or Owner is me) "
         "is more than 0"),
        ("sum(company.companies.size) >= 12500", "Company › sum of Employees of companies is at least 12,500"),
        ("avg(company.companies.revenue) is empty", "Company › average Yearly revenue of companies is empty"),
        ("min(company.companies.size) < 3", "Company › lowest Employees of companies is less than 3"),
        ("max(company.companies.size) < 3", "Company › highest Employees of companies is less than 3"),
        ("min(memberships.since) < 2021-01-01", "earliest From of memberships is before Jan 1, 2021"),
        ("max(memberships.created_at) in last 7d", "latest Created of memberships is in the last 7 days"),
        ("first(memberships.title) is empty", "Title of the first of memberships is empty"),
        ('last(memberships.title where primary = true) ~ "own"',
         "Title of the last of memberships (Primary is yes) contains own"),
        (f"last(memberships.company) = {KEY}", "Company of the last of memberships is Anna"),
        ('company under "Fjord"', "Company is or lies under Fjord"),
        ('did("created")', "was created"),
        ('did("changed", 30d)', "was changed in the last 30 days"),
        ('did("restored", this month)', "was restored this month"),
        ('did("notes.created", 30d, 2 where by = me)', "Notes: new 2 times at least in the last 30 days (By is me)"),
        (f'did("notes.changed", 3 where by = {KEY} or reason ~ "x")',
         "Notes: changed 3 times at least (By is Anna or Reason contains x)"),
        ('did("memberships.created", last year)', "Memberships: new last year"),
        ("changed(stage)", "Stage was changed"),
        ("changed(stage, 7d)", "Stage was changed in the last 7 days"),
        ("changed(company.industry, this quarter)", "Company › Industry was changed this quarter"),
        ("stage held 14d", "Stage has been the same for 14 days"),
        ("company.size held 1y", "Company › Employees has been the same for 1 year"),
        ("not (changed(stage) or stage held 3w)", "not (Stage was changed or Stage has been the same for 3 weeks)"),
    ],
)  # fmt: skip
def test_other_records_and_the_journal_in_words(text: str, words: str) -> None:
    scope = scope_for(SYSTEM, PersonType)
    assert sentence(bind(parse(text), scope), scope, {KEY: "Anna"}) == words


@pytest.mark.django_db
def test_chips_of_other_records_and_the_journal() -> None:
    scope = scope_for(SYSTEM, PersonType)
    texts = [
        "count(memberships where primary = true and title is empty) > 1",
        'did("notes.created", 30d, 2 where by = me)',
        "changed(stage, 7d)",
        "stage held 14d",
    ]
    found = chips(bind(parse(" and ".join(texts)), scope), scope)
    assert [(chip.field, chip.operator, chip.value) for chip in found] == [
        ("number of memberships (Primary is yes and Title is empty)", "is more than", "1"),
        ("Notes: new", "", "2 times at least in the last 30 days (By is me)"),
        ("Stage", "was changed", "in the last 7 days"),
        ("Stage", "has been the same for", "14 days"),
    ]
    assert [chip.without for chip in found] == [
        " and ".join(texts[:index] + texts[index + 1 :]) for index in range(len(texts))
    ]
    assert [chip.sentence for chip in found][1:3] == [
        "Notes: new 2 times at least in the last 30 days (By is me)",
        "Stage was changed in the last 7 days",
    ]


@pytest.mark.django_db
def test_the_ids_within_conditions_can_be_looked_up() -> None:
    keys = [UUID(int=number) for number in range(1, 6)]
    tree = parse(
        f"count(company.people where owner = {keys[0]} and count(memberships where company = {keys[1]}) > 1) > 1 "
        f'and did("notes.created" where by in (me, {keys[2]})) and changed(stage) and stage held 3d '
        f"and last(memberships.company where person = {keys[3]}) = {keys[4]}"
    )
    assert set(pointed_at(tree, scope_for(SYSTEM, PersonType))) == {
        ("users", keys[0]),
        ("companies", keys[1]),
        ("users", keys[2]),
        ("people", keys[3]),
        ("companies", keys[4]),
    }
