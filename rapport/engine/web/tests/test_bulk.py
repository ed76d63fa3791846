"""The pages on which many records are edited at once."""

import re
import threading

import pytest
from django.db import connection

from rapport.customers.models import Person
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records import gate
from rapport.engine.records.bulk import doors
from rapport.engine.records.models import BulkRun
from rapport.engine.web.tests.markup import Page
from rapport.engine.web.views.bulk import asking

EDIT = "/people/bulk/edit"
ALL = {"all": "1"}


def text_of(page):
    assert Page(page.content.decode()).all_faults() == []
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode().split("<main")[1].split("</main")[0]).split())


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]+)"', page.content.decode())[1]


def sent(*fields, **values):
    """A form that holds these fields, as a browser sends it."""
    ways = {f"bulk.way.{slug}": way for slug, way in fields}
    return {"bulk.fields": [slug for slug, _way in fields], **ways, **values}


def looked_at(client, form, path=f"{EDIT}?all=1"):
    """The form after a look at what it would do, ready to be sent."""
    page = client.post(path, {**form, "bulk.preview": "1"})
    assert page.status_code == 200, text_of(page)
    keys = {name: hidden(page, name) for name in ("form_key", "bulk.seen")}
    return text_of(page), {**form, **keys, "bulk.go": "1"}


@pytest.fixture
def three(alice, make):
    return [make(alice, "people", name=name, stage="lead", source="Fair") for name in ("Amara", "Bruno", "Chiara")]


class TestTheForm:
    """What it offers, and what it refuses."""

    def test_an_address_without_records_leads_to_the_list(self, alice, browse, three):
        for path in (EDIT, f"{EDIT}?where=stage = lead", f"{EDIT}?ids=nonsense", f"{EDIT}?all=1&where=no such thing"):
            answer = browse(alice).get(path)
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/people/"), path
        assert browse(alice).get("/people/bulk/erase?all=1").status_code == 404

    def test_picked_records_get_an_address(self, alice, browse, three):
        picked = [str(one.pk) for one in three[:2]]
        answer = browse(alice).post(f"{EDIT}?order=name", {"id": picked})
        assert answer["Location"] == f"{EDIT}?order=name&ids={'%2C'.join(picked)}"
        page = browse(alice).get(answer["Location"])
        assert "2 selected" in text_of(page)
        assert 'href="/people/?order=name"' in page.content.decode()

    def test_more_records_than_can_be_picked_are_refused_and_none_is_touched(self, alice, browse, three, monkeypatch):
        monkeypatch.setattr(asking, "MOST_AT_ONCE", 2)
        picked, client = [str(one.pk) for one in three], browse(alice)
        answers = [
            client.post("/people/bulk/delete", {"id": picked, "next": "/people/?order=name"}, follow=True),
            client.post(f"{EDIT}?order=name", {"id": picked, "next": "/people/?order=name"}, follow=True),
            client.get(f"{EDIT}?order=name&ids={','.join(picked)}", follow=True),
        ]
        for answer in answers:
            assert answer.redirect_chain == [("/people/?order=name", 302)]
            assert "3 records are picked, and 2 can be." in answer.content.decode()
        client.post("/people/bulk/delete", {"id": [*picked[:2], picked[0]]})
        assert list(Person.objects.filter(deleted_at=None)) == [three[2]]

    def test_fields_are_added_and_dropped_and_what_was_typed_stays(self, alice, browse, three):
        client = browse(alice)
        first = client.post(f"{EDIT}?all=1", {"bulk.add": "source", "bulk.more": "1"})
        assert 'name="bulk.fields" value="source"' in first.content.decode()
        typed = sent(("source", "set"), source="Letter")
        second = client.post(f"{EDIT}?all=1", {**typed, "bulk.add": "tags", "bulk.more": "1"}).content.decode()
        assert 'value="Letter"' in second
        assert second.count('name="bulk.fields"') == 2
        both = sent(("source", "set"), ("tags", "remove"), source="Letter", tags="x")
        third = client.post(f"{EDIT}?all=1", {**both, "bulk.drop": "source"}).content.decode()
        assert 'value="source"' in third.split('name="bulk.add"')[1]
        assert third.count('name="bulk.fields"') == 1
        assert '<option value="remove" selected' in third

    def test_every_field_has_its_input(self, alice, browse, three):
        page = browse(alice).get(f"{EDIT}?all=1")
        slugs = re.findall(r'<option value="([^"]+)"', page.content.decode().split('name="bulk.add"')[1])
        assert {"name", "emails", "addresses", "company", "owner", "birthday", "do_not_contact"} <= set(slugs)
        assert not {"city", "country", "created_at"} & set(slugs)
        every = browse(alice).post(f"{EDIT}?all=1", {"bulk.fields": slugs})
        assert text_of(every)
        assert all(f'name="bulk.way.{slug}"' in every.content.decode() for slug in slugs)

    def test_what_cannot_be_read_is_said_at_the_field(self, alice, browse, three):
        form = sent(("birthday", "set"), ("tags", "add"), birthday="soon", tags="")
        page = browse(alice).post(f"{EDIT}?all=1", {**form, "bulk.preview": "1"})
        assert page.status_code == 422
        assert "“soon” is not a date" in text_of(page)
        assert "Give a value here." in text_of(page)
        assert 'value="soon"' in page.content.decode()

    def test_without_a_field_there_is_nothing_to_do(self, alice, browse, three):
        assert "Choose at least one field" in text_of(browse(alice).post(f"{EDIT}?all=1", {"bulk.preview": "1"}))

    def test_the_preview_counts_and_shows(self, charlie, alice, browse, make, monkeypatch):
        seeing = gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own") | {"read": "all"})
        monkeypatch.setitem(gate.POLICIES, "stranger", {"*": seeing})
        make(charlie, "people", name="Mine", owner="me", source="Fair")
        make(alice, "people", name="Other", owner="me")
        text, form = looked_at(browse(charlie), sent(("source", "set"), source="Letter"))
        assert "It is about 2 records. 1 of them is not yours to change and is left out." in text
        assert "Mine Source Fair becomes Letter" in text
        assert "Other" not in text
        assert "Change 1 record" in text
        after = browse(charlie).post(f"{EDIT}?all=1", form, follow=True)
        assert "1 left out, for they are not yours to change" in text_of(after)

    def test_the_preview_says_who_would_refuse(self, alice, browse, make):
        top = make(alice, "companies", name="Top")
        low = make(alice, "companies", name="Low", parent=str(top.pk))
        form = sent(("parent", "set"), parent="Low")
        text, _form = looked_at(browse(alice), form, "/companies/bulk/edit?all=1")
        assert text.count("Stays as it is: This would make the company its own parent.") == 2
        assert low

    def test_other_words_than_those_looked_at_are_looked_at_first(self, alice, browse, three):
        _text, form = looked_at(browse(alice), sent(("source", "set"), source="Letter"))
        page = browse(alice).post(f"{EDIT}?all=1", {**form, "source": "Else"})
        assert "This is not what you looked at." in text_of(page)
        assert not Person.objects.exclude(source="Fair").exists()


class TestDoing:
    """At once, in the background, twice."""

    def test_a_few_are_done_at_once(self, alice, browse, three):
        client = browse(alice)
        _text, form = looked_at(client, sent(("source", "set"), source="Letter"), f"{EDIT}?all=1&where=stage = lead")
        page = client.post(f"{EDIT}?all=1&where=stage = lead", form, follow=True)
        assert page.redirect_chain[-1][0] == "/people/?where=stage+%3D+lead"
        assert "3 records were changed." in page.content.decode()
        client.post(re.search(r"/batches/[0-9a-f-]{36}/undo", page.content.decode())[0])
        assert set(Person.objects.values_list("source", flat=True)) == {"Fair"}

    def test_sent_twice_it_is_done_once(self, alice, browse, three, monkeypatch):
        monkeypatch.setattr(doors, "AT_ONCE", 1)
        client = browse(alice)
        _text, form = looked_at(client, sent(("tags", "add"), tags="ice"))
        answers = [client.post(f"{EDIT}?all=1", form) for _click in range(3)]
        assert len({answer["Location"] for answer in answers}) == BulkRun.objects.count() == 1
        run_waiting_jobs()
        assert "3 records changed" in text_of(client.get(answers[0]["Location"]))
        assert {one.version for one in Person.objects.all()} == {2}

    @pytest.mark.django_db(transaction=True)
    def test_at_the_same_moment(self, alice, browse, three):
        _text, form = looked_at(browse(alice), sent(("tags", "add"), tags="ice"))
        start, answers = threading.Barrier(3), []

        def click():
            mine = browse(alice)
            start.wait()
            answers.append(mine.post(f"{EDIT}?all=1", form).status_code)
            connection.close()

        clicks = [threading.Thread(target=click) for _number in range(3)]
        for one in clicks:
            one.start()
        for one in clicks:
            one.join()
        assert (answers, BulkRun.objects.count()) == ([302] * 3, 1)
        assert {one.version for one in Person.objects.all()} == {2}

    def test_the_page_follows_it(self, alice, browse, three, monkeypatch):
        monkeypatch.setattr(doors, "AT_ONCE", 1)
        client = browse(alice)
        page = client.post("/people/bulk/delete?all=1", {"form_key": "none"}, follow=True)
        address = page.redirect_chain[-1][0]
        assert "Looking for the records" in text_of(page)
        assert 'hx-trigger="every 1s"' in page.content.decode()
        assert "Undo" not in text_of(page)
        run_waiting_jobs()
        done = client.get(address)
        assert "It is done" in text_of(done)
        assert "3 records deleted" in text_of(done)
        assert 'hx-trigger="every 1s"' not in done.content.decode().split("<main")[1]
        undo = re.search(r'action="(/batches/[^"]+/undo)"', done.content.decode().split("<main")[1])[1]
        client.post(undo)
        assert Person.objects.filter(deleted_at=None).count() == 3
        assert "It was taken back" in text_of(client.get(address))

    def test_undo_of_one_that_runs_is_refused_with_a_sentence(self, alice, browse, three, monkeypatch):
        monkeypatch.setattr(doors, "AT_ONCE", 1)
        client = browse(alice)
        client.post("/people/bulk/delete?all=1", {"form_key": "none"})
        run_waiting_jobs()
        run = BulkRun.objects.get()
        BulkRun.objects.filter(pk=run.pk).update(state="run")
        said = client.post(f"/batches/{run.batch}/undo", follow=True)
        assert "This still changes records. Cancel it first" in said.content.decode()
        assert not Person.objects.filter(deleted_at=None).exists()

    def test_records_that_refuse_are_listed(self, alice, browse, make):
        top = make(alice, "companies", name="Top")
        make(alice, "companies", name="Low", parent=str(top.pk))
        make(alice, "companies", name="Free")
        path, client = "/companies/bulk/edit?all=1", browse(alice)
        _text, form = looked_at(client, sent(("parent", "set"), parent="Low"), path)
        page = client.post(path, form, follow=True)
        assert "Top This would make the company its own parent." in text_of(page)
        link = re.search(r'href="(/bulk/[^"]+refused.csv)"', page.content.decode())[1]
        lines = b"".join(client.get(link).streaming_content).decode().splitlines()
        assert len(lines) == 3

    def test_where_some_refuse_the_rest_can_be_taken_back_from_the_toast_too(self, alice, browse, make):
        top = make(alice, "companies", name="Top")
        make(alice, "companies", name="Free")
        form = sent(("parent", "set"), parent=str(top.pk))
        _text, ready = looked_at(browse(alice), form, "/companies/bulk/edit?all=1")
        page = browse(alice).post("/companies/bulk/edit?all=1", ready, follow=True).content.decode()
        run = BulkRun.objects.get()
        [toast] = re.findall(r'<div class="toast[^"]*">.*?</div>', page)
        assert "1 record was changed, 1 refused." in toast
        assert f"/batches/{run.batch}/undo" in toast

    def test_a_selection_is_restored(self, alice, browse, three):
        client = browse(alice)
        client.post("/people/bulk/delete", {"id": [str(one.pk) for one in three]})
        assert not Person.objects.filter(deleted_at=None).exists()
        page = client.post("/people/bulk/restore?deleted=1", {"id": [str(three[0].pk)]}, follow=True)
        assert "1 record is back." in page.content.decode()
        assert page.redirect_chain[-1][0] == "/people/?deleted=1"
        shown = text_of(client.get("/people/bulk/restore?all=1&deleted=1"))
        assert "It is about 2 records." in shown


class TestWhoMay:
    """Doors of the gate."""

    def test_hidden_and_locked_fields_are_neither_offered_nor_set(self, alice, browse, three, monkeypatch):
        policy = gate.Policy(gate.FULL.reach, hidden=frozenset({"source"}), locked=frozenset({"stage"}))
        monkeypatch.setitem(gate.POLICIES, "member", {"*": policy})
        client = browse(alice)
        page = client.get(f"{EDIT}?all=1").content.decode()
        assert 'value="source"' not in page
        assert 'value="stage"' not in page
        form = sent(("source", "set"), ("stage", "set"), source="Guessed", stage="customer")
        assert "Choose at least one field" in text_of(client.post(f"{EDIT}?all=1", {**form, "bulk.preview": "1"}))
        assert client.get(f'{EDIT}?all=1&where=source = "Fair"').status_code == 302

    def test_a_hidden_title_is_not_told(self, alice, browse, three, monkeypatch):
        client = browse(alice)
        form = sent(("source", "set"), source="Guessed") | {"bulk.preview": "1"}
        name = three[0].name
        assert name in text_of(client.post(f"{EDIT}?all=1", form))
        policy = gate.Policy(gate.FULL.reach, hidden=frozenset({"name"}))
        monkeypatch.setitem(gate.POLICIES, "member", {"*": policy})
        assert name not in text_of(client.post(f"{EDIT}?all=1", form))

    def test_a_list_offers_what_the_role_may_do(self, alice, charlie, browse, three, monkeypatch):
        offers = [f'formaction="/people/bulk/{word}"' for word in ("edit", "delete")]
        page = browse(alice).get("/people/").content.decode()
        assert all(one in page for one in offers)
        monkeypatch.setitem(gate.POLICIES, "member", {"*": gate.Policy({"read": "all"})})
        page = browse(alice).get("/people/").content.decode()
        assert not any(one in page for one in offers)
        assert browse(alice).get(f"{EDIT}?all=1").status_code == 403
        assert browse(alice).post("/people/bulk/delete", {"id": [str(three[0].pk)]}).status_code == 403

    def test_runs_of_others_are_not_there(self, alice, charlie, browse, three):
        browse(alice).post("/people/bulk/delete", {"id": [str(three[0].pk)]})
        run = BulkRun.objects.get()
        for path in (f"/bulk/{run.pk}/", f"/bulk/{run.pk}/refused.csv"):
            assert browse(charlie).get(path).status_code == 404
        assert browse(charlie).post(f"/bulk/{run.pk}/do/cancel").status_code == 404


def test_queries_are_counted(alice, browse, make, django_assert_max_num_queries, pinned_queries):
    for number in range(12):
        make(alice, "people", name=f"Person {number}", source="Fair")
    client = browse(alice)
    form = {**sent(("source", "set"), ("owner", "set"), source="x", owner=str(alice.pk)), "bulk.preview": "1"}
    client.post(f"{EDIT}?all=1", form)
    with django_assert_max_num_queries(60) as seen:
        client.post(f"{EDIT}?all=1", form)
    pinned_queries("bulk edit: preview", len(seen))
