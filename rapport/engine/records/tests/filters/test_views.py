"""`in view("…")`: who is in a view is who its filter finds, for whoever asks; and no view leads back to itself."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.customers.record_types import CompanyType, PersonType
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import ADMIN, Actor
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.filters import memberships
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.builder import read_form, to_form
from rapport.engine.records.filters.compile import compile_filter, matches
from rapport.engine.records.filters.complete import complete
from rapport.engine.records.filters.describe import chips, sentence
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.jsonform import from_json, to_json
from rapport.engine.records.filters.memberships import Members, Membership
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import scope_for
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import Among, Node, NoneOf, normal
from rapport.engine.records.filters.values import Id, Text
from rapport.engine.records.gate import FULL, Policy, visible
from rapport.engine.records.models import SavedView
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.saved.actions import change_view, create_view, delete_view
from rapport.engine.records.saved.parts import readable
from rapport.engine.records.tests.filters.oracle import World
from rapport.engine.records.tests.filters.test_whole_table import groups
from rapport.engine.records.tests.filters.world import make_world

PEOPLE = {
    "Leads": "stage = lead",
    "Mine": "owner = me",
    "Nobody in particular": "",
    "Not leads": 'not in view("Leads")',
    "My leads": 'in view("Leads") and in view("Mine")',
    "At retailers": 'company in view("Retailers")',
}
COMPANIES = {"Retailers": "industry = retail", "With a lead": 'count(people where in view("Leads")) >= 1'}
ASKED = [
    *(f'in view("{name}")' for name in PEOPLE),
    'company in view("With a lead")',
    'company not in view("With a lead")',
    'company.parent in view("Retailers")',
    'count(company.people where in view("Not leads")) >= 1',
    'count(memberships where company in view("Retailers") or person in view("Leads")) > 0',
    "phones is empty",
    'tags = "VIP"',
]


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    made.views = PEOPLE | COMPANIES
    rows = {**made.rows}
    rows["memberships"] = {row.pk: row for row in visible(made.actor, record_type("memberships"))}
    made.rows = rows
    save(made.actor, CompanyType, "Retailers", COMPANIES["Retailers"])
    for name, text in PEOPLE.items():
        save(made.actor, PersonType, name, text)
    save(made.actor, CompanyType, "With a lead", COMPANIES["With a lead"])
    return made


def save(actor: Actor, rtype: RecordType, name: str, where: str, *, shared: bool = True) -> SavedView:
    with open_act(actor) as act:
        return create_view(act, rtype, {"name": name, "is_shared": shared, "parts": {"where": where}})


def change(actor: Actor, row: SavedView, where: str) -> None:
    with open_act(actor) as act:
        change_view(act, row, {"parts": {"where": where}})


def view(name: str) -> SavedView:
    found: SavedView = SavedView._default_manager.get(name=name, deleted_at=None)
    return found


def refused(text: str, actor: Actor, rtype: RecordType = PersonType) -> FilterError:
    with pytest.raises(FilterError) as caught:
        bind(parse(text), scope_for(actor, rtype))
    return caught.value


def found(world: World, text: str, actor: Actor) -> set[UUID]:
    asking = {**world.asking, "actor": actor, "visible": lambda rtype: visible(actor, rtype)}
    query = compile_filter(parse(text), scope_for(actor, PersonType), **asking)
    return set(visible(actor, PersonType).filter(query).values_list("pk", flat=True))


def test_the_database_finds_what_plain_python_finds(world: World) -> None:
    """Over the whole table and of one record, in any combination, through relations and within counts."""
    fruitful = set()
    leaves = st.sampled_from(ASKED).map(lambda text: bind(parse(text), world.scope))

    @settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck), database=None)
    @given(st.recursive(leaves, groups, max_leaves=5))
    def agree(tree: Node) -> None:
        tree = normal(tree)
        assert parse(to_text(tree)) == tree
        assert from_json(to_json(tree)) == tree
        wanted = world.expected(tree)
        assert world.found(tree) == wanted
        for key in list(world.rows["people"])[:2]:
            assert matches(tree, world.scope, key, **world.asking) == (key in wanted)

    for text in ASKED:
        tree = bind(parse(text), world.scope)
        assert world.found(tree) == world.expected(tree), text
        if world.found(tree):
            fruitful.add(text)
    assert len(fruitful) >= len(ASKED) - 2
    agree()


def test_text_tree_json_and_form_say_the_same() -> None:
    key = UUID("0193a8f2-0000-7000-8000-00000000abcd")
    texts = ['in view("My \\"own\\" leads")', f"in view({key})", 'company in view("Big")', 'not (in view("A"))']
    for text in texts:
        tree = parse(text)
        assert to_text(tree) == text
        assert from_json(to_json(tree)) == tree
    assert parse('IN VIEW("Big") and company not in view(Big)') == parse(
        'in view("Big") and not (company in view("Big"))'
    )
    assert parse("in view(Leads)") == Among("view", Text("Leads"))


def test_a_name_becomes_an_id_and_is_shown_as_a_name(world: World) -> None:
    scope, leads = scope_for(world.actor, PersonType), view("Leads")
    bound = bind(parse('in view("LEADS")'), scope)
    assert bound == Among("view", Id(leads.pk))
    assert bind(bound, scope) == bound
    assert view("My leads").parts["where"] == f"in view({leads.pk}) and in view({view('Mine').pk})"
    with open_act(world.actor) as act:
        change_view(act, leads, {"name": "Prospects"})
    text = f"not (in view({leads.pk})) and count(memberships where person in view({leads.pk})) = 0"
    shown = 'not (in view("Prospects")) and count(memberships where person in view("Prospects")) = 0'
    assert readable(world.actor, PersonType, text) == shown
    assert bind(parse(shown), scope_for(world.actor, PersonType)) == bind(parse(text), scope)
    assert readable(world.actor, PersonType, "in view(") == "in view("


def test_where_two_have_a_name_the_id_says_which(world: World) -> None:
    own = save(world.actor, PersonType, "leads", "stage = customer", shared=False)
    error = refused('in view("Leads")', world.actor)
    assert str(own.pk) in error.message
    assert bind(parse(f"in view({own.pk})"), scope_for(world.actor, PersonType)) == Among("view", Id(own.pk))
    assert readable(world.actor, PersonType, f"in view({own.pk})") == f"in view({own.pk})"
    offered = complete("in view(", 8, scope_for(world.actor, PersonType))
    assert {str(own.pk), str(view("Leads").pk)} <= {one.insert for one in offered}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('in view("Laeds")', '"Laeds"', 'There is no view “Laeds” of people. Did you mean "Leads"?'),
        ('in view("Retailers")', '"Retailers"', 'There is no view “Retailers” of people. Did you mean "At retailers"?'),
        ('stage in view("Leads")', "in view", "Nothing can follow stage: it leads to no other records."),
        ('did("created" where in view("Leads"))', "in view", "in view(…) is not known here."),
        ("in segment(x)", "in segment", "in segment(…) is not known here."),
        ('in view "Leads"', "view", "After view stands a name in parentheses."),
        ("in view()", ")", "A name stands here in quotes."),
        ("in view(12)", "12", 'A name stands here in quotes. Did you mean "12"?'),
        ('in view("Leads" or', "or", "or is not expected here."),
        ('in view("Leads"', "(", "This parenthesis is not closed."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(world: World, text: str, place: str, message: str) -> None:
    error = refused(text, world.actor)
    assert (error.message, text[error.position : error.position + error.length]) == (message, place)


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"in": "crowd", "named": "x"}, "/in"),
        ({"in": "view", "named": " "}, "/named"),
        ({"in": "view", "named": {"number": "1"}}, "/named"),
        ({"in": "view", "named": "x", "op": "="}, "/op"),
        ({"in": "view", "named": "x", "field": "in.x"}, "/field"),
        ({"all": [{"in": "view"}]}, "/all/0/named"),
    ],
)
def test_what_is_wrong_in_json_is_said_with_its_pointer(sent: Any, pointer: str) -> None:
    with pytest.raises(FilterError) as caught:
        from_json(sent)
    assert caught.value.pointer == pointer


def test_a_view_that_is_gone_is_named(world: World) -> None:
    leads = view("Leads")
    with open_act(world.actor) as act:
        delete_view(act, leads)
    for text in ('in view("Leads")', f"in view({leads.pk})"):
        assert refused(text, world.actor).message == "The view “Leads” was deleted."
    said = refused('in view("My leads")', world.actor)
    assert said.message == "View “My leads” cannot be asked. The view “Leads” was deleted."


def test_views_that_would_lead_in_circles_are_not_saved(world: World) -> None:
    """Directly, through several, and through another type; the error shows the circle."""
    leads, retailers = view("Leads"), view("Retailers")
    circles = {
        'in view("Leads")': "This goes in circles: Leads → Leads.",
        'not in view("My leads")': "This goes in circles: Leads → My leads → Leads.",
        'company in view("With a lead")': "This goes in circles: Leads → With a lead → Leads.",
    }
    for text, message in circles.items():
        with pytest.raises(ValidationFailed) as caught:
            change(world.actor, leads, text)
        assert caught.value.errors == {"where": message}
    with pytest.raises(ValidationFailed, match="Retailers → At retailers → Retailers"):
        change(world.actor, retailers, 'count(people where in view("At retailers")) > 0')
    assert view("Leads").parts == {"where": "stage = lead"}


def test_a_circle_that_came_about_otherwise_is_told_and_never_walked(world: World) -> None:
    """As an undo could make one."""
    SavedView._default_manager.filter(name="Leads").update(parts={"where": f"in view({view('My leads').pk})"})
    assert refused('in view("Leads")', world.actor).message == "This goes in circles: Leads → My leads → Leads."
    assert refused('in view("My leads")', world.actor).message == "This goes in circles: My leads → Leads → My leads."
    with pytest.raises(FilterError, match="circles"):
        found(world, 'company is empty or in view("My leads")', world.actor)


def test_what_a_view_says_counts(world: World) -> None:
    """Fifty conditions, eight levels and the cost hold for all of it, however it is spread over views."""
    save(world.actor, PersonType, "Many", " and ".join(f'name != "{number}"' for number in range(30)))
    assert found(world, 'in view("Many")', world.actor)
    with pytest.raises(FilterError, match="too many conditions"):
        found(world, 'in view("Many") or in view("Many")', world.actor)
    costly = " or ".join(f"count(memberships) = {number}" for number in range(10))
    save(world.actor, PersonType, "Costly", costly)
    with pytest.raises(FilterError, match="too much at once"):
        found(world, f'in view("Costly") or {costly}', world.actor)
    save(world.actor, PersonType, "V0", "stage = lead")
    for number in range(1, 8):
        save(world.actor, PersonType, f"V{number}", f'in view("V{number - 1}")')
    with pytest.raises(ValidationFailed, match="nested too deeply"):
        save(world.actor, PersonType, "V8", 'in view("V7")')


def test_views_that_name_each_other_many_times_are_looked_at_once(world: World) -> None:
    """Without memory, what follows would take fifty to the power of six steps."""
    everything = " or ".join(["stage = lead"] + ['in view("W{}")'] * 20)
    SavedView._default_manager.bulk_create(
        [
            SavedView(
                record_type="people", name=f"W{number}", name_fold=f"w{number}", is_shared=True,
                owner_id=world.actor.user_id, parts={"where": everything.replace("{}", str(number + 1))},
                created_at=world.now, changed_at=world.now,
            )
            for number in range(7)
        ]
    )  # fmt: skip
    save(world.actor, PersonType, "W7", "stage = lead")
    with CaptureQueriesContext(connection) as asked, pytest.raises(FilterError, match="too many conditions"):
        found(world, 'in view("W1")', world.actor)
    assert len(asked) < 20


def test_a_view_asks_for_whoever_asks(world: World, policies: Callable[[str, Policy], None]) -> None:
    """`me` is the asker; what their role hides is unknown, what it does not reach is not found."""
    bob = Actor("user", "Bob", world.users["bob@x.example"], frozenset({ADMIN}))
    mine, bobs = found(world, 'in view("Mine")', world.actor), found(world, 'in view("Mine")', bob)
    assert mine
    assert bobs
    assert not mine & bobs
    policies("companies", Policy({"read": "own"}))
    assert not found(world, 'in view("At retailers")', bob)
    policies("people", Policy(FULL.reach, hidden=frozenset({"stage"})))
    error = refused('in view("Leads")', bob)
    assert error.message.startswith("View “Leads” cannot be asked. stage is not a field of people.")
    policies("companies", Policy({"read": "none"}))
    assert "There is no view" in refused('company in view("Retailers")', bob).message
    assert not complete("company in view(", 16, scope_for(bob, PersonType))


def test_a_personal_view_is_its_owners_alone(world: World) -> None:
    own = save(world.actor, PersonType, "Private matters", "stage = customer", shared=False)
    bob = Actor("user", "Bob", world.users["bob@x.example"], frozenset({ADMIN}))
    for text in ('in view("Private matters")', f"in view({own.pk})", 'in view("Private mattesr")'):
        assert "Did you mean" not in refused(text, bob).message
        assert "customer" not in refused(text, bob).message
    assert "Private" not in refused(f"in view({own.pk})", bob).message
    assert not [one for one in complete("in view(Priv", 12, scope_for(bob, PersonType)) if "Priv" in one.label]
    with pytest.raises(ValidationFailed, match="“Private matters”, which is yours alone"):
        save(world.actor, PersonType, "For all", 'in view("Private matters")')
    save(world.actor, PersonType, "For me", 'in view("Private matters")', shared=False)
    with pytest.raises(ValidationFailed, match="share that one first"), open_act(world.actor) as act:
        change_view(act, view("For me"), {"is_shared": True})


def test_in_words_and_chips(world: World) -> None:
    tree = bind(parse('in view("Leads") and company not in view("Retailers")'), world.scope)
    first, second = chips(tree, world.scope)
    assert (first.field, first.operator, first.value) == ("View", "is", "Leads")
    assert (second.field, second.operator, second.value) == ("Company › View", "is not", "Retailers")
    assert first.without == f"not (company in view({view('Retailers').pk}))"
    assert sentence(tree, world.scope) == "View is Leads and Company › View is not Retailers"


def test_in_the_builder(world: World) -> None:
    leads, retailers = view("Leads"), view("Retailers")
    sent = (
        f"match=all&0.field=!in-view&0.op=!%3D&0.value={leads.pk}"
        f"&1.field=!in-view.company&1.op=%3D&1.value={retailers.pk}&g1.match=any"
        f"&2.field=!in-view&2.op=%3D&2.value=Mine&2.group=1&3.field=stage&3.op=%3D&3.value=lead&3.group=1"
    )
    tree = read_form(QueryDict(sent)).tree(world.scope)
    text = f'not (in view({leads.pk})) and company in view({retailers.pk}) and (in view("Mine") or stage = lead)'
    assert tree == bind(parse(text), world.scope)
    form = to_form(tree)
    assert form is not None
    assert [(row.path, row.op, row.values) for row in form.rows[:2]] == [
        ("!in-view", "!=", [str(leads.pk)]),
        ("!in-view.company", "=", [str(retailers.pk)]),
    ]
    assert form.tree(world.scope) == tree
    for fault, pointer in (("0.field=!in-crowd&0.value=x", "/0/field"), ("0.field=!in-view&0.value=", "/0/value")):
        with pytest.raises(FilterError) as caught:
            read_form(QueryDict(f"match=all&0.op=%3D&{fault}")).tree(world.scope)
        assert caught.value.pointer == pointer


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("in vi", "view("),
        ("stage = lead and in", "in view("),
        ("in view(", '"Leads"'),
        ('in view("My', '"My leads"'),
        ("company in ", "view("),
        ("company in view(", '"Retailers"'),
        ('company not in view("Ret', '"Retailers"'),
        ("count(company.people where in view(le", '"Leads"'),
        ('in view("Leads"', ")"),
    ],
)
def test_names_are_offered(world: World, text: str, offered: str) -> None:
    assert offered in [one.insert for one in complete(text, len(text), scope_for(world.actor, PersonType))]


@pytest.fixture
def crowd(world: World) -> Iterator[UUID]:
    """Another kind of membership, whose members are rows; as a room above would register it."""
    key = next(iter(world.rows["people"]))

    def find(_actor: Actor, _rtype: RecordType, _named: Id | Text, _place: Any) -> Members:
        return Members(UUID(int=7), "The crowd", rows=Q(pk__in=[key]))

    memberships.register_membership(
        Membership("crowd", "Crowd", find, lambda _actor, _rtype: [(UUID(int=7), "The crowd")])
    )
    yield key
    del memberships.MEMBERSHIPS["crowd"]


def test_another_kind_of_membership_has_only_to_register(world: World, crowd: UUID) -> None:
    assert found(world, 'in crowd("The crowd")', world.actor) == {crowd}
    assert found(world, 'not in crowd("The crowd")', world.actor) == world.rows["people"].keys() - {crowd}
    assert from_json({"in": "crowd", "named": "x"}) == parse('in crowd("x")')
    save(world.actor, PersonType, "In the crowd", 'in crowd("The crowd")')
    assert found(world, 'in view("In the crowd") and not in view("Not leads")', world.actor) <= {crowd}
    scope = scope_for(world.actor, PersonType)
    assert sentence(NoneOf((Among("crowd", Id(UUID(int=7))),)), scope) == "Crowd is not The crowd"
    assert "in crowd(" in [one.insert for one in complete("in", 2, scope)]
    with pytest.raises(ValueError, match="registered twice"):
        memberships.register_membership(memberships.MEMBERSHIPS["crowd"])
