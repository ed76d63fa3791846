"""What is offered while a filter is typed. The cursor is the mark `|`."""

import pytest

from rapport.customers.record_types import PersonType
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.complete import complete
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import FieldRef, Scope, scope_for
from rapport.engine.records.tests.filters.sample import SCOPE

pytestmark = [pytest.mark.usefixtures("sample_types"), pytest.mark.django_db]


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
        ("owner = |", ["owner = me", "owner = my team"]),
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


ABOUT_PEOPLE = ("comments", "attachments", "memberships", "notes", "tasks")
OF_OTHERS = [f"{slug}.{kind}" for slug in ABOUT_PEOPLE for kind in ("created", "changed")]
PERSON_EVENTS = ["created", "changed", "restored", *OF_OTHERS]


def continued(marked: str) -> list[str]:
    """What would stand at the mark `|` after choosing each offer, in a filter of people."""
    cursor = marked.index("|")
    text = marked.replace("|", "")
    found = complete(text, cursor, scope_for(SYSTEM, PersonType))
    assert all(one.end == cursor for one in found)
    return [text[: one.start] + one.insert for one in found]


@pytest.mark.parametrize(
    ("marked", "every"),
    [
        ("cou|", ["country", "count("]),
        ("avera|", ["avg("]),
        ("happ|", ["did("]),
        ("count(|", [f"count({one}" for one in (*ABOUT_PEOPLE, "company.")]),
        ("count(company.|",
         [f"count(company.{one}" for one in ("comments", "attachments", "companies", "people", "memberships", "notes",
                                             "tasks", "parent.")]),
        ("count(company.parent.pe|", ["count(company.parent.people"]),
        ("count(memberships.|", []),
        ("sum(|", ["sum(company."]),
        ("sum(company.|", ["sum(company.companies.", "sum(company.people."]),
        (
            "sum(company.companies.|",
            ["sum(company.companies.size", "sum(company.companies.revenue", "sum(company.companies.quality"],
        ),
        ("min(memberships.|",
         [f"min(memberships.{field}" for field in ("since", "until", "created_at", "changed_at")]),
        ("last(memberships.ti|", ["last(memberships.title"]),
        ("count(company.parent.parent.|", []),
        ("company.parent.parent.|", []),
        ("count(memberships |", ["count(memberships where ", "count(memberships )"]),
        ("count(memberships w|", ["count(memberships where "]),
        ("count(memberships where tit|", ["count(memberships where title"]),
        ("count(memberships where company.ind|", ["count(memberships where company.industry"]),
        ("count(memberships where stage|", []),
        ("count(memberships where primary = |",
         ["count(memberships where primary = true", "count(memberships where primary = false"]),
        ("count(memberships where primary = true |",
         [f"count(memberships where primary = true {join}" for join in ("and ", "or ", ")")]),
        ("count(memberships where count(|",
         ["count(memberships where count(person.", "count(memberships where count(company."]),
        ("count(memberships where count(person.notes where tex|",
         ["count(memberships where count(person.notes where text"]),
        ("count(memberships) |",
         [f"count(memberships) {op}" for op in ("= ", "!= ", "> ", ">= ", "< ", "<= ", "in (", "not in (")]),
        ("count(memberships where primary = true) > 1 an|", ["count(memberships where primary = true) > 1 and "]),
        ("count(memberships) > 1 and birth|", ["count(memberships) > 1 and birthday"]),
        ("last(memberships.title) con|", ["last(memberships.title) ~ ", "last(memberships.title) !~ "]),
        ("last(memberships.primary) = |", ["last(memberships.primary) = true", "last(memberships.primary) = false"]),
        ("last(memberships.title) held|", []),
        ("max(memberships.since) in this q|", ["max(memberships.since) in this quarter"]),
        ("did(|", [f'did("{name}"' for name in PERSON_EVENTS]),
        ("did(notes.c|", ['did("notes.created"', 'did("notes.changed"']),
        ('did("notes.c|', ['did("notes.created"', 'did("notes.changed"']),
        ('did("new|', [f'did("{one}.created"' for one in ("comments", "attachments", "memberships", "notes", "tasks")]),
        ('did("created" |', [f'did("created" {join}' for join in (", ", "where ", ")")]),
        ('did("created", this |', [f'did("created", this {unit}' for unit in ("week", "month", "quarter", "year")]),
        ('did("created", 3|', ['did("created", 30d']),
        ('did("created", 30d |', [f'did("created", 30d {join}' for join in (", ", "where ", ")")]),
        ('did("created", 30d, 2 |', ['did("created", 30d, 2 where ', 'did("created", 30d, 2 )']),
        ('did("created" where |', [f'did("created" where {field}' for field in ("by", "actor", "at", "reason")]),
        ('did("created" where by = |', ['did("created" where by = me', 'did("created" where by = my team']),
        ('did("created" where actor = im|', ['did("created" where actor = import']),
        ('did("created" where at in last 3|', ['did("created" where at in last 30d']),
        ('did("created" where reason hel|', []),
        ('did("created" where reason.|', []),
        ('did("created" where count(|', []),
        ('did("created" where did(|', []),
        ("changed(stag|", ["changed(stage"]),
        ("changed(company.ind|", ["changed(company.industry"]),
        ("changed(city|", []),
        ("changed(count|", []),
        ("changed(stage |", ["changed(stage , ", "changed(stage )"]),
        ("changed(stage, last |", ["changed(stage, last month", "changed(stage, last year"]),
        ("changed(stage, 7d |", ["changed(stage, 7d )"]),
        ("stage he|", ["stage held "]),
        ("stage held |", [f"stage held {length}" for length in ("7d", "14d", "30d", "90d", "6mo", "1y")]),
        ("stage held this|", []),
        ("city he|", []),
        ("created_at hel|", []),
        ("company un|", ["company under "]),
        ("company.parent un|", ["company.parent under "]),
        ("last(memberships.company) un|", ["last(memberships.company) under "]),
        ("owner un|", []),
        ("count(memberships where person un|", []),
        ("nothing(|", []),
        ("count(nothing where |", []),
    ],
)  # fmt: skip
def test_other_records_and_the_journal(marked: str, every: list[str]) -> None:
    assert continued(marked) == every


def test_what_is_offered_can_be_finished() -> None:
    """From every beginning on, whatever is chosen leads to filters that can be read and asked."""
    scope = scope_for(SYSTEM, PersonType)
    begun = ["count(", "sum(", "min(", "last(", "did(", "changed(", "stage held ", "count(memberships where "]
    begun += ['did("notes.created", ', 'did("notes.created" where ', "changed(stage, ", "company.parent."]
    for text in begun:
        for one in complete(text, len(text), scope):
            choose = f"{text[: one.start]}{one.insert}"
            assert any(is_read(choose + rest, scope) for rest in ENDS) or one.insert.endswith((".", "(")), choose
            if one.insert.endswith((".", "(")):
                assert complete(choose, len(choose), scope), choose


ENDS = ("", ")", ") = 1", ") is empty", " is empty) = 1", " is not empty)", ' ~ "x") = 1', " = true) > 1", " is empty",
        ' ~ "x"', " = me)", ' ~ "x")', " = true")  # fmt: skip


def is_read(text: str, scope: Scope) -> bool:
    try:
        bind(parse(text), scope)
    except FilterError:
        return False
    return True
