"""A field that holds a file, through the pages: sent, shown, fetched, replaced, removed, undone, and who gets it."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rapport.customers.models import Person
from rapport.engine.events.act import open_act
from rapport.engine.files.models import StoredFile
from rapport.engine.files.tests import sample
from rapport.engine.records import filing, gate
from rapport.engine.records.actions import change_record
from rapport.engine.records.definitions import check_again
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.registry import record_type

FIELDS = "/settings/fields/people/"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.RAPPORT_HOME = tmp_path


@pytest.fixture
def admin(dana, browse):
    """Dana's browser, in which a field for a contract was made."""
    client = browse(dana)
    assert ">File<" in client.get(f"{FIELDS}new").content.decode()
    assert client.post(f"{FIELDS}new", {"type": "file", "label": "Contract"}).status_code == 302
    check_again()
    return client


@pytest.fixture
def held(admin, make, alice):
    """A person of Alice's with a contract that Dana has sent."""
    person = make(alice, "people", name="Amara Okafor", owner="me")
    send(admin, person, b"The first contract", "first.txt")
    person.refresh_from_db()
    return person


def upload(content=b"Some words", name="contract.txt"):
    return SimpleUploadedFile(name, content)


def send(client, person, content=b"Some words", name="contract.txt", **more):
    sent = {"x_contract": upload(content, name), **more}
    return client.post(f"/people/{person.pk}/edit/x_contract", sent, follow=True)


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def address_in(page):
    """Where the page says that the file is."""
    return re.search(r'href="(/files/[0-9a-f-]{36})"', page)[1]


def fetched(client, address):
    answer = client.get(address, follow=True)
    return b"".join(answer.streaming_content) if answer.status_code == 200 else answer.status_code


def undo(client, answer):
    batch = re.findall(r"/batches/([0-9a-f-]{36})/undo", answer.content.decode())[-1]
    return client.post(f"/batches/{batch}/undo", follow=True)


def test_sent_with_a_new_record(admin):
    form = page_of(admin, "/people/new")
    assert 'enctype="multipart/form-data"' in form
    assert 'type="file" id="f-x_contract"' in form
    sent = {"name": "Amara", "x_contract": upload(b"Terms", "Übersicht <1>.txt")}
    made = admin.post("/people/new", sent, follow=True)
    page = made.content.decode()
    assert "Übersicht &lt;1&gt;.txt</a>" in page
    assert "5\xa0bytes" in page
    assert ">Preview<" not in page
    assert fetched(admin, address_in(page)) == b"Terms"
    assert "Übersicht &lt;1&gt;.txt" in page_of(admin, "/people/?columns=x_contract")
    assert "Amara" in page_of(admin, "/people/?where=x_contract is not empty")
    assert "Amara" not in page_of(admin, "/people/?where=x_contract is empty")


def test_a_picture_can_be_looked_at(admin, held):
    page = send(admin, held, sample.png(), "photo.png").content.decode()
    answer = admin.get(re.search(r'href="(/files/[^"]+\?inline=1)"', page)[1], follow=True)
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("inline")
    assert b"".join(answer.streaming_content) == sample.png()


def test_replaced_removed_and_each_undone(admin, held):
    record = f"/people/{held.pk}/"
    form = page_of(admin, f"{record}edit/x_contract")
    assert "first.txt" in form
    assert 'name="x_contract.remove"' in form
    replaced = send(admin, held, b"The second", "second.txt")
    assert fetched(admin, address_in(replaced.content.decode())) == b"The second"
    back = undo(admin, replaced)
    assert fetched(admin, address_in(page_of(admin, record))) == b"The first contract"
    undo(admin, back)
    removed = admin.post(f"{record}edit/x_contract", {"x_contract.remove": "yes"}, follow=True)
    assert "x_contract" not in Person.objects.get(pk=held.pk).custom
    undo(admin, removed)
    assert fetched(admin, address_in(page_of(admin, record))) == b"The second"
    told = re.search(r'<dl class="changes">.*?</dl>', page_of(admin, record), re.S)[0]
    assert "second.txt" in told
    assert "href" not in told


def test_a_form_without_a_new_file_leaves_the_one_there(admin, held):
    admin.post(f"/people/{held.pk}/edit/x_contract", {"version": held.version})
    assert Person.objects.get(pk=held.pk).custom == held.custom
    assert Person.objects.get(pk=held.pk).version == held.version


def test_edit_in_place_answers_with_the_value(admin, held):
    sent = {"x_contract": upload(b"Third", "third.txt")}
    address = f"/people/{held.pk}/edit/x_contract?whole"
    answer = admin.post(address, sent, headers={"HX-Request": "true"})
    assert "third.txt</a>" in answer.content.decode()
    assert "/undo" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "nothing.txt", "The file “nothing.txt” is empty."),
        (b"x" * 2_000_001, "long.txt", "The file is larger than 1 MB."),
        (sample.png(20_000, 20_000), "huge.png", "at most 50 million are taken"),
        (sample.overlapping_bomb(), "bomb.zip", "The archive"),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_written(admin, held, monkeypatch, content, name, why):
    monkeypatch.setattr(filing, "MOST_BYTES", 1024**2)
    files = StoredFile.objects.count()
    answer = send(admin, held, content, name)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert "first.txt" in answer.content.decode()
    created = admin.post("/people/new", {"name": "Bo", "x_contract": upload(content, name)})
    assert created.status_code == 422
    assert why in created.content.decode()
    assert Person.objects.get(pk=held.pk).custom == held.custom
    assert not Person.objects.filter(name="Bo").exists()
    assert StoredFile.objects.count() == files


def test_a_form_with_a_question_keeps_its_file(admin, browse, alice, make):
    make(alice, "people", name="Somebody", emails="same@x.no")
    sent = {"name": "Bo", "emails.0.email": "same@x.no", "x_contract": upload(b"Terms", "terms.txt")}
    asked = admin.post("/people/new", sent)
    assert asked.status_code == 409
    assert "terms.txt" in asked.content.decode()
    assert not StoredFile.objects.exists()
    token = re.search(r'name="x_contract.sent" value="([^"]+)"', asked.content.decode())[1]
    again = {"name": "Bo", "emails.0.email": "same@x.no", "create_anyway": "1", "x_contract.sent": token}
    forged = browse(alice).post("/people/new", again)
    assert "Choose it again." in forged.content.decode()
    made = admin.post("/people/new", again, follow=True)
    assert fetched(admin, address_in(made.content.decode())) == b"Terms"


def test_two_at_once_see_both_files(admin, held, dana):
    version = held.version
    send(admin, held, b"Theirs", "theirs.txt")
    asked = send(admin, held, b"Mine", "mine.txt", version=version)
    assert asked.status_code == 409
    page = asked.content.decode()
    assert "theirs.txt" in page
    assert "mine.txt" in page
    token = re.search(r'name="x_contract.sent" value="([^"]+)"', page)[1]
    mine = {"x_contract.sent": token, "overwrite": "1"}
    shown = admin.post(f"/people/{held.pk}/edit/x_contract", mine, follow=True).content.decode()
    assert fetched(admin, address_in(shown)) == b"Mine"


def test_who_sees_the_record_gets_the_file_and_a_stranger_does_not(admin, held, browse, alice, charlie, client, make):
    address = f"/files/{held.custom['x_contract']}"
    assert fetched(browse(alice), address) == b"The first contract"
    assert fetched(browse(charlie), address) == 404
    assert client.get(address)["Location"].startswith("/sign-in/")
    # A stranger who knows its id cannot put it into a record of his own.
    own = make(charlie, "people", name="Own")
    with open_act(charlie.actor) as act, pytest.raises(ValidationFailed, match="there is no such file"):
        change_record(act, record_type("people"), own, {"x_contract": held.custom["x_contract"]})


def test_a_hidden_field_hides_its_file(admin, held, browse, alice, monkeypatch):
    policy = gate.Policy(dict.fromkeys(gate.EVERY_VERB, "all"), hidden=frozenset({"x_contract"}))
    monkeypatch.setitem(gate.POLICIES, "member", {"*": policy})
    assert fetched(browse(alice), f"/files/{held.custom['x_contract']}") == 404
    assert "first.txt" not in page_of(browse(alice), f"/people/{held.pk}/")


def test_a_deleted_record_still_shows_what_it_held(admin, held, browse, alice):
    admin.post(f"/people/{held.pk}/delete")
    page = page_of(browse(alice), f"/people/{held.pk}/")
    assert fetched(browse(alice), address_in(page)) == b"The first contract"


def test_undoing_its_arrival_does_not_take_a_file_from_a_record(admin, held, dana):
    from rapport.engine.events.models import JournalEntry

    arrival = JournalEntry.objects.get(about_id=held.custom["x_contract"])
    admin.post(f"/batches/{arrival.batch}/undo")
    assert fetched(admin, f"/files/{held.custom['x_contract']}") == b"The first contract"


def test_export_writes_the_name_and_import_leaves_it_out(admin, held):
    answer = admin.get("/people/export.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "Contract" in lines.splitlines()[0]
    assert "first.txt" in lines
    file = io.BytesIO(lines.encode())
    file.name = "people.csv"
    page = admin.post("/people/import", {"file": file}, follow=True).content.decode()
    assert "Contract" in page


@pytest.mark.parametrize("kind", ["required", "unique", "searchable", "indexed"])
def test_what_a_file_cannot_be_is_not_offered(admin, kind):
    page = page_of(admin, f"{FIELDS}new?type=file")
    assert f'name="{kind}"' not in page


def test_whoever_asks_for_a_file_is_answered_by_an_index(admin):
    assert ">Building<" in page_of(admin, FIELDS)
