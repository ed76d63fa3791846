"""Conversations: begun once for the same members, read by them alone, left by whoever wants to."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rapport.engine.collaboration.models import Comment, Conversation
from rapport.engine.events.reactions import run_reactions
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db(transaction=True)

HOME, NEW = "/conversations/", "/conversations/new"


def begin(client, *others, text="Hello", **more):
    return client.post(NEW, {"members": [str(one.pk) for one in others], "text": text, **more}, follow=True)


def test_a_conversation_is_begun_once_and_goes_on(alice, bob, dana, browse):
    assert "Hello" in begin(browse(alice), bob).text
    begin(browse(bob), alice, text="Hello yourself")
    talk = Conversation.objects.get()
    assert sorted(talk.members) == sorted([alice.pk, bob.pk])
    shown = browse(alice).get(f"{HOME}{talk.pk}/").text
    assert "Hello yourself" in shown
    assert str(bob) in shown
    assert browse(dana).get(f"{HOME}{talk.pk}/").status_code == 404
    assert "Hello yourself" in browse(alice).get(HOME).text
    assert "Hello" not in browse(dana).get(HOME).text


def test_one_with_a_name_stands_beside_it(alice, bob, browse):
    begin(browse(alice), bob)
    begin(browse(alice), bob, name="Spring fair")
    assert Conversation.objects.count() == 2
    assert "Spring fair" in browse(bob).get(HOME).text


def test_the_newest_word_stands_first(alice, bob, dana, browse):
    begin(browse(alice), bob, text="To Bob")
    begin(browse(alice), dana, text="To Dana")
    begin(browse(alice), bob, text="To Bob again")
    shown = browse(alice).get(HOME).text
    assert shown.index("To Bob again") < shown.index("To Dana")


def test_who_leaves_sees_it_no_more(alice, bob, browse):
    begin(browse(alice), bob)
    talk = Conversation.objects.get()
    browse(bob).post(reverse("collaboration:leave", args=[talk.pk]))
    assert not visible(bob.actor, record_type("conversations")).exists()
    assert visible(bob.actor, record_type("comments")).count() == 0
    assert str(bob) in browse(alice).get(f"{HOME}{talk.pk}/").text


def test_pages_cost_the_same_however_much_was_said(alice, bob, dana, browse, pinned_queries):
    client = browse(alice)
    for others in ([bob], [dana], [bob, dana]):
        for words in ("One", f"@{others[0]}, two", "Three"):
            begin(client, *others, text=words)
    talk = Conversation.objects.order_by("pk")[0]
    for name, path in (("conversations", HOME), ("conversation", f"{HOME}{talk.pk}/")):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        pinned_queries(name, len(queries))


def test_nobody_to_speak_to_keeps_notes_to_oneself(alice, browse):
    assert "Notes to myself" in begin(browse(alice), text="Buy milk").text
    assert Comment.objects.get().about_id == Conversation.objects.get().pk


def test_a_name_that_is_nobody_is_said(alice, browse):
    refused = browse(alice).post(NEW, {"members": ["nobody"]})
    assert refused.status_code == 422
    assert "There is nobody here" in refused.text


def test_further_conversations_are_a_page_away(alice, bob, dana, browse, monkeypatch):
    monkeypatch.setattr("rapport.engine.collaboration.conversations.PAGE", 1)
    begin(browse(alice), bob, text="To Bob")
    begin(browse(alice), dana, text="To Dana")
    shown = browse(alice).get(HOME).text
    assert "To Dana" in shown
    assert "To Bob" not in shown
    before = shown.split("?before=")[1].split('"')[0]
    assert "To Bob" in browse(alice).get(f"{HOME}?before={before}").text


def test_what_was_said_is_found_by_members_alone(alice, bob, dana, browse):
    begin(browse(alice), bob, text="The zebra tents arrived")
    run_reactions()
    found = browse(bob).get("/search", {"q": "zebra"}).text
    talk = f"/conversations/{Conversation.objects.get().pk}/"
    assert talk in found
    assert f"{alice}; {bob}" in found or f"{bob}; {alice}" in found
    assert talk not in browse(dana).get("/search", {"q": "zebra"}).text
