"""Moving cards of a board: once, undone, refused, in conflict, and with what a lane asks for."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from rapport.customers.models import Person
from rapport.customers.record_types import PersonType, complete_person
from rapport.engine.events.act import open_act
from rapport.engine.events.models import JournalEntry
from rapport.engine.records import gate
from rapport.engine.records.actions import change_record
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.registry import record_type
from rapport.engine.web.tests.boards import PART, lanes_of
from rapport.engine.web.tests.making import make_field, undo_last
from rapport.engine.web.tests.markup import Page

BOARD = "/people/?layout=board"


@pytest.fixture
def amara(alice, make):
    return make(alice, "people", name="Amara Okafor", stage="lead", owner="me")


def move_url(row, query="layout=board", field="stage"):
    return f"/people/{row.pk}/move/{field}?{query}"


def template(answer, name):
    """What an answer to script holds for one purpose, with the attributes of its place."""
    found = re.search(rf"<template data-{name}([^>]*)>(.*?)</template>", answer.content.decode(), re.S)
    return (found[1], found[2]) if found else ("", "")


def heads(answer):
    pattern = r'<template data-head="([^"]*)">.*?<span class="dim num">([^<]*)</span>'
    return dict(re.findall(pattern, answer.content.decode(), re.S))


def stage(row):
    return Person.objects.get(pk=row.pk).stage


def changes_of(row):
    return JournalEntry.objects.filter(about_id=row.pk, kind="changed").count()


def test_a_card_is_moved_without_script_and_back(alice, browse, amara):
    client = browse(alice)
    form = client.get(move_url(amara)).content.decode()
    assert Page(form).all_faults() == []
    assert '<option value="customer"' in form
    assert '<option value="lead"' not in form
    answer = client.post(move_url(amara, "where=owner+%3D+me&layout=board"), {"to": "customer", "version": "1"})
    assert answer["Location"] == "/people/?where=owner+%3D+me&layout=board"
    board = client.get(answer["Location"])
    assert lanes_of(board)["customer"].titles == ["Amara Okafor"]
    assert "Amara Okafor moved to Customer." in board.content.decode()
    undo_last(client, board)
    assert stage(amara) == "lead"


def test_script_gets_the_heads_the_card_in_its_place_and_the_way_back(alice, browse, make, amara):
    others = [make(alice, "people", name=name, stage="customer") for name in ("Bruno", "Chiara")]
    answer = browse(alice).post(move_url(amara), {"to": "customer", "version": "1"}, headers=PART)
    where, card = template(answer, "card")
    assert f'data-into="customer" data-before="{""}"' in where
    assert "Amara Okafor" in card
    assert 'data-version="2"' in card
    assert heads(answer) == {
        "subscriber": "0", "lead": "0", "qualified": "0", "customer": "3", "at-risk": "0", "lost": "0", "~": "0",
    }  # fmt: skip
    assert "/undo" in template(answer, "toast")[1]
    by_name = browse(alice).post(move_url(others[0], "layout=board&order=-name"), {"to": "customer"}, headers=PART)
    assert f'data-before="{amara.pk}"' in template(by_name, "card")[0]


def test_out_of_the_lanes_and_in_again(alice, browse, amara):
    client = browse(alice)
    answer = client.post(move_url(amara), {"to": "~", "version": "1"}, headers=PART)
    assert (stage(amara), template(answer, "card")[0].split()[0]) == ("", 'data-into="~"')
    client.post(move_url(amara), {"to": "lost", "version": "2"})
    assert stage(amara) == "lost"


def test_a_form_sent_twice_moves_once(alice, browse, amara):
    client = browse(alice)
    first = client.post(move_url(amara), {"to": "customer", "version": "1"}, headers=PART)
    second = client.post(move_url(amara), {"to": "customer", "version": "1"}, headers=PART)
    assert (first.status_code, second.status_code) == (200, 200)
    assert changes_of(amara) == 1
    assert "/undo" not in template(second, "toast")[1]


def test_who_comes_second_learns_where_the_card_is_and_changes_nothing(alice, dana, browse, amara):
    browse(dana).post(move_url(amara), {"to": "qualified", "version": "1"})
    part = browse(alice).post(move_url(amara), {"to": "customer", "version": "1"}, headers=PART)
    assert part.status_code == 409
    assert 'data-into="qualified"' in template(part, "card")[0]
    assert "Somebody else moved Amara Okafor to Qualified meanwhile" in template(part, "toast")[1]
    assert heads(part)["qualified"] == "1"
    client = browse(alice)
    page = client.get(client.post(move_url(amara), {"to": "customer", "version": "1"})["Location"])
    assert "It stays there." in page.content.decode()
    assert (stage(amara), changes_of(amara)) == ("qualified", 1)


def test_what_others_changed_beside_is_kept(alice, browse, amara):
    with open_act(alice.actor) as act:
        change_record(act, record_type("people"), Person.objects.get(pk=amara.pk), {"source": "Fair"})
    assert browse(alice).post(move_url(amara), {"to": "customer", "version": "1"}, headers=PART).status_code == 200
    moved = Person.objects.get(pk=amara.pk)
    assert (moved.stage, moved.source) == ("customer", "Fair")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("second", "status"), [("qualified", 409), ("customer", 200)])
def test_two_at_once_one_moves_and_one_is_told(alice, dana, browse, amara, second, status):
    clients = [(browse(alice), "customer"), (browse(dana), second)]

    def post(pair):
        try:
            return pair[0].post(move_url(amara), {"to": pair[1], "version": "1"}, headers=PART)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(post, clients))
    assert sorted(answer.status_code for answer in answers) == [200, status]
    assert changes_of(amara) == 1
    assert sum("/undo" in template(answer, "toast")[1] for answer in answers) == 1
    connection.close()


def test_a_card_that_no_longer_fits_the_filter_leaves_the_board(alice, browse, amara):
    url = move_url(amara, "where=stage+%3D+lead&layout=board")
    answer = browse(alice).post(url, {"to": "customer"}, headers=PART)
    assert template(answer, "card") == ("", "")
    assert "This list no longer holds it." in template(answer, "toast")[1]


@pytest.fixture
def strict(monkeypatch):
    """Customers need a source, and a way to address them that is not `X`."""

    def complete(row, values):
        becomes = {
            **({"stage": row.stage, "source": row.source, "salutation": row.salutation} if row else {}),
            **values,
        }
        if becomes.get("stage") == "customer" and not becomes.get("source"):
            raise ValidationFailed({"source": "A customer needs a source."})
        if becomes.get("salutation") == "X":
            raise ValidationFailed({"salutation": "Not X."})
        return complete_person(row, values)

    monkeypatch.setattr(PersonType, "complete", complete)


def test_a_lane_that_needs_more_asks_for_it_in_place(alice, browse, amara, strict):
    client = browse(alice)
    asked = client.post(move_url(amara), {"to": "customer", "version": "1"}, headers=PART)
    form = asked.content.decode()
    assert asked.status_code == 422
    assert "A customer needs a source." in form
    assert 'name="source"' in form
    assert 'name="ask" value="source"' in form
    assert 'name="to" value="customer"' in form
    assert 'name="salutation"' not in form
    assert stage(amara) == "lead"
    again = client.post(
        move_url(amara), {"to": "customer", "version": "1", "ask": "source", "source": " "}, headers=PART
    )
    assert again.status_code == 422
    sent = {"to": "customer", "version": "1", "ask": "source", "source": "Fair"}
    done = client.post(move_url(amara), sent, headers=PART)
    assert done.status_code == 200
    moved = Person.objects.get(pk=amara.pk)
    assert (moved.stage, moved.source, changes_of(amara)) == ("customer", "Fair", 1)


def test_what_was_typed_is_kept_when_more_is_asked_for(alice, browse, amara, strict):
    sent = {"to": "customer", "ask": ["source", "salutation"], "source": "Fair", "salutation": "X"}
    page = browse(alice).post(move_url(amara), sent)
    assert page.status_code == 422
    assert Page(page.content.decode()).all_faults() == []
    assert 'value="Fair"' in page.content.decode()
    assert "Not X." in page.content.decode()


def test_only_what_the_form_asked_for_is_written_with_a_move(alice, browse, amara):
    browse(alice).post(move_url(amara), {"to": "customer", "source": "Sneaked in"})
    assert (stage(amara), Person.objects.get(pk=amara.pk).source) == ("customer", "")
    browse(alice).post(move_url(amara), {"to": "lost", "ask": ["stage", "nonsense", "created_at"], "created_at": "x"})
    assert stage(amara) == "lost"


@pytest.mark.parametrize("to", ["nonsense", "\x00", "x" * 5000])
def test_a_lane_that_is_not_there_is_refused_in_words(alice, browse, amara, to):
    answer = browse(alice).post(move_url(amara), {"to": to}, headers=PART)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert browse(alice).post(move_url(amara), {}).status_code == 422
    assert stage(amara) == "lead"


def test_a_required_choice_cannot_be_left(admin, alice, make):
    field = make_field(admin, "choice", "Mood", required="on")
    amara = make(alice, "people", name="Amara", x_mood="calm")
    url = move_url(amara, "layout=board&board=x_mood", field.slug)
    assert 'value="~"' not in admin.get(url).content.decode()
    assert admin.post(url, {"to": "~"}, headers=PART).status_code == 422
    answer = admin.post(url, {"to": "very-keen"}, headers=PART)
    assert heads(answer)["very-keen"] == "1"
    assert Person.objects.get(pk=amara.pk).custom == {"x_mood": "very-keen"}


def test_a_card_is_given_to_somebody_else(alice, dana, browse, amara):
    url = move_url(amara, "layout=board&board=owner", "owner")
    answer = browse(alice).post(url, {"to": str(dana.pk)}, headers=PART)
    assert f'data-into="{dana.pk}"' in template(answer, "card")[0]
    assert Person.objects.get(pk=amara.pk).owner_id == dana.pk


def test_who_gives_their_own_away_sees_it_no_more(charlie, alice, browse, make):
    mine = make(charlie, "people", name="Mine", owner="me")
    answer = browse(charlie).post(
        move_url(mine, "layout=board&board=owner", "owner"), {"to": str(alice.pk)}, headers=PART
    )
    assert answer.status_code == 200
    assert template(answer, "card") == ("", "")


def test_nobody_moves_what_they_may_not_change(alice, charlie, browse, amara, monkeypatch, dana):
    assert browse(charlie).post(move_url(amara), {"to": "customer"}).status_code == 404
    narrow = gate.Policy({**gate.FULL.reach, "change": "own"})
    monkeypatch.setitem(gate.POLICIES, "stranger", {"*": gate.FULL, "people": narrow})
    assert browse(charlie).post(move_url(amara), {"to": "customer"}, headers=PART).status_code == 403
    locked = gate.Policy(gate.FULL.reach, locked=frozenset({"stage"}))
    monkeypatch.setitem(gate.POLICIES, "stranger", {"*": gate.FULL, "people": locked})
    assert browse(charlie).post(move_url(amara), {"to": "customer"}).status_code == 404
    assert browse(alice).post(move_url(amara, field="name"), {"to": "customer"}).status_code == 404
    assert browse(alice).post(move_url(amara, field="country"), {"to": "NO"}).status_code == 404
    assert stage(amara) == "lead"


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1", "x", ""])
def test_what_is_no_version_counts_as_none(alice, browse, amara, version):
    browse(alice).post(move_url(amara), {"to": "customer", "version": version})
    assert stage(amara) == "customer"
