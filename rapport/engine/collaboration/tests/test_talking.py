"""Talking where the record is: comments, answers, mentions, and who may take back what."""

import pytest
from django.urls import reverse

from rapport.engine.collaboration.models import Comment
from rapport.engine.events.act import open_act
from rapport.engine.records.actions import create_record
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(alice):
    with open_act(alice.actor) as act:
        return create_record(act, record_type("people"), {"name": "Amara Okafor", "owner": str(alice.pk)})


def page(record, name="write-comment", slug="people"):
    return reverse(f"collaboration:{name}", args=[slug, record.pk])


def write(client, record, text, **more):
    return client.post(page(record), {"text": text, **more}, follow=True)


def test_what_is_said_stands_on_the_page_and_in_the_story(alice, dana, browse, amara):
    client = browse(alice)
    assert "Likes snow" in write(client, amara, "Likes snow").text
    said = Comment.objects.get()
    assert (said.about_type, said.about_id, said.created_by) == ("people", amara.pk, alice.pk)
    story = browse(dana).get(f"/people/{amara.pk}/").text
    assert "commented" in story
    assert "Likes snow" in story
    threads = browse(dana).get(f"/people/{amara.pk}/?kind=comments").text
    assert "Likes snow" in threads
    assert f'id="comment-{said.pk}"' in threads


def test_answers_stand_below_and_outlive_what_they_answer(alice, browse, amara):
    client = browse(alice)
    write(client, amara, "First")
    first = Comment.objects.get()
    shown = client.get(f"/people/{amara.pk}/?kind=comments").text
    assert shown.count(f'name="next" value="/people/{amara.pk}/?kind=comments"') == 2
    write(client, amara, "Second", thread=str(first.pk))
    assert Comment.objects.exclude(pk=first.pk).get().thread_id == first.pk
    client.post(reverse("collaboration:delete-comment", args=[first.pk]))
    shown = client.get(page(amara, "talk")).text
    assert "First" not in shown
    assert "Second" in shown
    assert "This comment was deleted." in shown


def test_one_edits_what_one_said_and_nobody_else_does(alice, bob, dana, browse, amara):
    write(browse(alice), amara, "Likes snow")
    said = Comment.objects.get()
    address = reverse("collaboration:edit-comment", args=[said.pk])
    assert browse(bob).get(address).status_code == browse(dana).post(address, {"text": "x"}).status_code == 404
    client = browse(alice)
    assert "Likes snow" in client.get(address).text
    client.post(address, {"text": "Likes ice", "version": "1"})
    assert "edited" in client.get(page(amara, "talk")).text
    refused = client.post(address, {"text": "Likes rain", "version": "1"})
    assert refused.status_code == 422
    assert "Likes rain" not in Comment.objects.get().text
    assert browse(bob).post(reverse("collaboration:delete-comment", args=[said.pk])).status_code == 404
    assert browse(dana).post(reverse("collaboration:delete-comment", args=[said.pk])).status_code == 302


def test_who_is_mentioned_and_does_not_see_it_is_asked_about(alice, charlie, browse, amara):
    client = browse(alice)
    asked = write(client, amara, f"@{charlie} please call")
    assert asked.status_code == 409
    assert "cannot see" in asked.text
    assert "please call" in asked.text
    assert not Comment.objects.exists()
    write(client, amara, f"@{charlie} please call", lets_see="no")
    said = Comment.objects.get()
    assert (said.text, said.mentions) == (f"{charlie} please call", [])
    refused = client.post(reverse("collaboration:edit-comment", args=[said.pk]), {"text": f"@{charlie}, please"})
    assert "cannot see this" in refused.text
    assert not visible(charlie.actor, record_type("people")).filter(pk=amara.pk).exists()
    write(client, amara, f"@{charlie} please call now", lets_see="yes")
    assert visible(charlie.actor, record_type("people")).filter(pk=amara.pk).exists()
    assert Comment.objects.order_by("-pk")[0].mentions == [charlie.pk]


def test_what_is_said_becomes_something_to_do(alice, charlie, browse, amara):
    client = browse(alice)
    write(client, amara, "Send the offer")
    said = Comment.objects.get()
    place = reverse("collaboration:assign", args=[said.pk])
    assert "Send the offer" in client.get(place).text
    assert client.post(place, {"who": ""}).status_code == 422
    assert client.post(place, {"who": str(alice.pk), "due": "soon"}).status_code == 422
    shown = client.post(place, {"who": str(alice.pk), "due": "2026-12-01"}, follow=True).text
    assert "To do for" in shown
    done = shown.split('class="assigned row"')[1].split('action="')[1].split('"')[0]
    client.post(done)
    assert "has done it" in client.get(page(amara, "talk")).text
    assert browse(charlie).get(place).status_code == 404


def test_sending_twice_says_it_once(alice, browse, amara):
    client = browse(alice)
    shown = client.get(f"/people/{amara.pk}/").text
    key = shown.split(f'action="{page(amara)}"')[1].split('name="form_key" value="')[1].split('"')[0]
    for _turn in range(2):
        write(client, amara, "Once", form_key=key)
    assert Comment.objects.count() == 1


def test_a_stranger_neither_reads_nor_says_anything(charlie, alice, browse, amara):
    write(browse(alice), amara, "Likes snow")
    stranger = browse(charlie)
    assert stranger.get(page(amara, "talk")).status_code == 404
    assert stranger.post(page(amara), {"text": "x"}).status_code == 404
    assert Comment.objects.count() == 1


def test_offers_are_colleagues_and_records_that_one_sees(alice, charlie, browse, amara):
    offers = reverse("collaboration:offers")
    assert f'data-insert="@{alice} "' in browse(charlie).get(offers, {"q": "@ali"}).text
    assert browse(alice).get(offers, {"q": "ali"}).text.strip() == ""


def test_earlier_threads_come_with_a_click(alice, browse, amara, monkeypatch):
    monkeypatch.setattr("rapport.engine.collaboration.threads.PAGE", 2)
    client = browse(alice)
    for number in range(3):
        write(client, amara, f"Number {number}")
    shown = client.get(page(amara, "talk")).text
    assert "Number 0" not in shown
    assert "Number 2" in shown
    further = shown.split('href="' + page(amara, "talk"))[1].split('"')[0].replace("&amp;", "&")
    assert "Number 0" in client.get(page(amara, "talk") + further, headers={"HX-Request": "true"}).text
