"""Rows pasted into a list: from the list or the page for it, by one look and one click, and back."""

import re

import pytest

from rapport.customers.models import Company, Person
from rapport.engine.accounts.models import Notification
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records import gate
from rapport.engine.records.imports import doors
from rapport.engine.records.models import ImportRun
from rapport.engine.web.tests.making import undo_last
from rapport.engine.web.tests.markup import Page
from tests.fixtures.cast import make_user

ROWS = "Name\tE-mail\tCompany\r\nAmara Okafor\tamara@x.no\tFjell AS\r\nBo Ek\tbo@x.no\tFjell AS\r\n\t\t\r\n"


@pytest.fixture
def paste():
    def pasted(client, text=ROWS, slug="people", query=""):
        answer = client.post(f"/{slug}/paste{query}", {"text": text}, follow=True)
        page = answer.content.decode()
        assert not Page(page).all_faults()
        return answer.redirect_chain[-1][0] if answer.redirect_chain else "", page

    return pasted


@pytest.fixture
def rita(db, monkeypatch):
    """Somebody who may create, but not import."""
    monkeypatch.setitem(gate.POLICIES, "reader", {"*": gate.Policy({"read": "all", "create": "all", "change": "all"})})
    return make_user("Rita", "reader")


def home():
    return f"/imports/{ImportRun.objects.order_by('-id').first().pk}/"


def test_one_look_one_click_and_back(alice, browse, paste):
    client = browse(alice)
    assert 'href="/people/paste' in client.get("/people/").content.decode()
    where, page = paste(client)
    assert where == home() + "preview"
    assert "Add 2 people" in page
    assert "amara@x.no" in page
    assert not Person.objects.exists()
    answer = client.post(home() + "preview", {"run": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == home() + "result"
    assert "2 people were added." in answer.content.decode()
    assert Person.objects.count() == 2
    assert not Notification.objects.exists()
    undo_last(client, answer)
    assert not Person.objects.filter(deleted_at=None).exists()
    assert not Company.objects.filter(deleted_at=None).exists()
    assert "The import was taken back" in client.get(home() + "result").content.decode()


def test_two_clicks_add_once(alice, browse, paste):
    client = browse(alice)
    paste(client)
    for _click in range(2):
        client.post(home() + "preview", {"run": "1"})
    assert Person.objects.count() == 2


def test_some_who_are_here(alice, browse, paste, make):
    make(alice, "people", name="Amara Okafor", emails="amara@x.no", owner="me")
    client = browse(alice)
    _where, page = paste(client, "Name\tE-mail\tSource\nAmara Okafor\tamara@x.no\tFair\nBo\tbo@x.no\tFair")
    assert "Import 2 rows" in page
    assert re.findall(r'class="num">(\d+)</b><span>(.*?)</span>', page) == [
        ("1", "new"), ("1", "fill blanks of records here"),
    ]  # fmt: skip
    answer = client.post(home() + "preview", {"run": "1"}, follow=True)
    assert "Imported: 1 created, 1 changed." in answer.content.decode()


def test_what_is_wrong_comes_to_the_mending(alice, browse, paste):
    where, page = paste(browse(alice), ROWS + "Cy\tcy@fjell\t\n")
    assert where == home() + "check"
    assert "not an e-mail address" in page


def test_columns_that_nobody_knows_are_asked_for(alice, browse, paste):
    client = browse(alice)
    where, page = paste(client, "Amara\tgreen\nBo\tblue", query="?columns=name,stage")
    assert where == home() + "columns"
    assert "Amara · Bo" in page
    assert "the first row is no names of columns" in page
    sent = {"to.0": "name", "to.1": "source", "match": "", "mode": "create"}
    answer = client.post(home() + "columns", sent, follow=True)
    assert answer.redirect_chain[-1][0] == home() + "preview"
    assert "Add 2 people" in answer.content.decode()


def test_that_the_first_row_holds_names_can_be_said(alice, browse, paste):
    client = browse(alice)
    paste(client, "Who\tHow\nAmara\tgreen")
    assert ImportRun.objects.get().rows == 2
    page = client.get(home() + "file").content.decode()
    assert 'name="encoding"' not in page
    client.post(home() + "file", {"header": "yes"})
    assert ImportRun.objects.get().header == ["Who", "How"]


def test_the_columns_of_the_list_are_those_that_it_shows(alice, browse, paste):
    client = browse(alice)
    assert "in the list: Name, Source." in client.get("/people/paste?columns=name,source").content.decode()
    paste(client, "Amara\tgreen\nBo\tblue", query="?columns=name,source")
    assert [column["to"] for column in ImportRun.objects.get().columns] == ["name", "source"]


@pytest.mark.parametrize("text", ["", "\n\t\n", "Name\tE-mail\n"])
def test_nothing_is_refused_with_a_sentence(alice, browse, text):
    answer = browse(alice).post("/people/paste", {"text": text})
    assert answer.status_code == 422
    assert "There are no rows in this" in answer.content.decode()


def test_too_much_is_refused_and_points_at_the_file(alice, browse, settings):
    client = browse(alice)
    answer = client.post("/people/paste", {"text": "Name\n" + "x" * 2 * 1024**2})
    assert answer.status_code == 422
    assert "import that" in answer.content.decode()
    answer = client.post("/people/paste", {"text": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert answer.status_code == 413
    assert "import that" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_many_rows_are_added_in_the_background(alice, browse, paste, monkeypatch):
    monkeypatch.setattr(doors, "FEW_PASTED", 1)
    client = browse(alice)
    paste(client)
    answer = client.post(home() + "preview", {"run": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == home() + "run"
    run_waiting_jobs()
    assert Person.objects.count() == 2
    assert Notification.objects.get(user=alice).title


def test_without_the_right_nothing_is_offered_or_taken(rita, browse):
    client = browse(rita)
    page = client.get("/people/").content.decode()
    assert "New person" in page
    assert "paste" not in page.partition("<main")[2].lower()
    assert client.get("/people/paste").status_code == 403
    assert client.post("/people/paste", {"text": ROWS}).status_code == 403
    assert not ImportRun.objects.exists()


def test_hidden_fields_take_nothing(charlie, browse, paste):
    paste(browse(charlie), "Cy Ek\t+47 77 60 12 34\nDi Ek\t+47 77 60 12 35")
    assert "phones" not in [column["to"] for column in ImportRun.objects.get().columns]


def test_companies_too(alice, browse, paste):
    client = browse(alice)
    where, page = paste(client, "Fjell AS\tfjell.example\nHuber GmbH\thuber.example", slug="companies")
    assert where == home() + "preview"
    assert "Add 2 companies" in page
    client.post(home() + "preview", {"run": "1"})
    assert set(Company.objects.values_list("name", "domain")) == {
        ("Fjell AS", "fjell.example"), ("Huber GmbH", "huber.example"),
    }  # fmt: skip
