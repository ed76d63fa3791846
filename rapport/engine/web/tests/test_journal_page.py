"""The journal page: every record by a name, whether it has a page of its own or not."""

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.events.act import open_act
from rapport.engine.files.actions import keep_file
from rapport.engine.records.actions import create_record
from rapport.engine.records.filing import receive_file
from rapport.engine.records.registry import record_type, record_types

# Values of a record of each type, and what it is called on the page and leads to.
SAMPLES = {
    "people": ({"name": "Bo Berg"}, "Bo Berg", "itself"),
    "companies": ({"name": "Huber Alpin"}, "Huber Alpin", "itself"),
    "memberships": ({"person": "amara", "company": "fjord"}, "Amara Okafor at Fjordlink AS", "amara"),
    "notes": ({"about_type": "people", "about_id": "amara", "text": "<p>Called.</p>"}, "Amara Okafor", "amara"),
}


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


SAMPLES |= {
    "conversations": ({"name": "Spring fair"}, "Spring fair", "itself"),
    "comments": ({"about_type": "people", "about_id": "amara", "text": "Called."}, "Amara Okafor", "amara"),
    "workspaces": ({"name": "Spring fair"}, "Spring fair", "itself"),
    "tasks": ({"about_type": "people", "about_id": "amara", "title": "Call"}, "Amara Okafor", "amara"),
    "pins": ({"record_type": "people", "record_id": "amara", "workspace": "fair"}, "Spring fair", "fair"),
    "pages": ({"title": "Agenda", "workspace": "fair"}, "Spring fair", "fair"),
    "attachments": ({"about_type": "people", "about_id": "amara", "file": "offer"}, "Amara Okafor", "amara"),
}
PLACES = {"fjord": "companies", "fair": "workspaces"}


@pytest.fixture
def known(alice, dana, make):
    """Records to belong to, made by somebody else."""
    with receive_file(BytesIO(b"Terms"), name="terms.txt") as sent, open_act(alice.actor) as act:
        offer = keep_file(act, sent)
    return {
        "amara": make(dana, "people", name="Amara Okafor"),
        "fjord": make(dana, "companies", name="Fjordlink AS"),
        "offer": offer,
        "fair": make(alice, "workspaces", name="Spring fair"),
    }


@pytest.fixture
def page(browse):
    return lambda user: browse(user).get("/journal/").content.decode().split('<ol class="line">')[1].split("</ol>")[0]


@pytest.mark.parametrize("slug", [one.slug for one in record_types() if not one.slug.startswith("x_")])
def test_every_type_of_record_is_called_by_a_name(alice, known, make, page, slug):
    assert slug in SAMPLES, f"Say in this test how one of the {slug} is called in the journal."
    values, name, leads_to = SAMPLES[slug]
    row = make(alice, slug, **{key: str(known[one].pk) if one in known else one for key, one in values.items()})
    target = row if leads_to == "itself" else known[leads_to]
    shown = page(alice)
    place = slug if leads_to == "itself" else PLACES.get(leads_to, "people")
    link = f'href="/{place}/{target.pk}/"'
    assert link in shown
    assert name in text_of(shown)
    assert ">?<" not in shown


def test_a_person_without_a_name_is_called_a_person(alice, make, page):
    make(alice, "people", emails="nameless@x.no")
    shown = page(alice)
    assert "person" in text_of(shown).split("created")[1]
    assert ">?<" not in shown


def test_a_move_names_the_person_once(alice, known, make, page):
    with open_act(alice.actor) as act:
        create_record(act, record_type("people"), {"name": "Bo", "company": str(known["fjord"].pk)})
    shown = text_of(page(alice))
    assert "1 person created" in shown
    assert "1 membership created" in shown
    assert "Bo at Fjordlink AS" in shown
    assert shown.count("Bo") == 1


def test_a_name_that_may_not_be_seen_is_not_told(charlie, dana, known, make, page):
    """Charlie sees only what is his own, so not the company."""
    own = make(charlie, "people", name="Canary Own", owner="me")
    make(dana, "memberships", person=str(own.pk), company=str(known["fjord"].pk))
    with open_act(charlie.actor) as act:
        membership = own.memberships.get()
        act.change(membership, title="Buyer")
    shown = text_of(page(charlie))
    assert "Canary Own" in shown
    assert "Fjordlink" not in shown


def test_what_is_no_record_is_called_by_what_it_is(dana, make, page, browse):
    browse(dana).post("/settings/fields/people/new", {"label": "Shoe size", "type": "number"})
    assert "1 custom field created" in text_of(page(dana))


MANY = """
INSERT INTO journal (id, era, xid, at, actor_kind, actor_name, user_id, kind, about_type, about_id, batch, reason)
SELECT n, 1, 1, now(), 'user', 'Dana', %s, 'changed', 'customers.person', gen_random_uuid(), gen_random_uuid(), ''
FROM generate_series(-20000, -1) AS n
"""


def test_what_a_member_did_is_found_without_reading_what_everybody_did(alice, dana, make, browse):
    make(alice, "people", name="Amara Okafor")
    with connection.cursor() as cursor:
        cursor.execute(MANY, [dana.pk])
    with CaptureQueriesContext(connection) as asked:
        assert "Amara Okafor" in browse(alice).get("/journal/").content.decode()
    [statement] = [one["sql"] for one in asked if "LIMIT 201" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert re.search(r"Index Scan using journal_\S+user", plan), plan
    # An empty month may be read from end to end.
    empty = sum(1 for line in plan.splitlines() if "Seq Scan" in line and "cost=0.00..0.00" in line)
    assert (plan.count("Seq Scan"), plan.count("Filter")) == (empty, empty), plan
