"""Whatever roles, teams and shares there are: all who ask the gate get the answer that plain Python gives."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.engine.accounts.models import Team, TeamMember
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records import gate
from rapport.engine.records.actions import create_record
from rapport.engine.records.definitions import check_again, definitions, forget
from rapport.engine.records.gate import Policy
from rapport.engine.records.gate.rights import rights_of, with_rights
from rapport.engine.records.gate.why import why
from rapport.engine.records.models import Share
from rapport.engine.records.queries import count
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.gate.test_reaching import People
from tests.fixtures.cast import make_user

pytestmark = pytest.mark.django_db
USERS, TEAMS, RECORDS = range(4), range(3), range(6)
FILTERS = {"source = Fair": lambda row, _me, _team: row["source"] == "Fair",
           "owner = my team": lambda row, me, team: row["owner"] in team | {me},
           "not (owner = me)": lambda row, me, _team: row["owner"] != me}  # fmt: skip

worlds = st.fixed_dictionaries(
    {
        "reach": st.sampled_from(["none", "own", "team", "tree", "all", *FILTERS]),
        "change": st.sampled_from(["none", "own", "team", "all"]),
        # The team above each: an earlier one, or none.
        "above": st.tuples(st.none(), st.sampled_from([None, 0]), st.sampled_from([None, 0, 1])),
        "members": st.sets(st.tuples(st.sampled_from(TEAMS), st.sampled_from(USERS), st.booleans()), max_size=6),
        "owners": st.lists(st.sampled_from([None, *USERS]), min_size=len(RECORDS), max_size=len(RECORDS)),
        "shares": st.sets(
            st.tuples(
                st.sampled_from(RECORDS), st.sampled_from([("user", 0), ("user", 1), *(("team", n) for n in TEAMS)]),
                st.sampled_from(["read", "change"]),
            ),
            max_size=3,
        ),
    }
)  # fmt: skip


@pytest.fixture
def users(db):
    return [make_user(f"User{number}", "tested") for number in USERS]


def below(world, team):
    return {team}.union(*(below(world, one) for one in TEAMS if world["above"][one] == team))


def above(world, team):
    return {team} | (above(world, world["above"][team]) if world["above"][team] is not None else set())


def expected(world, me, verb):
    """The numbers of the records that somebody reaches, worked out by hand."""
    members = {(team, user) for team, user, _leads in world["members"]}
    mine = {team for team, user in members if user == me}
    team = {user for one, user in members if one in mine}
    tree = {user for one, user in members if any(one in below(world, own) for own in mine)}
    leading = {one for one, user, leads in first_each(world["members"]) if user == me and leads}
    led = {user for one, user in members if any(one in below(world, own) for own in leading)} - {me}
    reach = world["reach"] if verb == "read" else world["change"]
    if reach in ("none", "all"):
        return set(RECORDS) if reach == "all" else set()
    counting = set().union(*(above(world, one) for one in mine))
    owners = {"own": {me}, "team": team | {me}, "tree": tree | {me}}.get(reach, set())
    owners |= led if verb == "read" else set()
    found = set()
    for number, owner in enumerate(world["owners"]):
        row = {"owner": owner, "source": "Fair" if number % 2 else "Web"}
        shared = any(
            record == number and (holder == ("user", me) or (holder[0] == "team" and holder[1] in counting))
            for record, holder, level in one_each(world["shares"])
            if verb == "read" or level == "change"
        )
        if owner in owners or shared or (reach in FILTERS and FILTERS[reach](row, me, team)):
            found.add(number)
    return found


def first_each(members):
    """Nobody is in a team twice."""
    return {(team, user): (team, user, leads) for team, user, leads in sorted(members, reverse=True)}.values()


def one_each(shares):
    """A record is shared once with each."""
    return {(record, holder): (record, holder, level) for record, holder, level in sorted(shares)}.values()


def furnish(world, users):
    with open_act(SYSTEM) as act:
        teams = []
        for number in TEAMS:
            parent = world["above"][number]
            teams.append(act.create(Team(name=f"Team {number}", parent=None if parent is None else teams[parent])))
        for team, user, leads in first_each(world["members"]):
            act.create(TeamMember(team=teams[team], user=users[user], leads=leads, joined_at=act.now))
        rows = []
        for number, owner in enumerate(world["owners"]):
            raw = {"name": f"Person {number}", "source": "Fair" if number % 2 else "Web"}
            rows.append(create_record(act, People, raw | ({} if owner is None else {"owner": str(users[owner].pk)})))
        for record, (kind, holder), level in one_each(world["shares"]):
            key = (users if kind == "user" else teams)[holder].pk
            act.create(Share(record_type="people", record_id=rows[record].pk, kind=kind, holder=key, level=level))
    check_again()
    return rows


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds)
def test_everybody_who_asks_gets_the_same_answer(users, monkeypatch, world):
    where = world["reach"] if world["reach"] in FILTERS else ""
    reach = {"read": "filter" if where else world["reach"], "change": world["change"]}
    monkeypatch.setitem(gate.POLICIES, "tested", {"people": Policy(reach, where={"read": where})})
    with transaction.atomic():
        compare(world, users, furnish(world, users))
        transaction.set_rollback(True)
    forget()


def compare(world, users, rows):
    numbers = {row.pk: number for number, row in enumerate(rows)}
    for me in USERS[:3]:
        actor = users[me].actor
        for verb in ("read", "change"):
            wanted = expected(world, me, verb)
            found = gate.within_reach(actor, People, verb, People.rows().filter(pk__in=numbers))
            assert {numbers[row.pk] for row in found} == wanted
            assert count(found).value == len(wanted)
            if verb == "change":
                told = with_rights(actor, People, People.rows().filter(pk__in=numbers))
                assert {numbers[row.pk] for row in told if row.may_change} == wanted
            for number, row in enumerate(rows):
                said = why(actor, record_type("people"), verb, row, definitions().user_names)
                assert gate.reaches(actor, People, verb, row) == said.answer == (number in wanted)
                assert said.answer == any(one.lets for one in said.reasons)
                assert rights_of([actor], People, row, [verb]) == [{verb: number in wanted}]
