"""Following a record: for oneself, for who sees it, with undo, and through a merge."""

import pytest
from django.contrib.messages import get_messages

from rapport.engine.accounts.notifications import mute
from rapport.engine.collaboration.following import follow, level_of, unfollow
from rapport.engine.collaboration.models import Follow
from rapport.engine.collaboration.tests.support import People, hear, make
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.undo import undo_batch
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.merging.doing import merge_records
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(alice):
    return make(alice, name="Amara Okafor", owner=str(alice.pk))


def level(user, row, slug="people"):
    return level_of(user.pk, record_type(slug), row)


def undo(user, batch):
    with open_act(user.actor) as act:
        undo_batch(act, batch)


def test_who_owns_or_made_a_record_hears_what_matters_and_others_mentions(alice, dana, amara):
    assert level(alice, amara) == ("important", False)
    assert level(dana, amara) == ("mentions", False)


def test_members_of_a_conversation_hear_everything(alice, bob, dana):
    talk = make(alice, "conversations", members=[str(alice.pk), str(bob.pk)])
    assert level(bob, talk, "conversations") == ("all", False)
    assert level(dana, talk, "conversations") == ("mentions", False)


def test_one_follows_changes_that_and_stops_and_all_of_it_is_undone(dana, amara):
    hear(dana, amara, "all")
    assert level(dana, amara) == ("all", True)
    with open_act(dana.actor) as act:
        follow(act, People, amara, "important")
    assert level(dana, amara) == ("important", True)
    undo(dana, act.batch)
    assert level(dana, amara) == ("all", True)
    with open_act(dana.actor) as act:
        unfollow(act, People, amara)
    assert level(dana, amara) == ("mentions", False)
    undo(dana, act.batch)
    assert level(dana, amara) == ("all", True)


def test_whose_record_it_is_can_stop_hearing_of_it(alice, amara):
    with open_act(alice.actor) as act:
        unfollow(act, People, amara)
    assert level(alice, amara) == ("mentions", True)


def test_nobody_follows_what_they_do_not_see_and_nothing_follows_for_the_system(charlie, dana, amara):
    for actor in (charlie.actor, SYSTEM):
        with pytest.raises(NotAllowed), open_act(actor) as act:
            follow(act, People, amara, "all")
    with pytest.raises(ValidationFailed), open_act(dana.actor) as act:
        follow(act, People, amara, "loud")
    assert not Follow.objects.exists()


def test_a_merge_leads_follows_to_the_survivor_and_the_louder_stays(alice, dana, bob, amara):
    twin = make(alice, name="Amara Okafor", owner=str(alice.pk))
    hear(dana, amara, "mentions")
    hear(dana, twin, "all")
    hear(bob, twin, "important")
    with open_act(dana.actor) as act:
        merge_records(act, People, [amara, twin], survivor=amara.pk)
    assert (level(dana, amara), level(bob, amara)) == (("all", True), ("important", True))
    undo(dana, act.batch)
    assert (level(dana, amara), level(bob, amara)) == (("mentions", True), ("mentions", False))
    assert (level(dana, twin), level(bob, twin)) == (("all", True), ("important", True))


def test_muting_leaves_mentions(dana, charlie, amara):
    hear(dana, amara, "all")
    mute(dana, "people", amara.pk)
    mute(charlie, "people", amara.pk)
    assert level(dana, amara) == ("mentions", True)
    assert Follow.objects.count() == 1


@pytest.mark.usefixtures("amara")
def test_the_page_says_how_one_follows_and_offers_the_rest(dana, browse, amara):
    client = browse(dana)
    page, address = f"/people/{amara.pk}/", f"/people/{amara.pk}/follow"
    assert address in client.get(page).text
    answer = client.post(address, {"level": "all"})
    assert answer.status_code == 302
    assert [str(one) for one in get_messages(answer.wsgi_request)] == ["You hear everything of this."]
    assert level(dana, amara) == ("all", True)
    assert client.post(address, {"level": "loud"}).status_code == 302
    client.post(address, {"level": ""})
    assert level(dana, amara) == ("mentions", False)


def test_a_page_that_one_does_not_see_takes_no_follow(charlie, browse, amara):
    assert browse(charlie).post(f"/people/{amara.pk}/follow", {"level": "all"}).status_code == 404
