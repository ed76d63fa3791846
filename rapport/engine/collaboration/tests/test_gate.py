"""Conversations are seen by their members and nobody else; comments by whoever sees what they are about."""

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import JournalEntry
from rapport.engine.records.actions import change_record, create_record, delete_records
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import may, visible
from rapport.engine.records.gate.rights import rights_of, with_rights
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db


def make(user, slug, **values):
    with open_act(user.actor) as act:
        return create_record(act, record_type(slug), values)


def seen(user, slug):
    return set(visible(user.actor, record_type(slug)).values_list("pk", flat=True))


@pytest.fixture
def talk(alice, bob):
    return make(alice, "conversations", members=[str(alice.pk), str(bob.pk)])


def test_members_alone_see_a_conversation(alice, bob, dana, talk):
    assert seen(alice, "conversations") == seen(bob, "conversations") == {talk.pk}
    assert seen(dana, "conversations") == set()
    rtype = record_type("conversations")
    assert [one["read"] for one in rights_of([bob.actor, dana.actor], rtype, talk, ["read"])] == [True, False]
    row = with_rights(bob.actor, rtype, visible(bob.actor, rtype)).get()
    assert (row.may_change, row.may_delete) == (True, False)
    assert not may(bob.actor, rtype, "export")


def test_what_is_said_there_is_seen_by_members_and_changed_by_who_said_it(alice, bob, dana, talk):
    said = make(alice, "comments", text="Hello", about_type="conversations", about_id=str(talk.pk))
    assert seen(bob, "comments") == {said.pk}
    assert seen(dana, "comments") == set()
    with pytest.raises(NotAllowed), open_act(bob.actor) as act:
        change_record(act, record_type("comments"), said, {"text": "Goodbye"})
    with pytest.raises(NotAllowed), open_act(bob.actor) as act:
        delete_records(act, record_type("comments"), [said])
    with open_act(alice.actor) as act:
        change_record(act, record_type("comments"), said, {"text": "Hello all"})
    with pytest.raises(ValidationFailed):
        make(dana, "comments", text="Me too", about_type="conversations", about_id=str(talk.pk))


def test_there_is_one_conversation_of_the_same_members(alice, bob, talk):
    with pytest.raises(ValidationFailed):
        make(bob, "conversations", members=[str(bob.pk), str(alice.pk)])


def test_nobody_makes_one_that_they_do_not_see(alice, bob):
    with pytest.raises(NotAllowed):
        make(alice, "conversations", members=[str(bob.pk)])


def test_an_answer_stands_in_the_thread_of_what_it_answers(alice, talk):
    about = {"about_type": "conversations", "about_id": str(talk.pk)}
    first = make(alice, "comments", text="First", **about)
    second = make(alice, "comments", text="Second", thread=str(first.pk), **about)
    third = make(alice, "comments", text="Third", thread=str(second.pk), **about)
    assert (second.thread_id, third.thread_id) == (first.pk, first.pk)


def test_what_is_said_about_a_part_of_a_record_is_refused_for_nobody_would_see_it(alice, talk):
    said = make(alice, "comments", text="Hello", about_type="conversations", about_id=str(talk.pk))
    for slug in ("comments", "notes"):
        with pytest.raises(ValidationFailed):
            make(alice, slug, text="About that", about_type="comments", about_id=str(said.pk))


def test_an_administrator_finds_nothing_of_it_anywhere(alice, dana, browse, talk):
    said = make(alice, "comments", text="The zebra is secret", about_type="conversations", about_id=str(talk.pk))
    entry = JournalEntry.objects.get(about_id=said.pk, kind="created")
    client = browse(dana)
    paths = (
        "/journal/", f"/journal/?user={alice.pk}", f"/batches/{entry.batch}/", "/search?q=zebra", "/conversations/",
        f"/conversations/{talk.pk}/", f"/conversations/{talk.pk}/talk", f"/conversations/{talk.pk}/timeline",
        f"/conversations/{talk.pk}/why", f"/comments/{said.pk}/edit", f"/comments/{said.pk}/assign",
    )  # fmt: skip
    for path in paths:
        assert "is secret" not in client.get(path, follow=True).text, path
    client.post(f"/batches/{entry.batch}/undo")
    said.refresh_from_db()
    assert not said.is_deleted
    assert client.get("/conversations/export.csv").status_code == 403
