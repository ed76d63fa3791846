"""What a filter tells of records that point here, and of the journal, is what its asker may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.activities.record_types import NoteType
from rapport.customers.record_types import CompanyType, PersonType
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.records.actions import change_record, create_record, delete_records
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.compile import compile_filter
from rapport.engine.records.filters.complete import complete
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.jsonform import from_json
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.pinning import pin
from rapport.engine.records.filters.scope import scope_for
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import Node
from rapport.engine.records.gate import FULL, Policy, visible
from rapport.engine.records.registry import RecordType
from rapport.engine.records.tests.filters.oracle import World
from rapport.engine.records.tests.filters.test_gate import AT_FJELL, names
from rapport.engine.records.tests.filters.world import make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def companies(world: World, text: str) -> set[str]:
    query = compile_filter(parse(text), scope_for(world.actor, CompanyType), **world.asking)
    return set(visible(world.actor, CompanyType).filter(query).values_list("name", flat=True))


def fault(tree: Node, rtype: RecordType, actor: Actor) -> FilterError:
    with pytest.raises(FilterError) as caught:
        bind(tree, scope_for(actor, rtype))
    return caught.value


def test_records_that_a_role_may_not_read_are_unknown(world: World, policies) -> None:
    """Neither a name, nor a completion, nor an event, nor a suggestion tells that people point at companies."""
    scope = scope_for(world.actor, CompanyType)
    assert {"people", "people_by_x_relation", "memberships"} <= scope.related().keys()
    assert {"people.changed", "memberships.created"} <= scope.happenings().keys()
    policies("people", Policy({"read": "none"}))
    scope = scope_for(world.actor, CompanyType)
    assert scope.related().keys() == {"companies", "comments", "attachments", "notes", "tasks"}
    assert {name.partition(".")[0] for name in scope.happenings() if "." in name} == {
        "comments",
        "attachments",
        "notes",
        "tasks",
    }
    for name in ("people", "people_by_x_relation", "memberships", "nothing"):
        for function in ("count", "last"):
            sent = {"made": function, "of": name if function == "count" else f"{name}.name", "op": "is empty"}
            for tree in (parse(f"{function}({sent['of']}) is empty"), from_json(sent)):
                refused = fault(tree, CompanyType, world.actor)
                assert refused.message == f"{name} does not name records that point at companies."
        for tree in (parse(f'did("{name}.created")'), from_json({"did": f"{name}.created"})):
            message = fault(tree, CompanyType, world.actor).message
            assert message.startswith(f"{name}.created is nothing that happens to companies.")
    for text in ("count(peo", "last(memb", 'did("people.', "did(memb", "count(companies where count(peo"):
        assert not complete(text, len(text), scope), text
    assert (
        fault(from_json({"made": "count", "of": "people", "op": ">", "values": [1]}), CompanyType, world.actor).pointer
        == "/of"
    )


def test_records_that_point_here_by_a_hidden_field_are_unknown(world: World, policies) -> None:
    policies("memberships", Policy(FULL.reach, hidden=frozenset({"person"})))
    scope = scope_for(world.actor, PersonType)
    assert "memberships" not in scope.related()
    assert "memberships" in scope_for(world.actor, CompanyType).related()
    for text in ("count(memberships) > 1", 'did("memberships.created")', 'did("memberships.changed", 3d)'):
        with pytest.raises(FilterError, match=r"does not name|nothing that happens"):
            bind(parse(text), scope)
    assert bind(parse('did("memberships.created")'), scope_for(world.actor, CompanyType))
    assert not complete("did(memb", 8, scope)


def test_a_hidden_field_of_other_records_is_unknown(world: World, policies) -> None:
    policies("people", Policy(FULL.reach, hidden=frozenset({"stage", "x_number", "birthday", "name"})))
    scope = scope_for(world.actor, CompanyType)
    for text, place in (
        ("count(people where stage = lead) > 1", "stage"),
        ("count(people where stge = lead) > 1", "stge"),
        ("sum(people.x_number) > 1", "x_number"),
        ("last(people.stage) = lead", "stage"),
        ("min(people.birthday where source is empty) > 1980-01-01", "birthday"),
        ("count(people where changed(stage)) > 1", "stage"),
        ("count(people where stage held 3d) > 1", "stage"),
        ("count(people where count(memberships where person.stage = lead) > 1) > 1", "stage"),
    ):
        refused = fault(parse(text), CompanyType, world.actor)
        assert refused.message.startswith(f"{place} is not a field of people.")
        assert text[refused.position :][: refused.length] == place
    for text in ("count(people where sta", "last(people.stag", "sum(people.x_n", "count(people where changed(sta"):
        assert not complete(text, len(text), scope), text
    refused = fault(parse('last(memberships.person) = "Åse Berg"'), CompanyType, world.actor)
    assert refused.message == "last(memberships.person) can be asked by id only."


def test_records_out_of_reach_are_not_counted(world: World, policies) -> None:
    """Anna sees her own people only: Åse at the first of the two firms, and nobody at the second."""
    both, first = {"Fjell & Fjord", "FJELL & FJORD"}, {"Fjell & Fjord"}
    asked = [
        "count(people) >= 1",
        "count(people where name ~ berg) >= 1",
        'last(people.name) ~ "berg"',
        "max(people.created_at) is not empty",
        "count(memberships) >= 1",
        'did("people.changed")',
        'did("people.changed", 30d, 1 where by = me)',
        'did("memberships.created")',
    ]
    with open_act(world.actor) as act:
        for person in world.rows["people"].values():
            change_record(act, PersonType, person, {"language": "sv"})
    for text in asked:
        assert both <= companies(world, text), text
    everything = companies(world, "")
    policies("people", Policy({"read": "own"}))
    for text in asked:
        assert companies(world, text) & both == first, text
        assert companies(world, f"not ({text})") == everything - companies(world, text), text
    assert companies(world, "count(people) = 0") & both == both - first


def test_notes_that_were_deleted_have_not_been_written(world: World) -> None:
    people = sorted(world.rows["people"].values(), key=lambda row: row.created_at)[:2]
    with open_act(world.actor) as act:
        notes = [
            create_record(act, NoteType, {"text": "Snow", "about_type": "people", "about_id": str(person.pk)})
            for person in people
        ]
    assert names(world, 'did("notes.created")') == {person.name for person in people}
    with open_act(world.actor) as act:
        delete_records(act, NoteType, notes[1:])
    assert names(world, 'did("notes.created")') == names(world, "count(notes) > 0") == {people[0].name}


def test_other_records_and_the_journal_cost_no_further_query(world: World) -> None:
    names(world, "")
    text = (
        "count(memberships where company.industry = retail and person.owner = me) >= 1 "
        'and did("created", 7d where by = me) '
        "and not (changed(stage, 30d) or stage held 14d) and count(company.people where count(memberships) > 0) >= 1 "
        'and company under "Fjell & Fjord" and last(memberships.company) = "Fjell & Fjord" and count(notes) = 0 '
        "and max(company.companies.size) >= 0"
    )
    with CaptureQueriesContext(connection) as queries:
        assert names(world, text) == AT_FJELL
    assert [one["sql"] for one in queries if "definition_stamp" not in one["sql"]] == [queries[-1]["sql"]]


def test_names_of_other_records_become_ids(world: World) -> None:
    def pinned(text: str) -> str:
        tree = bind(parse(text), world.scope)
        return to_text(pin(tree, world.scope, visible=world.asking["visible"]))

    shoes = next(key for key, row in world.rows["companies"].items() if row.name == "Ærø Sko")
    bob = world.users["bob@x.example"]
    assert pinned(
        'count(memberships where company = "aero sko" or person.owner = "bob@x.example") > 1 '
        'and did("created", 7d where by in (me, "BOB@x.example")) and last(memberships.company) = "Ærø Sko" '
        'and count(company.people where count(memberships where company under "Ærø Sko") > 1) > 1 and changed(stage)'
    ) == (
        f"count(memberships where company = {shoes} or person.owner = {bob}) > 1 "
        f'and did("created", 7d where by in (me, {bob})) and last(memberships.company) = {shoes} '
        f"and count(company.people where count(memberships where company under {shoes}) > 1) > 1 and changed(stage)"
    )
    for text, place, sentence in (
        ('count(memberships where company = "Fjell & Fjord") > 1', '"Fjell & Fjord"', "Several are called"),
        ('did("created" where by = "eve@x.example")', '"eve@x.example"', "Nothing here is called"),
    ):
        with pytest.raises(FilterError, match=sentence) as caught:
            pinned(text)
        assert text[caught.value.position :][: caught.value.length] == place


def test_no_way_down_a_tree_leads_through_what_is_out_of_reach(world: World, policies) -> None:
    with open_act(world.actor) as act:
        top = create_record(act, CompanyType, {"name": "Top", "owner": "me"})
        middle = create_record(act, CompanyType, {"name": "Middle", "owner": "bob@x.example", "parent": str(top.pk)})
        leaf = create_record(act, CompanyType, {"name": "Leaf", "owner": "me", "parent": str(middle.pk)})
        create_record(act, CompanyType, {"name": "Twig", "owner": "me", "parent": str(leaf.pk)})
        create_record(act, CompanyType, {"name": "Branch", "owner": "me", "parent": str(top.pk)})
    assert companies(world, 'parent under "Top"') == {"Middle", "Leaf", "Twig", "Branch"}
    policies("companies", Policy({"read": "own"}))
    assert companies(world, 'parent under "Top"') == {"Branch"}
