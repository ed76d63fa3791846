"""Who is told what: by mentions, threads, conversations and follows; never the author, never who may not see it."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapport.engine.accounts.models import Notification, Team, TeamMember, User
from rapport.engine.accounts.notifications.telling import tell
from rapport.engine.collaboration.models import Follow
from rapport.engine.collaboration.presence import come
from rapport.engine.collaboration.tests.support import change, hear, kinds, make, nothing_told_yet, say, words
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.reactions import run_reactions
from rapport.engine.records.actions import change_record, delete_records
from rapport.engine.records.definitions import check_again
from rapport.engine.records.gate import POLICIES, Policy, reaches, visible
from rapport.engine.records.merging.doing import merge_records
from rapport.engine.records.registry import record_type
from rapport.engine.records.sharing import end_share, share_record

pytestmark = pytest.mark.django_db(transaction=True)
People = record_type("people")


@pytest.fixture
def amara(alice):
    made = make(alice, name="Amara Okafor", owner=str(alice.pk))
    nothing_told_yet()
    return made


@pytest.fixture
def ida(db):
    return User.objects.create_user("ida@northwind.example", name="Ida", role="member")


class TestComments:
    def test_the_owner_hears_and_the_author_does_not(self, alice, dana, amara):
        say(dana, amara, "Likes snow")
        say(alice, amara, "I know")
        assert kinds() == [("Alice", "comment"), ("Dana", "comment")]
        assert Notification.objects.filter(user=alice).get().who_id == dana.pk
        assert words() == [("Alice", "Dana commented", "Likes snow"), ("Dana", "Alice commented", "I know")]

    def test_a_mention_is_stronger_than_all_else_and_said_once(self, alice, dana, ida, amara):
        say(dana, amara, f"<@{alice.pk}> and <@{ida.pk}>, look")
        assert kinds() == [("Alice", "mention"), ("Ida", "mention")]
        assert words()[0] == ("Alice", "Dana mentioned you", "@Alice and @Ida, look")

    def test_a_team_and_those_below_it_are_mentioned(self, dana, ida, erin, amara):
        with open_act(SYSTEM) as act:
            north = act.create(Team(name="North"))
            south = act.create(Team(name="South", parent=north))
            members = ((north, ida), (south, erin))
            act.create([TeamMember(team=team, user=one, joined_at=act.now) for team, one in members])
        check_again()
        say(dana, amara, f"<@{north.pk}> look")
        assert kinds() == [("Alice", "comment"), ("Erin", "mention"), ("Ida", "mention")]

    def test_who_takes_part_in_a_thread_hears_of_answers(self, alice, dana, ida, amara):
        first = say(ida, amara, "First")
        nothing_told_yet()
        Follow.objects.all().delete()
        say(dana, amara, "Second", thread=str(first.pk))
        assert kinds() == [("Alice", "comment"), ("Ida", "answer")]

    def test_who_says_something_or_is_mentioned_follows_once(self, alice, dana, ida, amara):
        say(dana, amara, f"<@{ida.pk}> look")
        nothing_told_yet()
        assert dict(Follow.objects.values_list("user__name", "level")) == {"Dana": "important", "Ida": "important"}
        say(alice, amara, "Seen")
        assert kinds() == [("Dana", "comment"), ("Ida", "comment")]
        Notification.objects.all().delete()
        with open_act(SYSTEM) as act:
            act.delete(Follow.objects.filter(user=ida))
        say(alice, amara, f"<@{ida.pk}> again")
        nothing_told_yet()
        say(alice, amara, "And again")
        assert kinds() == [("Dana", "comment")]

    def test_levels_decide(self, alice, dana, ida, erin, amara):
        for user, level in ((alice, "mentions"), (ida, "all"), (erin, "important")):
            hear(user, amara, level)
        say(dana, amara, "Likes snow")
        assert kinds() == [("Erin", "comment"), ("Ida", "comment")]

    def test_members_of_a_conversation_hear_it_but_for_who_muted_it(self, alice, bob, dana, ida):
        talk = make(alice, "conversations", members=[str(one.pk) for one in (alice, bob, ida)])
        nothing_told_yet()
        hear(ida, talk, "mentions", "conversations")
        say(alice, talk, "Hello", "conversations")
        assert words() == [("Bob", "Alice wrote", "Hello")]
        assert not Follow.objects.exclude(user=ida).exists()

    def test_a_mention_that_comes_with_an_edit_is_told(self, alice, dana, ida, amara):
        said = say(dana, amara, "Look")
        kinds()
        change(dana, said, "comments", text=f"<@{ida.pk}> look <@{alice.pk}>")
        assert kinds() == [("Alice", "comment"), ("Ida", "mention")]

    def test_a_comment_that_is_gone_is_told_to_nobody(self, alice, dana, amara):
        said = say(dana, amara, "Likes snow")
        kinds()
        with open_act(dana.actor) as act:
            delete_records(act, record_type("comments"), [said])
        assert words() == []

    def test_who_looks_at_the_record_has_seen_it(self, alice, dana, amara):
        come(alice.pk, "people", amara.pk)
        say(dana, amara, "Likes snow")
        kinds()
        assert Notification.objects.get().state == "read"


class TestAccess:
    def test_who_cannot_see_the_record_is_told_nothing(self, dana, charlie, amara):
        with open_act(SYSTEM) as act:
            act.create(Follow(user=charlie, record_type="people", record_id=amara.pk, level="all"))
        say(dana, amara, "Likes snow")
        change(dana, amara, name="Amara Nwosu")
        assert {name for name, _kind in kinds()} == {"Alice"}

    def test_nor_who_lost_sight_of_it_meanwhile(self, dana, charlie, amara):
        with open_act(dana.actor) as act:
            share = share_record(act, People, amara, {"holder": str(charlie.pk), "level": "read"})
        check_again()
        hear(charlie, amara, "all")
        nothing_told_yet()
        say(dana, amara, "Likes snow")
        change(dana, amara, name="Amara Nwosu")
        # Which of two reactions comes first is nobody's promise.
        assert sorted(one for one in words() if one[0] == "Charlie") == [
            ("Charlie", "Dana changed Name, Last name", ""),
            ("Charlie", "Dana commented", "Likes snow"),
        ]
        with open_act(dana.actor) as act:
            end_share(act, People, amara, share)
        assert [one for one in words() if one[0] == "Charlie"] == []

    def test_filters_in_roles_are_asked_for_all_at_once(self, dana, amara, monkeypatch):
        monkeypatch.setitem(POLICIES, "some", {"*": Policy({"read": "filter"}, where={"read": 'name ~ "Amara"'})})
        seer = User.objects.create_user("seer@northwind.example", name="Seer", role="some")
        bruno = make(dana, name="Bruno")
        nothing_told_yet()
        with open_act(SYSTEM) as act:
            act.create(
                [Follow(user=seer, record_type="people", record_id=one.pk, level="all") for one in (amara, bruno)]
            )
        say(dana, amara, "Snow")
        say(dana, bruno, "Rain")
        kinds()
        assert [one.record_id for one in Notification.objects.filter(user=seer)] == [amara.pk]

    def test_fields_that_a_role_hides_are_not_named(self, dana, charlie):
        zoe = make(charlie, name="Zoe")
        nothing_told_yet()
        hear(charlie, zoe, "all")
        change(dana, zoe, phones=[{"phone": "+4722334455"}])
        assert kinds() == [("Charlie", "changed")]
        assert words() == []


class TestChanges:
    def test_followers_hear_of_what_matters_to_them(self, alice, dana, ida, amara):
        hear(ida, amara, "all")
        change(dana, amara, source="Fair")
        assert kinds() == [("Ida", "changed")]
        assert not Notification.objects.get().is_important
        Notification.objects.all().delete()
        change(dana, amara, name="Amara Nwosu")
        assert kinds() == [("Alice", "changed"), ("Ida", "changed")]
        assert ("Alice", "Dana changed Source, Name, Last name", "") in words()

    def test_changes_of_one_person_within_ten_minutes_are_one(self, alice, dana, ida, amara):
        for name in ("A", "B", "C"):
            change(dana, amara, name=name)
        change(ida, amara, name="D")
        told = kinds()
        assert len(told) <= 4  # a slice of time may end between two of them
        assert {one.who_id for one in Notification.objects.filter(user=alice)} == {dana.pk, ida.pk}

    def test_a_new_owner_is_told_and_not_by_themselves(self, alice, dana, ida, amara):
        change(dana, amara, owner=str(ida.pk))
        assert kinds() == [("Alice", "changed"), ("Ida", "assigned")]
        assert ("Ida", "Dana made this yours", "") in words()
        nothing_told_yet()
        change(dana, amara, owner=str(dana.pk))
        assert ("Dana", "assigned") not in kinds()

    def test_what_happened_long_ago_is_no_news(self, alice, dana, amara):
        with open_act(dana.actor, now=timezone.now() - timedelta(days=3)) as act:
            act.change(amara, stage="customer", owner_id=dana.pk)
        assert kinds() == []

    def test_who_gets_a_new_record_is_told(self, dana, ida):
        make(dana, name="Bruno", owner=str(ida.pk))
        make(dana, name="Carla", owner=str(dana.pk))
        assert kinds() == [("Ida", "assigned")]

    def test_deleted_is_told_by_name_to_who_may_see_it(self, alice, dana, amara):
        with open_act(dana.actor) as act:
            delete_records(act, People, [amara])
        assert words() == [("Alice", "Dana deleted Amara Okafor", "")]

    def test_a_merge_is_one_thing(self, alice, dana, amara):
        twin = make(alice, name="Amara O.", owner=str(alice.pk))
        nothing_told_yet()
        with open_act(dana.actor) as act:
            merge_records(act, People, [amara, twin], survivor=amara.pk)
        assert words() == [("Alice", "Dana merged others into this", "")]

    def test_much_at_once_is_one_notice(self, alice, dana):
        rows = [make(alice, name=f"Row {number}", owner=str(alice.pk)) for number in range(8)]
        nothing_told_yet()
        with open_act(dana.actor) as act:
            for row in rows:
                change_record(act, People, row, {"name": f"{row.name} changed"})
        assert words() == [("Alice", "Dana changed several people that you follow", "")]
        nothing_told_yet()
        with open_act(dana.actor) as act:
            for row in rows:
                change_record(act, People, row, {"owner": str(dana.pk)})
        assert kinds() == [("Alice", "changed_many")]


def test_it_costs_the_same_for_many_recipients(dana):
    def cost(number):
        row = make(dana, name="Amara Okafor")
        emails = [f"{row.pk}-{one}@northwind.example" for one in range(number)]
        users = [User.objects.create_user(email, role="member") for email in emails]
        with open_act(SYSTEM) as act:
            act.create([Follow(user=one, record_type="people", record_id=row.pk, level="all") for one in users])
        nothing_told_yet()
        say(dana, row, " ".join(f"<@{one.pk}>" for one in users[: number // 2]))
        change(dana, row, name="Amara Nwosu")
        with CaptureQueriesContext(connection) as queries:
            run_reactions()
        assert Notification.objects.count() == 2 * number
        return len(queries)

    cost(2)
    assert abs(cost(60) - cost(6)) <= 2  # a worker's looks at the journal differ by when they fall


def test_the_words_of_many_notices_cost_the_same(alice, dana, amara, django_assert_max_num_queries):
    for number in range(12):
        say(dana, amara, f"Number {number} <@{alice.pk}>")
    change(dana, amara, name="Amara Nwosu")
    kinds()
    notices = list(Notification.objects.filter(user=alice))
    with django_assert_max_num_queries(14):
        assert len(tell(alice.actor, notices).told) == 13


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_nobody_hears_of_their_own_deeds_or_of_what_they_cannot_see(
    alice, bob, charlie, dana, erin, seed
):
    chance = Random(seed)
    cast = [alice, bob, charlie, dana, erin]
    rows = [make(user, name=user.name, owner=str(user.pk)) for user in (alice, charlie, dana)]
    said = {row.pk: [] for row in rows}
    with open_act(SYSTEM) as act:
        follows = [(user, row) for user in cast for row in rows if chance.random() < 0.6]
        act.create(
            [
                Follow(user=user, record_type="people", record_id=row.pk, level=chance.choice(Follow.Level.values))
                for user, row in follows
            ]
        )
    for _number in range(25):
        row = chance.choice(rows)
        user = chance.choice([one for one in cast if visible(one.actor, People).filter(pk=row.pk).exists()])
        if chance.random() < 0.5 or not may_change(user, row):
            mentioned = [f"<@{one.pk}>" for one in cast if chance.random() < 0.3 and sees(one, row)]
            thread = {"thread": str(chance.choice(said[row.pk]))} if said[row.pk] and chance.random() < 0.5 else {}
            said[row.pk].append(say(user, row, " ".join(["Word", *mentioned]), **thread).pk)
        else:
            change(user, row, name=f"Name {chance.random()}")
        if chance.random() < 0.3:
            run_reactions()
    run_reactions()
    told = list(Notification.objects.select_related("user"))
    assert told
    for one in told:
        assert one.who_id != one.user_id
        assert sees(one.user, next(row for row in rows if row.pk == one.record_id))


def sees(user, row):
    return visible(user.actor, People).filter(pk=row.pk).exists()


def may_change(user, row):
    return reaches(user.actor, People, "change", row)
