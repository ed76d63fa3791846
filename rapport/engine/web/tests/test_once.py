"""A form that is sent twice does its deed once."""

import re
import threading

import pytest
from django.db import connection

from rapport.activities.models import Note
from rapport.customers.models import Person


def key_in(client, address="/people/new"):
    return re.search(r'name="form_key" value="([^"]+)"', client.get(address).content.decode())[1]


def send(client, **values):
    return client.post("/people/new", {"emails.0.email": "amara@x.no", **values})


def test_the_same_form_twice_makes_one_record(alice, browse):
    client = browse(alice)
    key = key_in(client)
    first = send(client, form_key=key, name="Amara")
    second = send(client, form_key=key, name="Amara", and_another="1")
    assert first.status_code == second.status_code == 302
    assert Person.objects.count() == 1
    assert send(client, form_key=key, name="Amara")["Location"] == first["Location"]


def test_other_words_are_another_record(alice, browse):
    client = browse(alice)
    key = key_in(client)
    send(client, form_key=key, name="Amara")
    assert send(client, form_key=key, name="Bo").status_code == 409
    send(client, form_key=key, name="Bo", create_anyway="1")
    assert set(Person.objects.values_list("name", flat=True)) == {"Amara", "Bo"}


def test_what_was_taken_back_can_be_sent_again(alice, browse):
    client = browse(alice)
    key = key_in(client)
    page = client.get(send(client, form_key=key, name="Amara")["Location"]).content.decode()
    client.post(re.search(r"/batches/[0-9a-f-]{36}/undo", page)[0])
    again = send(client, form_key=key, name="Amara", create_anyway="1")
    assert again.status_code == 302
    assert Person.objects.filter(deleted_at=None).count() == 1
    assert Person.objects.count() == 2


def test_the_key_of_somebody_else_means_nothing(alice, dana, browse):
    key = key_in(browse(alice))
    for user in (alice, dana):
        assert send(browse(user), form_key=key, name="Amara", create_anyway="1").status_code == 302
    assert Person.objects.count() == 2
    for wrong in ("", "forged", key[:-1]):
        assert send(browse(alice), form_key=wrong, name="Bo", create_anyway="1").status_code == 302
    assert Person.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment(alice, browse):
    client = browse(alice)
    key = key_in(client)
    start, answers = threading.Barrier(4), []

    def click():
        mine = browse(alice)
        start.wait()
        answers.append(send(mine, form_key=key, name="Amara"))
        connection.close()

    clicks = [threading.Thread(target=click) for _number in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1
    assert Person.objects.count() == 1


def test_an_edit_sent_twice_is_one_change(alice, browse, make):
    person = make(alice, "people", name="Amara", source="Fair")
    sent = {"source": "Letter", "version": person.version}
    for _click in range(2):
        assert browse(alice).post(f"/people/{person.pk}/edit/source", sent).status_code == 302
    person.refresh_from_db()
    assert (person.source, person.version) == ("Letter", 2)


def test_a_note_sent_twice_is_one_note(alice, browse, make):
    client, person = browse(alice), make(alice, "people", name="Amara")
    key = key_in(client, f"/people/{person.pk}/")
    for text in ("Likes tents", "Likes tents", "Likes boots"):
        assert client.post(f"/people/{person.pk}/notes", {"text": text, "form_key": key}).status_code == 302
    assert sorted(Note.objects.values_list("text", flat=True)) == ["Likes boots", "Likes tents"]
