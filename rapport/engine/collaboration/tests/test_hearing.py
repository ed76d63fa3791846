"""Who is told what: of comments by why they concern somebody, of changes by how loudly they follow."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.notifications import mute, read_out
from rapport.engine.collaboration.actions import Saying, begin_conversation, say_about
from rapport.engine.collaboration.follows import follow, followed, unfollow
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.reactions import REACTIONS, run_once
from rapport.engine.records.actions import change_record, create_record, delete_records
from rapport.engine.records.definitions import check_again
from rapport.engine.records.merging import merge_records
from rapport.engine.records.registry import record_type
from rapport.engine.records.sharing import end_share, share_record

pytestmark = pytest.mark.django_db(transaction=True)

COMMENTS = "engine.collaboration.reactions.tell_of_comments"
CHANGES = "engine.collaboration.reactions.tell_of_changes"


@pytest.fixture(autouse=True)
def _from_now_on(alice):
    tell()


@pytest.fixture
def people():
    return record_type("people")


@pytest.fixture
def amara(alice, people):
    """Hers; Bob sees it because he is on her team."""
    with open_act(alice.actor) as act:
        return create_record(act, people, {"name": "Amara Okafor", "stage": "lead", "owner": "me"})


def tell():
    for name in (COMMENTS, CHANGES):
        while run_once(REACTIONS[name]):
            pass


def say(user, record, text, rtype=None, **more):
    with open_act(user.actor) as act:
        made = say_about(act, rtype or record_type("people"), record, Saying(text, **more))
    tell()
    return made


def change(user, record, **values):
    with open_act(user.actor) as act:
        change_record(act, record_type("people"), record, values)
    tell()
    record.refresh_from_db()


def heard(user):
    check_again()
    notices = list(Notification.objects.filter(user=user, done_at=None).order_by("id"))
    told = read_out(user.actor, notices).told
    return [told[one.pk].title for one in notices if one.pk in told]


def test_who_is_mentioned_hears_of_it_and_nobody_else(alice, bob, dana, amara):
    say(alice, amara, f"@{bob}, look")
    assert heard(bob) == [f"{alice} mentioned you"]
    assert heard(alice) == heard(dana) == []


def test_an_edit_tells_those_it_adds_and_nobody_twice(alice, bob, dana, amara):
    said = say(alice, amara, f"@{bob}, look")
    with open_act(alice.actor) as act:
        change_record(act, record_type("comments"), said, {"text": f"@{bob} and @{dana}, look"})
    tell()
    assert len(heard(bob)) == len(heard(dana)) == 1


def test_an_answer_is_heard_by_the_thread_and_the_owner_hears_everything_said(alice, bob, dana, amara):
    first = say(dana, amara, "First")
    assert heard(alice) == [f"{dana} commented"]
    say(bob, amara, "Second", thread=str(first.pk))
    assert heard(dana) == [f"{bob} answered"]
    assert heard(alice) == [f"{dana} commented", f"{bob} commented"]


def test_a_message_is_heard_by_the_members(alice, bob, dana):
    with open_act(alice.actor) as act:
        talk = begin_conversation(act, [str(bob.pk)])
    say(alice, talk, "Coffee?", record_type("conversations"))
    assert heard(bob) == [f"{alice} wrote to you"]
    assert heard(alice) == heard(dana) == []


def test_whoever_hears_less_hears_only_mentions(alice, bob, amara):
    say(bob, amara, "I was here")
    mute(bob, "people", amara.pk)
    say(alice, amara, "Not for Bob")
    assert heard(bob) == []
    say(alice, amara, f"For @{bob}")
    assert heard(bob) == [f"{alice} mentioned you"]


def test_followers_hear_as_loudly_as_they_wish(alice, bob, dana, amara, people):
    with open_act(alice.actor) as act:
        follow(act, people, amara, "all")
    with open_act(bob.actor) as act:
        follow(act, people, amara, "important")
    change(dana, amara, source="Fair")
    assert heard(alice) == [f"{dana} changed Source"]
    assert heard(bob) == []
    change(dana, amara, stage="customer")
    assert heard(bob) == [f"{dana} changed Stage"]
    assert heard(dana) == []
    with open_act(bob.actor) as act:
        unfollow(act, people, amara)
    change(dana, amara, stage="lost")
    assert len(heard(bob)) == 1


def test_a_new_owner_hears_of_it(alice, dana, amara):
    change(alice, amara, owner=str(dana.pk))
    assert heard(dana) == [f"{alice} made this yours"]
    change(dana, amara, owner=str(dana.pk))
    assert len(heard(dana)) == 1


def test_many_changes_at_once_are_heard_of_once(alice, dana, people, amara):
    with open_act(dana.actor) as act:
        some = [create_record(act, people, {"name": f"Number {number}"}) for number in range(8)]
    with open_act(alice.actor) as act:
        for one in some:
            follow(act, people, one, "all")
    with open_act(dana.actor) as act:
        for one in some:
            change_record(act, people, one, {"owner": str(alice.pk)})
    tell()
    assert heard(alice) == [
        f"{dana} made several records yours",
        f"{dana} changed many records at once that you follow",
    ]


def test_who_no_longer_sees_it_is_told_nothing(alice, charlie, amara, people):
    with open_act(alice.actor) as act:
        share = share_record(act, people, amara, {"holder": str(charlie.pk)})
    say(alice, amara, f"@{charlie}, look")
    assert heard(charlie) == [f"{alice} mentioned you"]
    say(alice, amara, "More for everybody here")
    with open_act(alice.actor) as act:
        end_share(act, people, amara, share)
    assert heard(charlie) == []
    say(alice, amara, "And more")
    assert Notification.objects.filter(user=charlie).count() == 2


def test_a_deleted_comment_is_told_no_more(alice, bob, amara):
    said = say(alice, amara, f"@{bob}, look")
    with open_act(alice.actor) as act:
        delete_records(act, record_type("comments"), [said])
    assert heard(bob) == []


def test_a_follower_of_what_was_merged_follows_on_and_the_louder_word_counts(alice, dana, people, amara):
    with open_act(dana.actor) as act:
        twin = create_record(act, people, {"name": "A. Okafor"})
    with open_act(alice.actor) as act:
        follow(act, people, amara, "important")
        follow(act, people, twin, "all")
    with open_act(dana.actor) as act:
        merge_records(act, people, [amara, twin], survivor=amara.pk)
    found = followed(alice.actor, people, amara.pk)
    assert found is not None
    assert found.level == "all"


def test_nobody_follows_what_they_do_not_see(charlie, amara, people):
    with pytest.raises(NotAllowed), open_act(charlie.actor) as act:
        follow(act, people, amara, "all")


def test_telling_many_costs_what_telling_one_costs(alice, bob, dana, amara):
    asked = []
    for names in (f"@{bob}", f"@{bob}", f"@{bob} @{dana}"):
        with open_act(alice.actor) as act:
            say_about(act, record_type("people"), amara, Saying(f"{names}, look"))
        with CaptureQueriesContext(connection) as queries:
            tell()
        asked.append(len(queries))
    assert asked[1] == asked[2]
