"""The inbox of duplicates: what looks like one and why, merged, kept apart, or merged by itself."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.records import gate
from rapport.engine.records.duplicates.automatic import merge_certain
from rapport.engine.records.duplicates.following import follow
from rapport.engine.records.duplicates.scanning import scan
from rapport.engine.records.models import NotSame
from rapport.engine.records.registry import record_type
from tests.fixtures.cast import make_user

People = record_type("people")
AMARA = {"first_name": "Amara", "last_name": "Okafor", "emails": ["amara@fjellfjord.no"], "phones": ["+4777601234"]}
INBOX = "/duplicates/people/"


@pytest.fixture
def pair(alice, make):
    two = [make(alice, "people", **AMARA), make(alice, "people", **AMARA, source="Fair", birthday="1980-04-01")]
    make(alice, "people", first_name="Kari", last_name="Hansen", emails=["kari@fjellfjord.no"])
    scan(People)
    return two


def sent(pair):
    return {"id": [str(one.pk) for one in pair]}


def test_what_looks_like_one_stands_there_with_why(alice, browse, pair):
    client = browse(alice)
    assert client.get("/duplicates/")["Location"] == INBOX
    page = client.get(INBOX)
    text = re.sub(r"<[^>]+>|\s+", " ", page.text)
    assert text.count("Amara Okafor") == 2
    assert "same e-mail" in text
    assert "same phone" in text
    assert "Kari" not in text


def test_it_is_merged_as_suggested_and_taken_back(alice, browse, pair):
    client = browse(alice)
    done = client.post(f"{INBOX}merge", sent(pair), follow=True)
    assert "2 records are one now: Amara Okafor." in done.text
    assert "No duplicates" in done.text
    client.post(re.search(r'action="(/batches/[^"]+/undo)"', done.text)[1])
    assert People.rows().filter(deleted_at=None, pk__in=[one.pk for one in pair]).count() == 2


def test_whoever_chooses_fields_is_led_to_the_page_for_it(alice, browse, pair):
    led = browse(alice).post("/people/merge", sent(pair))
    assert led["Location"].startswith("/people/merge?ids=")


@pytest.mark.django_db(transaction=True)
def test_what_is_not_the_same_is_never_shown_together_again(alice, browse, pair):
    client = browse(alice)
    done = client.post(f"{INBOX}not-the-same", sent(pair), follow=True)
    assert "They are kept apart from now on." in done.text
    assert NotSame.objects.count() == 1
    scan(People)
    assert "No duplicates" in client.get(INBOX).text


def test_one_record_alone_is_no_answer(alice, browse, pair):
    done = browse(alice).post(f"{INBOX}not-the-same", sent(pair[:1]), follow=True)
    assert "Choose from 2" in done.text


def test_who_sees_only_one_of_two_sees_neither(alice, browse, monkeypatch, pair):
    monkeypatch.setitem(gate.POLICIES, "own", {"*": gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own"))})
    client = browse(make_user("Tom", "own"))
    assert "Amara" not in client.get(INBOX).text
    assert client.post(f"{INBOX}merge", sent(pair)).status_code in (302, 403)
    assert client.post(f"{INBOX}not-the-same", sent(pair)).status_code == 403
    assert People.rows().filter(deleted_at=None).count() == 3


def test_administrators_have_all_compared_and_certain_ones_merged(alice, dana, browse, pair):
    assert browse(alice).post(f"{INBOX}automatic", {"merges": "yes"}).status_code == 403
    assert browse(alice).post(f"{INBOX}look").status_code == 403
    assert merge_certain(People) == 0
    client = browse(dana)
    assert "Comparing…" in client.post(f"{INBOX}look", follow=True).text
    assert "are merged by themselves" in client.post(f"{INBOX}automatic", {"merges": "yes"}, follow=True).text
    assert merge_certain(People) == 1
    assert "No duplicates" in client.get(INBOX).text


def test_the_inbox_costs_the_same_for_few_and_many(alice, browse, make, pair, pinned_queries):
    client, seen = browse(alice), []
    for _round in range(2):
        client.get(INBOX)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(INBOX).text.count('class="card cluster"') == 1 + 3 * len(seen)
        seen.append(len(queries))
        for name in ("Bo Berg", "Di Dahl", "Eli Eng"):
            first, last = name.split()
            twin = {"first_name": first, "last_name": last, "emails": [f"{first}@x.example"], "phones": ["+4722334455"]}
            keys = [make(alice, "people", **twin).pk for _twice in range(2)]
            follow(People, keys)
    assert seen[0] == seen[1]
    pinned_queries("duplicates", seen[1])
