"""The bell tells whom a record is newly shared with, as far as they may see it, and nobody of their own deeds."""

import pytest

from rapport.engine.accounts.models import Notification, Team, TeamMember, User
from rapport.engine.accounts.notifications import bell_state
from rapport.engine.accounts.notifications.telling import read_out, tell
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.reactions import run_reactions
from rapport.engine.records.actions import change_record, create_record
from rapport.engine.records.definitions import check_again, forget
from rapport.engine.records.gate import POLICIES, Policy
from rapport.engine.records.registry import record_type
from rapport.engine.records.roles.actions import create_role
from rapport.engine.records.sharing import change_share, end_share, share_record

pytestmark = pytest.mark.django_db(transaction=True)
People = record_type("people")
READS = {"read": "own", "change": "own"}


@pytest.fixture
def role(dana):
    forget()

    def made(name, **policy):
        with open_act(dana.actor) as act:
            slug = create_role(act, {"name": name, "policies": {"people": {"reach": READS, **policy}}}).slug
        check_again()
        return slug

    return made


@pytest.fixture
def tom(role):
    return User.objects.create_user("tom@northwind.example", name="Tom", role=role("Own"))


@pytest.fixture
def amara(dana):
    with open_act(dana.actor) as act:
        return create_record(act, People, {"name": "Amara Okafor"})


def share(user, row, **raw):
    with open_act(user.actor) as act:
        made = share_record(act, People, row, {name: str(value) for name, value in raw.items()})
    check_again()
    return made


def told():
    """Who is told what, about which record; nothing of the record is stored."""
    run_reactions()
    found = set()
    for one in Notification.objects.select_related("user"):
        assert one.title == one.body == one.url == ""
        found |= {(one.user.name, words.title, one.record_id) for words in tell(one.user.actor, [one]).told.values()}
    return found


def test_whom_it_is_shared_with_learns_of_it_once(dana, tom, amara):
    made = share(dana, amara, holder=tom.pk)
    words = {("Tom", "Dana shared Amara Okafor with you", amara.pk)}
    assert told() == words
    with open_act(dana.actor) as act:
        change_share(act, People, amara, made, {"level": "change"})
    assert told() == words
    Notification.objects.all().delete()
    with open_act(dana.actor) as act:
        end_share(act, People, amara, made)
    assert told() == set()
    share(dana, amara, holder=tom.pk)
    assert told() == words


def test_a_team_learns_of_it_but_for_who_shared_it(dana, tom, amara, bob):
    with open_act(SYSTEM) as act:
        north = act.create(Team(name="North"))
        south = act.create(Team(name="South", parent=north))
        members = [(north, dana, True), (south, tom, True), (south, bob, False)]
        joined = {True: act.now, False: None}
        act.create([TeamMember(team=team, user=one, joined_at=joined[is_in]) for team, one, is_in in members])
    check_again()
    share(dana, amara, kind="team", holder=north.pk)
    assert {name for name, _title, _url in told()} == {"Tom"}


def test_what_was_taken_back_at_once_is_not_told(dana, tom, amara):
    made = share(dana, amara, holder=tom.pk)
    with open_act(dana.actor) as act:
        end_share(act, People, amara, made)
    assert told() == set()


def test_whose_role_hides_the_name_does_not_learn_it_and_who_cannot_see_it_nothing(dana, role, amara, monkeypatch):
    monkeypatch.setitem(POLICIES, "hidden", {"*": Policy(READS, hidden=frozenset({"name"}))})
    for name, slug in (("Hana", "hidden"), ("Nils", role("None", reach={}))):
        user = User.objects.create_user(f"{name.lower()}@northwind.example", name=name, role=slug)
        share(dana, amara, holder=user.pk)
    assert told() == {("Hana", "Dana shared something with you (person)", amara.pk)}


def test_words_follow_what_the_reader_may_see(dana, tom, amara):
    made = share(dana, amara, holder=tom.pk)
    assert told() == {("Tom", "Dana shared Amara Okafor with you", amara.pk)}
    with open_act(dana.actor) as act:
        change_record(act, People, amara, {"name": "Amara Nwosu"})
    assert told() == {("Tom", "Dana shared Amara Nwosu with you", amara.pk)}
    with open_act(dana.actor) as act:
        end_share(act, People, amara, made)
    check_again()
    (notice,) = Notification.objects.all()
    assert read_out(tom.actor, [notice]).told == {}
    notice.refresh_from_db()
    assert notice.done_at
    assert bell_state(tom) == {"unread": 0}
