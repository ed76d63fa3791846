"""What the database finds by other records and by the journal is what plain Python finds over the same rows."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.customers.record_types import CompanyType, PersonType
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.compile import matches
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import scope_for
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import Node, normal
from rapport.engine.records.registry import RecordType
from rapport.engine.records.tests.filters.oracle import World
from rapport.engine.records.tests.filters.past import Past
from rapport.engine.records.tests.filters.test_whole_table import groups
from rapport.engine.records.tests.filters.world import make_world

OF_PEOPLE = [
    "count(memberships) > 1", "count(memberships) = 0", "count(memberships) >= 0", "count(memberships) < 2",
    "count(memberships) != 1", "count(memberships) in (0, 2)", "count(memberships) not in (1, 3)",
    "count(memberships where primary = true) = 1", "count(memberships where title is empty) < 1",
    'count(memberships where company = "Ærø Sko" or company.industry = retail) >= 1', "count(notes) = 2",
    'count(notes where text ~ "snow") >= 1', "count(company.notes) > 0", "count(company.people) >= 2",
    "count(company.people where stage = lead and count(memberships) = 3) = 1", "count(company.companies) = 1",
    "min(memberships.since) < 2021-01-01", "max(memberships.since) >= 2021-06-01", "max(memberships.until) is empty",
    "min(memberships.since) is not empty", "max(memberships.since) in last 10y", 'first(memberships.title) = "Buyer"',
    'last(memberships.title where primary = false) ~ "own"', "last(memberships.primary) = true",
    "last(memberships.title) is empty", 'last(memberships.company) = "Ærø Sko"',
    'first(memberships.title where primary = false) != "Owner"', "count(people) = 1", "sum(people.x_number) > 0",
    "sum(people.x_number) <= 0", "avg(people.x_number) > 1", "max(people.x_money) >= 70",
    "min(people.x_date) > 1990-01-01", "max(people.x_datetime) > -1d", "last(people.x_choice) = at-risk",
    'company under "Fjell & Fjord"', 'company under "ærø sko"', 'company.parent under "Fjell & Fjord"',
    'did("created")', 'did("changed", 30d)', 'did("changed", 60d, 2)', 'did("changed", 2)', 'did("notes.created")',
    'did("notes.created", 2)', 'did("notes.created", 7d where by = me)',
    'did("notes.created" where by = "bob@x.example")', 'did("memberships.changed", 90d)',
    'did("changed" where actor = import)', 'did("changed" where reason ~ "fair" and at < -10d)',
    'did("memberships.created", this year, 2)', "changed(stage)", "changed(stage, 15d)", "changed(stage, 60d)",
    "changed(x_text, 60d)", "changed(x_number)", "changed(name)", "changed(company)", "changed(company, 20d)",
    "changed(company.industry, 60d)", "stage held 7d", "stage held 45d", "stage held 1y", "x_text held 30 days",
    "company held 5d", "company.size held 1mo", "changed(emails, this year)",
]  # fmt: skip
OF_COMPANIES = [
    "count(people) > 1", "count(people where stage = lead) = 1", "max(people.x_number) > 10",
    "sum(people.x_number) >= 0", "avg(people.x_money) < 4000", "first(people.stage) = customer",
    'first(people.name) ~ "berg"', "min(people.birthday) < 1990-01-01", "count(companies) = 0",
    "sum(companies.size) > 3", "max(companies.revenue) >= 12.5", 'parent under "Fjell & Fjord"',
    'did("memberships.created", 2)', 'did("people.changed", 60d)', "size held 30d", "changed(size)",
    "count(notes) >= 1",
]  # fmt: skip


@pytest.fixture
def world(db: None) -> World:
    return Past(make_world()).lived()


@pytest.mark.parametrize(("rtype", "texts"), [(PersonType, OF_PEOPLE), (CompanyType, OF_COMPANIES)])
def test_every_kind_of_condition(world: World, rtype: RecordType, texts: list[str]) -> None:
    world = replace(world, scope=scope_for(world.actor, rtype))
    wrong, fruitless = [], []
    for text in texts:
        tree = bind(parse(text), world.scope)
        wanted = world.expected(tree)
        if not wanted:
            fruitless.append(text)
        if (got := world.found(tree)) != wanted:
            wrong.append((text, len(got), len(wanted)))
    assert not wrong
    assert "; ".join(fruitless) == ""


def test_trees_on_the_table_and_on_one_record(world: World) -> None:
    leaves = st.sampled_from(OF_PEOPLE)
    nodes = leaves.map(lambda text: bind(parse(text), world.scope))

    @settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck), database=None)
    @given(st.recursive(nodes, groups, max_leaves=4))
    def agree(tree: Node) -> None:
        tree = normal(tree)
        assert parse(to_text(tree)) == tree
        wanted = world.expected(tree)
        assert world.found(tree) == wanted
        for key in list(world.rows["people"])[:2]:
            assert matches(tree, world.scope, key, **world.asking) == (key in wanted)

    agree()


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("count(orders) > 1", "orders", "does not name records that point at people"),
        ("count(membership) > 1", "membership", "Did you mean memberships?"),
        ("count(memberships.title) > 1", "title", "leave out the field"),
        ("sum(memberships) > 1", "memberships", "Name one field after the dot"),
        ("sum(memberships.title) > 1", "title", "cannot be made of title"),
        ("max(memberships.nothing) > 1", "nothing", "is not a field of memberships"),
        ("count(memberships where industry = retail) > 1", "industry", "is not a field of memberships"),
        ("count(memberships) ~ 1", "~", "cannot be asked with ~"),
        ('count(memberships) > "1"', '"1"', "is a number"),
        ('did("note.created")', '"note.created"', 'Did you mean "notes.created"?'),
        ('did("notes.created" where text = "x")', "text", "is not a field of events"),
        ("changed(city)", "city", "does not tell when city changes"),
        ("created_at held 3d", "created_at", "does not tell when created_at changes"),
        ('owner under "x"', "under", "cannot be asked with under"),
        ('count(people where did("people.changed")) > 0', '"people.changed"', "nothing that happens to people"),
    ],
)
def test_faults_name_the_place_and_the_mend(world: World, text: str, at: str, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        bind(parse(text), world.scope)
    place = caught.value.place
    assert text[place.start : place.end] == at
    assert message in caught.value.message


def test_only_what_the_journal_can_tell_is_an_event(world: World) -> None:
    """A person is made before the membership that ties them to a company; of custom relations entries name nobody."""
    told = scope_for(world.actor, CompanyType).happenings().keys()
    assert told == {
        "created", "changed", "restored", "people.changed", "memberships.created", "memberships.changed",
        *(f"{slug}.created" for slug in ("comments", "attachments", "notes", "tasks")),
        *(f"{slug}.changed" for slug in ("comments", "attachments", "notes", "tasks")),
    }  # fmt: skip
