"""What the database finds is what plain Python finds over the same rows, for every operator on every type of field."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.compile import matches
from rapport.engine.records.filters.operators import operators
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import LISTS, NO_VALUE, All, AnyOf, Node, NoneOf, Op, normal
from rapport.engine.records.tests.filters.oracle import World
from rapport.engine.records.tests.filters.world import make_world

WORDS = ['"Åse Berg"', '"ase berg"', "berg", '"%"', '"_"', '"\\\\"', "fjell", '"100%"', '"Fair"', '"e b"', '"ærø sko"']
DAYS = ["today", "yesterday", "-40d", "+1w", "2026-03-14", "1980-02-29"]
PERIODS = ["this week", "last month", "this quarter", "this year", "last 7d", "next 1d", "last 2mo"]
NUMBERS = ["0", "11", "12.5", "-3.5", "5000", "4.5", "70", "99999999999999999999"]
MAILS = ['"ase@fjord.no"', '"ASE@fjord.no"', '"private@x.no"', '"x"', '"ase"', '"zoe+news@y.example"']
CALLS = ['"+47 77 60 12 34"', '"+4777601234"', '"7760"', '"+353"', '"12 34"']
LINKS = ['"https://x.no/a"', '"y.no"', '"https"', '"fjell.no"', '"f"']
VALUES: dict[str, list[str]] = {
    "text": WORDS,
    "long_text": WORDS,
    "number": NUMBERS,
    "money": NUMBERS,
    "date": DAYS,
    "datetime": [*DAYS, "now", "-3h", "+1h", "2026-03-14T09:30", "2026-03-14T09:30Z"],
    "bool": ["true", "false"],
    "choices": ["at-risk", '"11-50"'],
    **dict.fromkeys(("email", "emails"), MAILS),
    **dict.fromkeys(("phone", "phones"), CALLS),
    **dict.fromkeys(("link", "links", "domains"), LINKS),
    "addresses": ['"oslo"', '"Bær"', '"NO"', '"street"', '"Storgata \\"1"', '"oslo, n"'],
    "relation": ['"Fjell & fjord"', '"Deleted"', '"ærø sko"', '"nobody"'],
    "user": ["me", '"bob@x.example"', '"BOB@x.example"', '"eve@x.example"'],
    "tags": ["VIP", "vip", '"big spender"'],
    "members": [],
    "file": [],
}
CHOICES = {"x_choice": ["at-risk", '"11-50"'], "industry": ["retail", "travel"], "country": ["NO", "IE", "SE"]}
CHOICES |= {"stage": ["lead", "customer"], "language": ["nb", "en"], "time_zone": ['"Europe/Oslo"']}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def paths(world: World) -> Iterator[tuple[str, ...]]:
    """Every field of people, of their companies, and of the companies above those."""
    for above in ((), ("company",), ("company", "parent")):
        yield from ((*above, field.slug) for field in world.scope.fields(above))


def conditions(world: World, path: tuple[str, ...], op: Op) -> list[str]:
    """Texts of conditions on a field, one for each value; lists hold two."""
    name, field = ".".join(path), world.scope.resolve(path).field
    if op in NO_VALUE:
        return [f"{name} {op}"]
    if op is Op.WITHIN:
        periods = [*PERIODS, "last 24h", "next 5h"] if field.type.name == "datetime" else PERIODS
        return [f"{name} in {period}" for period in periods]
    values = CHOICES[field.slug] if field.type.name == "choice" else VALUES[field.type.name]
    values = values if len(path) == 1 else values[: 4 - len(path)]
    if op in LISTS:
        return [f"{name} {op} ({one}, {other})" for one, other in zip(values, values[1:] + values[:1], strict=True)]
    return [f"{name} {op} {value}" for value in values]


def test_every_operator_on_every_field(world: World) -> None:
    wrong, asked, fruitful = [], 0, set()
    for path in paths(world):
        kind = world.scope.resolve(path).type_name
        for op in operators(kind):
            for text in conditions(world, path, op):
                tree = bind(parse(text), world.scope)
                wanted = world.expected(tree)
                asked += 1
                if wanted and wanted != world.rows["people"].keys():
                    fruitful.add((kind, op))
                if world.found(tree) != wanted:
                    wrong.append(text)
    assert not wrong
    assert asked > 900
    kinds = {world.scope.resolve(path).type_name for path in paths(world)}
    everything = {(kind, op) for kind in kinds for op in operators(kind)}
    assert everything - fruitful == {("file", Op.EMPTY), ("file", Op.FILLED)}


def test_what_is_worked_out_stands_beside_what_is_asked_of_others(world: World) -> None:
    for text in ('quality >= 0 and company.name ~ "a"', 'company.name ~ "a" or quality = 0'):
        tree = bind(parse(text), world.scope)
        assert world.found(tree) == world.expected(tree)


def test_trees_of_conditions_on_the_table_and_on_one_record(world: World) -> None:
    texts = [
        text
        for path in paths(world)
        for op in operators(world.scope.resolve(path).type_name)
        for text in conditions(world, path, op)
    ]
    leaves = st.sampled_from(texts).map(lambda text: bind(parse(text), world.scope))

    @settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck), database=None)
    @given(st.recursive(leaves, groups, max_leaves=6))
    def agree(tree: Node) -> None:
        tree = normal(tree)
        assert parse(to_text(tree)) == tree
        wanted = world.expected(tree)
        assert world.found(tree) == wanted
        for key in list(world.rows["people"])[:2]:
            assert matches(tree, world.scope, key, **world.asking) == (key in wanted)

    agree()


def groups(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(All, several), st.builds(AnyOf, several), st.builds(NoneOf, several))
