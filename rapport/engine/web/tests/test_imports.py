"""The import screens: each step as a plain form, with an address of its own."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.customers.models import Person
from rapport.engine.accounts.models import Notification
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records import gate
from rapport.engine.records.duplicates.following import follow
from rapport.engine.records.models import ImportRun
from rapport.engine.records.registry import record_type
from tests.fixtures.cast import make_user

FILE = "Name;E-Mail;Land;Birthday\nAmara Okafor;amara@x.no;Norge;3.10.1980\nBroken;amara@fjell;Atlantis;soon\n"


@pytest.fixture
def send():
    def sent(client, content=FILE, name="kunden.csv", slug="people"):
        upload = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
        return client.post(f"/{slug}/import", {"file": upload}, follow=True)

    return sent


def at(answer, step):
    run = ImportRun.objects.order_by("-id").first()
    assert answer.redirect_chain[-1][0] == f"/imports/{run.pk}/{step}", answer.content.decode()[:3000]
    return f"/imports/{run.pk}/"


def mapping(page):
    """The columns form as it was sent to the browser."""
    sent = dict.fromkeys(re.findall(r'<select name="([^"]+)"', page), "")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return {name: value for name, value in sent.items() if value or name.startswith("to.")}


def test_from_the_list_to_the_result_and_back(alice, browse, send):
    client = browse(alice)
    assert "/people/import" in client.get("/people/").content.decode()
    assert "CSV, TSV, XLSX or vCard" in client.get("/people/import").content.decode()
    answer = send(client)
    home = at(answer, "columns")
    page = answer.content.decode()
    assert "Amara Okafor · Broken" in page
    assert "UTF-8, semicolon" in page
    assert "correct this" in page
    assert "semicolon" in page
    page = client.post(home + "columns", mapping(page), follow=True).content.decode()
    assert "not an e-mail address" in page
    assert "country not known" in page
    assert "not a date" in page
    for group in re.findall(r'name="group" value="(\d+:\w+)"', page):
        page = client.post(home + "check", {"group": group, "do": "empty"}, follow=True).content.decode()
    assert "All rows can be imported" in page
    preview = client.get(home + "preview").content.decode()
    assert "Import 2 rows" in preview
    assert "Running" in client.post(home + "preview", {"run": "1"}, follow=True).content.decode()
    run_waiting_jobs()
    result = client.get(home + "run", follow=True).content.decode()
    assert "The import is done" in result
    assert "Undo the import" in result
    assert Person.objects.count() == 2
    assert Notification.objects.get(user=alice).url == home + "result"
    client.post(home + "do/undo")
    run_waiting_jobs()
    assert "was taken back" in client.get(home + "result").content.decode()
    assert not Person.objects.filter(deleted_at=None).exists()


def test_a_cell_is_mended_in_the_grid(alice, browse, send):
    client = browse(alice)
    answer = send(client)
    home = at(answer, "columns")
    client.post(home + "columns", mapping(answer.content.decode()))
    page = client.get(home + "rows?group=1:email").content.decode()
    assert 'value="amara@fjell"' in page
    assert "Amara Okafor" not in page
    sent = {
        "cell.2.1": "b@x.no",
        "was.2.1": "amara@fjell",
        "cell.2.2": "Norway",
        "was.2.2": "Atlantis",
        "cell.2.3": "",
        "was.2.3": "soon",
    }
    client.post(home + "rows?group=1:email", sent)
    assert "All rows can be imported" in client.get(home + "check").content.decode()


def test_refused_rows_come_back_as_a_file_that_can_be_sent_again(alice, browse, send):
    client = browse(alice)
    answer = send(client)
    home = at(answer, "columns")
    client.post(home + "columns", mapping(answer.content.decode()))
    text = b"".join(client.get(home + "refused.csv").streaming_content).decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][-1] == "Reason"
    assert rows[1][0] == "Broken"
    assert "not an e-mail address" in rows[1][-1]
    again = send(client, text, name="refused.csv")
    at(again, "columns")
    assert ImportRun.objects.order_by("-id").first().columns[-1]["to"] == ""


def test_the_reading_can_be_corrected(alice, browse, send):
    client = browse(alice)
    at(send(client, "Name;Café\nZoë;ü\n".encode("mac_roman")), "columns")
    home = f"/imports/{ImportRun.objects.get().pk}/"
    sent = {"encoding": "mac_roman", "delimiter": ";", "quote": '"', "header": "yes"}
    page = client.post(home + "file", sent, follow=True).content.decode()
    assert "Café" in page
    assert "Zoë" in page
    bad = client.post(home + "file", {**sent, "encoding": "rot13"})
    assert bad.status_code == 422


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n", b"PK\x03\x04nonsense", b"%PDF-1.7"])
def test_what_is_no_table_is_refused_with_a_sentence(alice, browse, send, content):
    answer = send(browse(alice), content, name="x.csv")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_nobody_sees_the_imports_of_others(alice, charlie, dana, browse, send):
    client = browse(alice)
    home = at(send(client), "columns")
    stranger = browse(charlie)
    for step in ("file", "columns", "check", "rows", "preview", "run", "result", "refused.csv"):
        assert stranger.get(home + step).status_code == 404
    assert stranger.post(home + "do/undo").status_code == 404
    assert "kunden.csv" not in stranger.get("/imports/").content.decode()
    assert "kunden.csv" in browse(dana).get("/imports/").content.decode()
    assert "kunden.csv" in client.get("/imports/").content.decode()


def test_a_hidden_field_is_no_place(charlie, browse, send):
    answer = send(browse(charlie), "Name,Phone\nAmara,+4777601234\n")
    assert 'value="phones"' not in answer.content.decode()


@pytest.mark.parametrize("step", ["check", "preview", "run", "result", "rows"])
def test_a_step_that_is_not_reached_leads_to_the_one_that_is(alice, browse, send, step):
    client = browse(alice)
    home = at(send(client), "columns")
    assert client.get(home + step, follow=True).redirect_chain[-1][0] == home + "columns"


def test_a_list_is_exported_with_its_filter_and_without_hidden_fields(alice, charlie, browse, make):
    make(alice, "people", name="Amara", emails="amara@x.no", source="=1+1", owner="me")
    make(charlie, "people", name="Mine", owner="me")
    client = browse(alice)
    assert "/people/export.csv" in client.get("/people/").content.decode()
    text = b"".join(client.get('/people/export.csv?where=name+%3D+"Amara"').streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Name"] for row in rows] == ["Amara"]
    assert rows[0]["Source"] == "'=1+1"
    theirs = b"".join(browse(charlie).get("/people/export.csv").streaming_content).decode("utf-8-sig")
    assert "Phone" not in theirs
    assert "Amara" not in theirs
    assert "Mine" in theirs
    card = b"".join(client.get("/people/export.vcf").streaming_content).decode()
    assert "FN:Amara" in card
    assert "EMAIL;PREF=1:amara@x.no" in card
    assert b"".join(client.get("/people/export.xlsx").streaming_content)[:2] == b"PK"


def test_a_column_that_has_a_place_can_become_a_field_of_its_own(dana, browse, send):
    client = browse(dana)
    answer = send(client)
    home = at(answer, "columns")
    sent = mapping(answer.content.decode()) | {"to.2": "new", "to.3": ""}
    client.post(home + "columns", sent)
    assert ImportRun.objects.get().columns[2]["new"] == {"slug": "x_land", "label": "Land", "type": "text"}


def many(count):
    rows = "".join(f"Person {n};p{n}@x{'.no' if n % 2 else ''};Norge;3.10.1980;Firm {n}\n" for n in range(count))
    return f"Name;E-Mail;Land;Birthday;Firma\n{rows}"


def costs(client, home, steps):
    found = {}
    for step in steps:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(home + step).status_code == 200
        found[f"import: {step}"] = len(queries)
    return found


def test_the_cost_of_a_step_does_not_grow_with_the_rows(alice, browse, send, pinned_queries):
    client = browse(alice)
    seen = []
    for count in (4, 60):
        answer = send(client, many(count), name=f"{count}.csv")
        home = at(answer, "columns")
        found = costs(client, home, ["file", "columns"])
        client.post(home + "columns", mapping(answer.content.decode()))
        found |= costs(client, home, ["check", "rows", "preview", "alike"])
        client.post(home + "preview", {"run": "1"})
        found |= costs(client, home, ["run"])
        run_waiting_jobs()
        client.get("/people/")  # The run has made its process forget its definitions; reading them is no page's cost.
        seen.append(found | costs(client, home, ["result"]))
    assert seen[0] == seen[1]
    for name, queries in seen[1].items():
        pinned_queries(name, queries)


def test_new_rows_that_look_like_somebody_here_are_named_before_they_are_made(alice, make, browse, send):
    amara = make(alice, "people", name="Amara Okafor", emails="amara@fjellfjord.no", phones="+4777601234")
    follow(record_type("people"), [amara.pk])
    client = browse(alice)
    answer = send(
        client, "Name;E-mail;Phone\nOkafor Amara;amara@other.example;+47 77601234\nKari Hansen;kari@x.example;\n"
    )
    home = at(answer, "columns")
    client.post(home + "columns", mapping(answer.content.decode()))
    assert f'hx-get="{home}alike"' in client.get(home + "preview").text
    page = client.get(home + "alike").text
    assert ("Okafor Amara" in page, "Amara Okafor" in page, "same phone" in page) == (True, True, True)
    assert "Kari" not in page
    part = client.get(home + "alike", headers={"HX-Request": "true"}).text
    assert "<html" not in part


def test_who_may_not_see_somebody_learns_of_nobody(alice, make, browse, send, monkeypatch):
    amara = make(alice, "people", name="Amara Okafor", phones="+4777601234", owner="me")
    follow(record_type("people"), [amara.pk])
    everywhere = dict.fromkeys(gate.EVERY_VERB, "own") | {"import": "all", "create": "all"}
    monkeypatch.setitem(gate.POLICIES, "own", {"*": gate.Policy(everywhere)})
    client = browse(make_user("Tom", "own"))
    answer = send(client, "Name;Phone\nAmara Okafor;+47 77601234\n")
    home = at(answer, "columns")
    client.post(home + "columns", mapping(answer.content.decode()))
    assert "None of the new rows" in client.get(home + "alike").text
