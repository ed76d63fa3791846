"""A filter asked of values in memory holds for just those records that the database finds."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rapport.engine.events.act import open_act
from rapport.engine.records.actions import create_record
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.compile import compile_filter
from rapport.engine.records.filters.conditions.asked import Evaluation
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.holds import holds
from rapport.engine.records.filters.operators import operators
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.pinning import pin
from rapport.engine.records.filters.text import quoted
from rapport.engine.records.filters.tree import Node, Op, normal
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.filters.oracle import World
from rapport.engine.records.tests.filters.test_whole_table import conditions, groups
from rapport.engine.records.tests.filters.world import make_world

STRANGE = ["Straße", "İstanbul ıI", "ΣΊΣΥΦΟΣ ς", "ǅ ﬁ ᾀ", '"a", [b]', "50% _x_ \\", "K kelvin"]
LETTERS = "sSßẞiIİıσΣςﬁFǆǅᾀᾈK kKæÆøé%_\\\"', []a50x"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def remembered(world: World) -> dict[UUID, dict[str, object]]:
    """The values of each person; what points at records that are gone points nowhere, as the gate has it."""
    fields = world.scope.fields()
    kept = {}
    for key, row in world.rows["people"].items():
        values = {field.slug: world.value(field, row) for field in fields}
        gone = [one.slug for one in fields if one.target and values[one.slug] not in world.rows[one.target]]
        kept[key] = values | dict.fromkeys(gone)
    return kept


def held(world: World, tree: Node, kept: dict[UUID, dict[str, object]]) -> set[UUID]:
    evaluation = Evaluation(world.now, world.zone, world.actor, world.asking["visible"])
    asked = holds(tree, world.scope, evaluation)
    return {key for key, values in kept.items() if asked(values)}


def own_conditions(world: World) -> list[str]:
    """Conditions on every field of the record itself with every operator but the one that asks a hierarchy."""
    fields = [field.slug for field in world.scope.fields()]
    return [
        text
        for slug in fields
        for op in operators(world.scope.resolve((slug,)).type_name)
        if op is not Op.UNDER
        for text in conditions(world, (slug,), op)
    ]


def pinned(world: World, text: str) -> Node | None:
    """The condition with names as ids; None for a name that nothing or more than one has."""
    try:
        return pin(bind(parse(text), world.scope), world.scope, visible=world.asking["visible"])
    except FilterError:
        return None


def test_every_operator_on_every_own_field(world):
    kept = remembered(world)
    trees = {text: tree for text in own_conditions(world) if (tree := pinned(world, text)) is not None}
    wrong = [text for text, tree in trees.items() if held(world, tree, kept) != world.found(tree)]
    assert not wrong
    assert len(trees) > 600


def test_trees_of_conditions(world):
    kept = remembered(world)
    leaves = st.sampled_from([tree for text in own_conditions(world) if (tree := pinned(world, text)) is not None])

    @settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck), database=None)
    @given(st.recursive(leaves, groups, max_leaves=6))
    def agree(tree: Node) -> None:
        assert held(world, normal(tree), kept) == world.found(normal(tree))

    agree()


def test_letters_are_compared_as_the_database_compares_them(world):
    with open_act(world.actor) as act:
        for text in STRANGE:
            more = {"x_text": text, "source": text, "x_long_text": text, "x_addresses": [{"city": text}, {"city": "x"}]}
            create_record(act, record_type("people"), {"name": text, "addresses": [{"city": text}], **more})
    people = {row.pk: row for row in visible(world.actor, record_type("people"))}
    kept = {key: {one.slug: one.get(row) for one in world.scope.fields()} for key, row in people.items()}
    slugs = ["name", "source", "x_text", "x_long_text", "addresses", "x_addresses", "city"]
    needles = st.text(st.sampled_from(LETTERS), min_size=1, max_size=4) | st.sampled_from(STRANGE)
    starting = ["name", "source", "x_text", "city"]

    @settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck), database=None)
    @given(
        st.sampled_from(
            [(slug, "~") for slug in slugs] + [(slug, op) for slug in starting for op in ("=", "starts with")]
        ),
        needles,
    )
    @example(("x_text", "~"), "ss")
    @example(("source", "~"), "İ")
    @example(("x_addresses", "~"), "[")
    def agree(asked: tuple[str, str], needle: str) -> None:
        try:
            tree = bind(parse(f"{asked[0]} {asked[1]} {quoted(needle)}"), world.scope)
        except FilterError:
            return
        found = compile_filter(tree, world.scope, **world.asking)
        wanted = set(visible(world.actor, record_type("people")).filter(found).values_list("pk", flat=True))
        assert held(world, tree, kept) == wanted

    agree()


@pytest.mark.parametrize(
    "text",
    ["company.industry = retail", "count(notes) > 1", "changed(stage)", "stage held 3d", 'owner = "a@x.example"'],
)
def test_what_values_cannot_tell_is_no_answer(world, text):
    tree = bind(parse(text), world.scope)
    with pytest.raises(TypeError):
        holds(tree, world.scope, Evaluation(world.now, world.zone, world.actor, world.asking["visible"]))
