"""Teams: the tree that administrators shape, teams for a time by invitation, and who may take what back."""

import datetime as dt

import pytest

from rapport.engine.accounts import teams
from rapport.engine.accounts.actions import create_token, deactivate_user
from rapport.engine.accounts.models import Notification, Scope, Team, TeamMember, User
from rapport.engine.accounts.models.circle import around
from rapport.engine.accounts.rosters import flat, invitations_of, teams_of, tree
from rapport.engine.accounts.tokens import authenticate_token
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.undo import undo_batch
from rapport.engine.records.definitions import check_again, forget, today
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.models import Organisation

SOON = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)).isoformat()


@pytest.fixture(autouse=True)
def _nothing_remembered():
    forget()


@pytest.fixture
def alice(db):
    return User.objects.create_user("alice@northwind.example", name="Alice")


def do(user, verb, *given, **more):
    """One verb in an act of its own. Returns what it answered, and the batch."""
    with open_act(user.actor) as act:
        found = verb(act, *given, **more)
    check_again()
    return found, act.batch


def undo(user, batch):
    with open_act(user.actor) as act:
        outcome = undo_batch(act, batch)
    check_again()
    return outcome


def made(dana, name, parent=None):
    return do(dana, teams.create_team, {"name": name, "parent": str(parent.pk) if parent else ""})[0]


def gathered(user, *users, name="Spring fair", ends_on=SOON):
    return do(user, teams.gather_team, {"name": name, "purpose": "Tents", "ends_on": ends_on}, users)[0]


def seat(team, user):
    return TeamMember.objects.get(team=team, user=user, deleted_at=None)


def join(team, user):
    return do(user, teams.answer_invitation, seat(team, user), accept=True)[1]


def end_yesterday(team):
    Team.objects.filter(pk=team.pk).update(ends_on=today() - dt.timedelta(days=1))
    team.refresh_from_db()
    forget()


def circle(user):
    return around(user.pk)[1]


class TestTheTree:
    def test_who_is_around_whom(self, dana, bob, alice):
        north = made(dana, "North")
        oslo = made(dana, "Oslo", north)
        do(dana, teams.add_member, north, dana, leads=True)
        do(dana, teams.add_member, oslo, bob)
        do(dana, teams.add_member, oslo, alice)
        assert circle(bob).team == {bob.pk, alice.pk}
        assert circle(dana).tree == {dana.pk, bob.pk, alice.pk}
        assert circle(dana).led == {bob.pk, alice.pk}
        assert around(bob.pk)[0] == {north.pk, oslo.pk}
        assert circle(bob).led == frozenset()

    def test_a_name_twice_however_it_is_written(self, dana):
        north = made(dana, "Nörth")
        for name in ("nörth", "  NÖRTH ", ""):
            with pytest.raises(ValidationFailed, match=r"of this name|Give it a name"):
                made(dana, name)
        do(dana, teams.change_team, north, {"name": "nörth"})
        do(dana, teams.delete_team, north)
        made(dana, "Nörth")

    def test_no_circles(self, dana):
        north = made(dana, "North")
        oslo = made(dana, "Oslo", north)
        grorud = made(dana, "Grorud", oslo)
        for below in (north, oslo, grorud):
            with pytest.raises(ValidationFailed, match="below itself"):
                do(dana, teams.change_team, north, {"parent": str(below.pk)})
        with pytest.raises(ValidationFailed, match="no such team"):
            do(dana, teams.change_team, north, {"parent": "nowhere"})
        do(dana, teams.change_team, grorud, {"parent": ""})
        do(dana, teams.change_team, oslo, {"parent": str(grorud.pk)})
        assert [one.team.name for one in flat(tree())] == ["Grorud", "Oslo", "North"]

    def test_a_circle_that_undo_leaves_is_shown_and_can_be_opened(self, dana, bob):
        north, oslo, south = made(dana, "North"), made(dana, "Oslo"), made(dana, "South")
        do(dana, teams.change_team, oslo, {"parent": str(north.pk)})
        _team, batch = do(dana, teams.change_team, oslo, {"parent": ""})
        do(dana, teams.change_team, north, {"parent": str(oslo.pk)})
        undo(dana, batch)
        assert {one.team.name for one in flat(tree())} == {"North", "Oslo", "South"}
        do(dana, teams.add_member, oslo, bob)
        assert circle(bob).tree == {bob.pk}
        do(dana, teams.change_team, south, {"parent": str(north.pk)})
        oslo.refresh_from_db()
        do(dana, teams.change_team, oslo, {"parent": ""})
        assert [one.team.name for one in flat(tree())] == ["Oslo", "North", "South"]

    def test_one_with_teams_below_stays(self, dana):
        north = made(dana, "North")
        made(dana, "Oslo", north)
        with pytest.raises(ValidationFailed, match="Move or delete them first"):
            do(dana, teams.delete_team, north)

    def test_who_is_deactivated_comes_in_nowhere_but_stays_where_they_are(self, dana, bob, alice):
        north = made(dana, "North")
        do(dana, teams.add_member, north, bob)
        do(dana, teams.add_member, north, alice)
        do(dana, deactivate_user, bob)
        bob.refresh_from_db()
        assert circle(alice).team == {alice.pk, bob.pk}
        with pytest.raises(ValidationFailed, match="Bob is deactivated"):
            do(dana, teams.add_member, made(dana, "South"), bob)

    def test_nobody_joins_what_is_gone(self, dana, bob):
        north = made(dana, "North")
        do(dana, teams.delete_team, Team.objects.get(pk=north.pk))
        with pytest.raises(ValidationFailed, match="no such team"):
            do(dana, teams.add_member, north, bob)
        with pytest.raises(ValidationFailed, match="no such team"):
            do(dana, teams.change_team, north, {"name": "South"})

    def test_only_administrators_in_person(self, dana, bob):
        north = made(dana, "North")
        member = do(dana, teams.add_member, north, bob)[0]
        _made, secret = do(dana, create_token, dana, name="script", scope=Scope.WRITE)[0]
        program = authenticate_token(f"Bearer {secret}")
        verbs = [
            (teams.create_team, [{"name": "South"}]), (teams.change_team, [north, {"name": "South"}]),
            (teams.delete_team, [north]), (teams.add_member, [north, bob]), (teams.remove_member, [member]),
            (teams.invite, [north, [bob]]),
        ]  # fmt: skip
        for actor in (bob.actor, program):
            for verb, given in verbs:
                with pytest.raises(NotAllowed), open_act(actor) as act:
                    verb(act, *given)
        with pytest.raises(NotAllowed), open_act(program) as act:
            teams.gather_team(act, {"name": "Fair", "ends_on": SOON}, [])

    def test_each_verb_is_taken_back(self, dana, bob):
        north, creating = do(dana, teams.create_team, {"name": "North"})
        oslo = made(dana, "Oslo")
        moving = do(dana, teams.change_team, oslo, {"parent": str(north.pk), "name": "Oslo East"})[1]
        undo(dana, moving)
        oslo.refresh_from_db()
        assert (oslo.name, oslo.parent_id) == ("Oslo", None)
        adding = do(dana, teams.add_member, north, bob)[1]
        leading = do(dana, teams.add_member, north, bob, leads=True)[1]
        undo(dana, leading)
        assert not seat(north, bob).leads
        deleting = do(dana, teams.delete_team, north)[1]
        assert circle(bob).team == frozenset()
        undo(dana, deleting)
        assert circle(bob).team == {bob.pk}
        undo(dana, adding)
        assert circle(bob).team == frozenset()
        undo(dana, creating)
        assert not Team.objects.filter(pk=north.pk, deleted_at=None).exists()

    def test_what_came_to_stand_in_its_place_stays(self, dana, bob):
        north = made(dana, "North")
        do(dana, teams.add_member, north, bob)
        removing = do(dana, teams.remove_member, seat(north, bob))[1]
        do(dana, teams.add_member, north, bob)
        assert undo(dana, removing).kept == 1
        deleting = do(dana, teams.delete_team, north)[1]
        made(dana, "North")
        assert undo(dana, deleting).kept >= 1
        assert Team.objects.filter(name="North", deleted_at=None).count() == 1

    def test_an_administrator_no_more_takes_nothing_back(self, dana, bob):
        north, batch = do(dana, teams.create_team, {"name": "North"})
        User.objects.filter(pk=dana.pk).update(role="member")
        dana.refresh_from_db()
        assert undo(dana, batch).rows == 0
        assert Team.objects.filter(pk=north.pk, deleted_at=None).exists()


class TestForATime:
    def test_who_accepts_is_in_it(self, bob, alice, dana):
        fair = gathered(bob, alice, dana)
        assert circle(bob).team == {bob.pk}
        assert Notification.objects.get(user=alice).title == "Bob invites you to the team Spring fair"
        join(fair, alice)
        assert circle(bob).team == circle(alice).team == {bob.pk, alice.pk}
        do(dana, teams.answer_invitation, seat(fair, dana), accept=False)
        assert invitations_of(dana) == []
        assert not TeamMember.objects.filter(user=dana, deleted_at=None).exists()

    def test_only_whom_it_was_sent_to_answers(self, bob, alice, dana):
        fair = gathered(bob, alice)
        for other in (bob, dana):
            with pytest.raises(NotAllowed, match="Only whom it was sent to"):
                do(other, teams.answer_invitation, seat(fair, alice), accept=True)
        assert seat(fair, alice).joined_at is None

    def test_an_answer_counts_once(self, bob, alice):
        fair = gathered(bob, alice)
        invitation = seat(fair, alice)
        join(fair, alice)
        with pytest.raises(ValidationFailed, match="in this team already"):
            do(alice, teams.answer_invitation, invitation, accept=False)
        do(bob, teams.remove_member, seat(fair, alice))
        with pytest.raises(ValidationFailed, match="taken back"):
            do(alice, teams.answer_invitation, invitation, accept=True)

    @pytest.mark.parametrize("day", ["", "soon", "2020-01-01", "9999-12-31", "2027-02-30"])
    def test_the_last_day_lies_within_a_year(self, bob, day):
        with pytest.raises(ValidationFailed, match=r"as a date|between today and a year"):
            gathered(bob, ends_on=day)

    def test_after_the_last_day_it_counts_no_more(self, bob, alice, dana):
        fair = gathered(bob, alice, dana, ends_on=today().isoformat())
        join(fair, alice)
        assert circle(alice).team == {bob.pk, alice.pk}
        end_yesterday(fair)
        assert circle(alice).team == frozenset()
        assert teams_of(alice) == []
        assert [one.has_ended for one in teams_of(bob)] == [True]
        assert invitations_of(dana) == []
        with pytest.raises(ValidationFailed, match="last day of this team is over"):
            join(fair, dana)
        with pytest.raises(ValidationFailed, match="last day of this team is over"):
            do(bob, teams.invite, fair, [dana])
        do(bob, teams.change_team, fair, {"ends_on": SOON})
        assert circle(alice).team == {bob.pk, alice.pk}

    def test_it_is_asked_by_the_day_of_the_organisation(self, bob, monkeypatch):
        late = dt.datetime(2027, 3, 31, 23, 30, tzinfo=dt.UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: late)
        Organisation.objects.update_or_create(pk=1, defaults={"name": "Northwind", "time_zone": "Asia/Tokyo"})
        forget()
        assert today() == dt.date(2027, 4, 1)
        with pytest.raises(ValidationFailed, match="between today"):
            gathered(bob, ends_on="2027-03-31")

    def test_those_who_are_in_it_or_deactivated_are_not_asked_again(self, bob, alice, dana):
        fair = gathered(bob, alice)
        eve = User.objects.create_user("eve@northwind.example", name="Eve")
        do(dana, deactivate_user, eve)
        asked = do(bob, teams.invite, fair, [alice, bob, User.objects.get(pk=eve.pk), dana])[0]
        assert asked == 1
        assert seat(fair, dana).joined_at is None

    def test_others_change_nothing(self, bob, alice, dana):
        fair = gathered(bob, alice, dana)
        join(fair, alice)
        for verb, given in (
            (teams.change_team, [fair, {"name": "Mine"}]), (teams.delete_team, [fair]), (teams.invite, [fair, [dana]]),
            (teams.remove_member, [seat(fair, bob)]), (teams.remove_member, [seat(fair, dana)]),
        ):  # fmt: skip
            with pytest.raises(NotAllowed):
                do(alice, verb, *given)
        with pytest.raises(NotAllowed, match="joined by invitation"):
            do(dana, teams.add_member, fair, dana)
        do(alice, teams.remove_member, seat(fair, alice))
        do(dana, teams.delete_team, fair)

    def test_each_verb_is_taken_back_by_whose_it_is(self, bob, alice, dana):
        fair = gathered(bob)
        inviting = do(bob, teams.invite, fair, [alice, dana])[1]
        undo(bob, inviting)
        assert invitations_of(alice) == []
        do(bob, teams.invite, fair, [alice])
        accepting = join(fair, alice)
        undo(alice, accepting)
        assert seat(fair, alice).joined_at is None
        join(fair, alice)
        leaving = do(alice, teams.remove_member, seat(fair, alice))[1]
        undo(alice, leaving)
        assert circle(bob).team == {bob.pk, alice.pk}
        dating = do(bob, teams.change_team, fair, {"ends_on": today().isoformat()})[1]
        undo(bob, dating)
        fair.refresh_from_db()
        assert fair.ends_on.isoformat() == SOON
        ending = do(bob, teams.delete_team, fair)[1]
        assert circle(alice).team == frozenset()
        undo(bob, ending)
        assert circle(alice).team == {bob.pk, alice.pk}

    def test_nobody_undoes_the_answer_of_another(self, bob, alice, dana):
        fair = gathered(bob, alice)
        accepting = join(fair, alice)
        assert undo(dana, accepting).rows == 0
        back = do(alice, teams.remove_member, seat(fair, alice))[1]
        assert undo(dana, back).rows == 0
        assert circle(bob).team == {bob.pk}
        do(bob, teams.invite, fair, [alice])
        join(fair, alice)
        with open_act(alice.actor) as act:
            undo_batch(act, join_batch(alice))
            by_alice = act.batch
        assert seat(fair, alice).joined_at is None
        assert undo(dana, by_alice).rows == 0
        assert seat(fair, alice).joined_at is None


def join_batch(user):
    """The batch in which somebody accepted last."""
    return JournalEntry.objects.filter(user_id=user.pk, kind="changed").latest("id").batch
