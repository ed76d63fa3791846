"""How far roles reach: what is one's own, the team's, the tree's, found by a filter, shared, or of whom one leads."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.accounts.models import Team, TeamMember, User
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records import gate
from rapport.engine.records.actions import change_record, create_record
from rapport.engine.records.definitions import check_again
from rapport.engine.records.gate import EVERY_VERB, Policy
from rapport.engine.records.registry import record_type
from rapport.engine.records.sharing import end_share, share_record
from tests.fixtures.cast import make_user

pytestmark = pytest.mark.django_db
People, Companies, Notes = (record_type(slug) for slug in ("people", "companies", "notes"))


def do(user, action, *given, **named):
    with open_act(user.actor if isinstance(user, User) else user) as act:
        made = action(act, *given, **named)
    check_again()
    return made


@pytest.fixture
def house(dana):
    """Sales over North and South; Nora leads North, Nils is in it; Sven is in South, Sara in Sales, Olga in none."""
    users = {name: make_user(name, "tested") for name in ("Nora", "Nils", "Sven", "Sara", "Olga")}
    with open_act(SYSTEM) as act:
        sales = act.create(Team(name="Sales"))
        north, south = act.create([Team(name="North", parent=sales), Team(name="South", parent=sales)])
        for team, name in ((north, "Nora"), (north, "Nils"), (south, "Sven"), (sales, "Sara")):
            act.create(TeamMember(team=team, user=users[name], leads=name == "Nora", joined_at=act.now))
    check_again()
    for name, user in users.items():
        do(dana, create_record, People, {"name": f"Of {name}", "owner": str(user.pk), "source": name})
    do(dana, create_record, People, {"name": "Of nobody"})
    users["teams"] = {"sales": sales, "north": north, "south": south}
    return users


@pytest.fixture
def reach(monkeypatch):
    """Let the role of the house reach so far: `reach(read="team", change="own")`."""

    def reaching(where=None, **verbs):
        policy = Policy({**dict.fromkeys(EVERY_VERB, "none"), **verbs}, where=where or {})
        everything = Policy(dict.fromkeys(EVERY_VERB, "all"))
        monkeypatch.setitem(gate.POLICIES, "tested", {"*": everything, "people": policy})

    return reaching


def seen(user, verb="read"):
    rows = gate.within_reach(user.actor, People, verb, People.rows().filter(deleted_at=None))
    return {name.removeprefix("Of ") for name in rows.values_list("name", flat=True)}


@pytest.mark.parametrize(
    ("how_far", "who", "wanted"),
    [
        ("none", "Nils", set()),
        ("own", "Nils", {"Nils"}),
        ("own", "Nora", {"Nora", "Nils"}),
        ("team", "Nils", {"Nils", "Nora"}),
        ("team", "Sara", {"Sara"}),
        ("team", "Olga", {"Olga"}),
        ("tree", "Sara", {"Sara", "Nora", "Nils", "Sven"}),
        ("tree", "Nils", {"Nils", "Nora"}),
        ("all", "Olga", {"Nora", "Nils", "Sven", "Sara", "Olga", "nobody"}),
    ],
)
def test_how_far_a_role_reaches(house, reach, how_far, who, wanted):
    reach(read=how_far)
    assert seen(house[who]) == wanted
    assert {one for one in wanted if one != "nobody"} == {
        name for name in wanted if name != "nobody" and gate.reaches(house[who].actor, People, "read", of(name))
    }


def of(name):
    return People.rows().get(name=f"Of {name}")


def test_who_leads_sees_what_their_people_own_but_changes_only_their_own(house, reach):
    reach(read="own", change="own")
    assert seen(house["Nora"], "change") == {"Nora"}
    with pytest.raises(NotAllowed):
        do(house["Nora"], change_record, People, of("Nils"), {"source": "hers"})


def test_who_leads_above_sees_all_below(house, reach):
    reach(read="own")
    with open_act(SYSTEM) as act:
        act.create(TeamMember(team=house["teams"]["sales"], user=house["Olga"], leads=True, joined_at=act.now))
    check_again()
    assert seen(house["Olga"]) == {"Olga", "Sara", "Nora", "Nils", "Sven"}


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ("source = Sven", {"Sven"}),
        ("owner = my team", {"Nora", "Nils"}),
        ("owner is empty or source = Olga", {"nobody", "Olga"}),
        ("not (owner = me)", {"Nora", "Sven", "Sara", "Olga", "nobody"}),
    ],
)
def test_a_filter_decides(house, reach, where, wanted):
    reach({"read": where}, read="filter")
    assert seen(house["Nils"]) == wanted


@pytest.mark.parametrize("where", ["x_gone = 1", 'in view("Mine")', "source = ", ""])
def test_a_filter_that_cannot_be_read_reaches_nothing(house, reach, where):
    reach({"read": where}, read="filter")
    assert seen(house["Nils"]) == set()


def test_a_filter_sees_only_those_others_that_no_filter_decides_about(house, dana, monkeypatch):
    company = do(dana, create_record, Companies, {"name": "Acme", "vat_number": "NO 1", "owner": str(house["Sven"].pk)})
    do(dana, change_record, People, of("Olga"), {"company": str(company.pk)})
    rule = Policy({"read": "filter"}, where={"read": 'company.vat_number = "NO 1"'})
    for reach_of_companies, wanted in (("all", {"Olga"}), ("own", set()), ("filter", set())):
        companies = Policy({"read": reach_of_companies}, where={"read": 'vat_number = "NO 1"'})
        monkeypatch.setitem(gate.POLICIES, "tested", {"people": rule, "companies": companies})
        assert seen(house["Nils"]) == wanted


def test_several_roles_reach_what_any_of_them_does(house, monkeypatch):
    monkeypatch.setitem(gate.POLICIES, "one", {"people": Policy({"read": "own"}, hidden=frozenset({"phones", "tags"}))})
    found = Policy({"read": "filter"}, frozenset({"phones"}), where={"read": "source = Sven"})
    monkeypatch.setitem(gate.POLICIES, "two", {"people": found})
    actor = User.objects.get(pk=house["Olga"].pk).actor
    both = type(actor)("user", "Olga", actor.id, frozenset({"one", "two"}), actor.teams, actor.circle)
    assert set(gate.visible(both, People).values_list("name", flat=True)) == {"Of Olga", "Of Sven"}
    assert gate.mask(both, People).hidden == {"phones", "quality"}


def test_a_team_whose_last_day_is_over_counts_no_more(house, reach):
    reach(read="team")
    with open_act(SYSTEM) as act:
        task = act.create(Team(name="Task", ends_on=dt.date.today(), gatherer=house["Olga"]))
        act.create([TeamMember(team=task, user=house[one], joined_at=act.now) for one in ("Olga", "Sven")])
    check_again()
    assert seen(house["Olga"]) == {"Olga", "Sven"}
    with open_act(SYSTEM) as act:
        act.change(task, ends_on=dt.date.today() - dt.timedelta(days=1))
    check_again()
    assert seen(house["Olga"]) == {"Olga"}


def test_an_invitation_that_waits_lets_nobody_see_anything(house, reach):
    reach(read="team")
    with open_act(SYSTEM) as act:
        task = act.create(Team(name="Task", ends_on=dt.date.today(), gatherer=house["Olga"]))
        act.create(TeamMember(team=task, user=house["Olga"], joined_at=act.now))
        act.create(TeamMember(team=task, user=house["Sven"]))
    check_again()
    assert seen(house["Olga"]) == {"Olga"}
    assert seen(house["Sven"]) == {"Sven"}


def test_a_share_widens_what_a_role_reaches_but_not_what_it_lets_one_do(house, reach):
    reach(read="own", change="own", delete="own", export="own")
    share = do(house["Sven"], share_record, People, of("Sven"), {"holder": str(house["Olga"].pk)})
    assert [seen(house["Olga"], verb) for verb in ("read", "change", "export")] == [
        {"Olga", "Sven"},
        {"Olga"},
        {"Olga"},
    ]
    do(house["Sven"], share_record, People, of("Sven"), {"holder": str(house["Olga"].pk), "level": "change"})
    assert seen(house["Olga"], "change") == {"Olga", "Sven"}
    assert seen(house["Olga"], "delete") == {"Olga"}
    reach(read="own")
    assert seen(house["Olga"], "change") == set()
    reach(read="none")
    assert seen(house["Olga"]) == set()
    reach(read="own", change="own")
    do(house["Olga"], end_share, People, of("Sven"), share)
    assert seen(house["Olga"]) == {"Olga"}


def test_a_share_with_a_team_is_for_the_teams_below_it_too(house, reach):
    reach(read="own", change="own")
    sales = str(house["teams"]["sales"].pk)
    do(house["Olga"], share_record, People, of("Olga"), {"kind": "team", "holder": sales})
    for name in ("Sara", "Sven", "Nils"):
        assert "Olga" in seen(house[name])


def test_a_share_ends_with_its_day(house, reach, settings):
    reach(read="own", change="own")
    today = dt.datetime.now(dt.UTC).date()
    share = do(house["Sven"], share_record, People, of("Sven"), {"holder": str(house["Olga"].pk), "until": str(today)})
    assert seen(house["Olga"]) == {"Olga", "Sven"}
    with open_act(SYSTEM) as act:
        act.change(share, ends_at=act.now - dt.timedelta(seconds=1))
    check_again()
    assert seen(house["Olga"]) == {"Olga"}


def test_who_has_more_shares_than_are_kept_sees_them_all(house, reach, dana, monkeypatch):
    monkeypatch.setattr("rapport.engine.records.gate.shares.MOST_KEPT", 1)
    reach(read="own", change="own")
    for name in ("Sven", "Nils", "Nora"):
        do(house[name], share_record, People, of(name), {"holder": str(house["Olga"].pk)})
    assert seen(house["Olga"]) == {"Olga", "Sven", "Nils", "Nora"}


def test_notes_go_with_the_records_that_are_shared(house, reach, dana):
    reach(read="own", change="own")
    do(dana, create_record, Notes, {"about_type": "people", "about_id": str(of("Sven").pk), "text": "hush"})
    assert not gate.visible(house["Olga"].actor, Notes).exists()
    do(house["Sven"], share_record, People, of("Sven"), {"holder": str(house["Olga"].pk)})
    assert gate.visible(house["Olga"].actor, Notes).count() == 1


@pytest.mark.parametrize(
    ("how_far", "owner", "is_let"),
    [
        ("own", "Nils", True), ("own", "Nora", False), ("team", "Nora", True), ("team", "Sven", False),
        ("tree", "Sven", False), ("all", "Sven", True), ("none", "Nils", False),
    ],
)  # fmt: skip
def test_for_whom_one_may_create(house, reach, how_far, owner, is_let):
    reach(read="all", create=how_far)
    raw = {"name": "New", "owner": str(house[owner].pk)}
    if is_let:
        do(house["Nils"], create_record, People, raw)
    else:
        with pytest.raises(NotAllowed):
            do(house["Nils"], create_record, People, raw)


def test_what_a_filter_lets_one_create(house, reach):
    reach({"create": "source = Fair and owner = my team"}, read="all", create="filter")
    nils = house["Nils"]
    do(nils, create_record, People, {"name": "New", "source": "Fair", "owner": str(house["Nora"].pk)})
    for raw in ({"source": "Web", "owner": "me"}, {"source": "Fair", "owner": str(house["Sven"].pk)}, {}):
        with pytest.raises(NotAllowed):
            do(nils, create_record, People, {"name": "Other", **raw})
    assert People.rows().filter(name="Other").count() == 0


@pytest.mark.parametrize("how_far", ["own", "team", "tree", "filter", "all"])
def test_the_gate_asks_nothing_of_its_own(house, reach, how_far):
    reach({"read": "owner = my team"}, read=how_far)
    actor = house["Nils"].actor
    list(gate.visible(actor, People))
    with CaptureQueriesContext(connection) as asked:
        list(gate.visible(actor, People))
    assert len(asked) == 1


def test_what_a_role_would_grant_can_be_tried(house, reach):
    reach(read="all")
    actor = house["Nils"].actor
    with gate.trying("tested", {"people": Policy({"read": "own"}, hidden=frozenset({"phones"}))}):
        assert gate.visible(actor, People).count() == 1
        assert not gate.mask(actor, People).shows("phones")
    assert gate.visible(actor, People).count() == 6
    assert gate.mask(actor, People).shows("phones")
