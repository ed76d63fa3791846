"""Files on records: attached by who may change them, seen by who sees them, told, found, undone and merged."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rapport.engine.collaboration.models import Attachment
from rapport.engine.collaboration.tests.making import found, make, seen, undo
from rapport.engine.events.act import open_act
from rapport.engine.files.models import StoredFile
from rapport.engine.files.tests import sample
from rapport.engine.records.actions import delete_records
from rapport.engine.records.merging import merge_records
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(alice):
    return make(alice, "people", name="Amara Okafor", owner="me")


def sent(name="offer.pdf", content=b"%PDF-1.7 An offer"):
    return SimpleUploadedFile(name, content)


def attach(browser, record, *files):
    return browser.post(f"/people/{record.pk}/files", {"file": list(files) or [sent()]})


def page_of(browser, record):
    return browser.get(f"/people/{record.pk}/").content.decode()


def test_several_are_attached_at_once_shown_told_and_fetched(alice, browse, amara):
    browser = browse(alice)
    attach(browser, amara, sent(), sent("photo.png", sample.png()))
    page = page_of(browser, amara)
    assert "offer.pdf" in page
    assert "photo.png" in page
    assert "attached" in page.split('class="line"')[1]
    assert re.search(r'<img src="/files/[^"]+\?inline=1"', page)
    url = f"/files/{Attachment.objects.get(name='offer.pdf').file_id}"
    answer = browser.get(url, follow=True)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 An offer"
    assert "attachment" in answer["Content-Disposition"]
    answer.close()


def test_undo_takes_the_attachment_away_and_leaves_the_file(alice, browse, amara):
    browser = browse(alice)
    attach(browser, amara)
    batch = re.search(r"/batches/([0-9a-f-]+)/undo", page_of(browser, amara))[1]
    browser.post(f"/batches/{batch}/undo")
    assert seen(alice, "attachments") == set()
    assert StoredFile.objects.filter(deleted_at=None).count() == 1


def test_a_stranger_neither_sees_nor_adds_nor_changes_them(alice, charlie, browse, amara):
    attach(browse(alice), amara)
    one, stranger = Attachment.objects.get(), browse(charlie)
    assert seen(charlie, "attachments") == set()
    assert stranger.get(f"/people/{amara.pk}/files").status_code == 404
    assert attach(stranger, amara).status_code == 404
    assert stranger.get(f"/files/{one.file_id}").status_code == 404
    assert stranger.post(f"/attachments/{one.pk}/rename", {"name": "mine"}).status_code == 404
    assert stranger.post(f"/attachments/{one.pk}/delete").status_code == 404
    assert Attachment.objects.get().name == "offer.pdf"


def test_who_only_sees_a_record_adds_nothing(alice, erin, browse, amara):
    attach(browse(alice), amara)
    page = page_of(browse(erin), amara)
    assert "offer.pdf" in page
    assert 'id="add-files"' not in page
    assert "/rename" not in page
    attach(browse(erin), amara, sent("mine.pdf"))
    assert Attachment.objects.count() == StoredFile.objects.count() == 1
    assert browse(erin).post(f"/attachments/{Attachment.objects.get().pk}/delete").status_code == 403


def test_they_are_renamed_and_taken_away_with_undo(alice, browse, amara):
    browser = browse(alice)
    attach(browser, amara)
    one = Attachment.objects.get()
    browser.post(f"/attachments/{one.pk}/rename", {"name": "Offer of spring"})
    assert "Offer of spring" in page_of(browser, amara)
    assert found(alice, "offer of spring") == ["Amara Okafor"]
    browser.post(f"/attachments/{one.pk}/delete")
    assert seen(alice, "attachments") == set()
    batch = re.search(r"/batches/([0-9a-f-]+)/undo", page_of(browser, amara))[1]
    browser.post(f"/batches/{batch}/undo")
    assert seen(alice, "attachments") == {one.pk}


def test_the_same_form_sent_twice_attaches_once_and_the_same_file_anew_attaches_again(alice, browse, amara):
    browser = browse(alice)
    page = browser.get(f"/people/{amara.pk}/files").content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    for _ in range(2):
        browser.post(f"/people/{amara.pk}/files", {"file": sent(), "form_key": key})
    assert Attachment.objects.count() == 1
    attach(browser, amara)
    assert Attachment.objects.count() == 2


def test_what_cannot_be_taken_is_refused_whole(alice, browse, amara):
    browser = browse(alice)
    attach(browser, amara, sent(), sent("empty.txt", b""))
    assert "is empty" in page_of(browser, amara)
    attach(browser, amara, *(sent(f"{n}.txt", b"x") for n in range(21)))
    assert Attachment.objects.count() == 0


def test_html_is_never_shown_inline(alice, browse, amara):
    browser = browse(alice)
    attach(browser, amara, sent("page.html", b"<html><script>alert(1)</script></html>"))
    assert "<img" not in page_of(browser, amara)
    answer = browser.get(f"/files/{Attachment.objects.get().file_id}?inline=1", follow=True)
    assert "attachment" in answer["Content-Disposition"]
    answer.close()


def test_a_workspace_keeps_files_for_its_members(alice, bob, dana, browse):
    space = make(alice, "workspaces", name="Fair", members=[str(alice.pk), str(bob.pk)])
    browse(bob).post(f"/workspaces/{space.pk}/files", {"file": sent()})
    one = Attachment.objects.get()
    assert seen(alice, "attachments") == {one.pk}
    assert seen(dana, "attachments") == set()
    assert browse(dana).get(f"/files/{one.file_id}").status_code == 404


def test_they_follow_a_record_that_is_merged(alice, browse, amara):
    twin = make(alice, "people", name="A. Okafor", owner="me")
    attach(browse(alice), twin)
    with open_act(alice.actor) as act:
        merge_records(act, record_type("people"), [amara, twin], survivor=amara.pk)
    assert Attachment.objects.get().about_id == amara.pk
    undo(alice, act.batch)
    assert Attachment.objects.get().about_id == twin.pk


def test_more_than_fit_stand_on_a_page_of_their_own(alice, browse, amara):
    browser = browse(alice)
    attach(browser, amara, *(sent(f"{n}.txt", b"x") for n in range(8)))
    assert "All files" in page_of(browser, amara)
    assert browser.get(f"/people/{amara.pk}/files").content.decode().count('class="filemenu"') == 8


def test_programs_attach_what_they_sent(alice, browse, amara):
    from rapport.engine.accounts.actions import create_token
    from rapport.engine.accounts.models import Scope

    with open_act(alice.actor) as act:
        _token, secret = create_token(act, alice, name="program", scope=Scope.WRITE)
    program = browse(alice).__class__(headers={"Authorization": f"Bearer {secret}"})
    file = program.post("/api/v1/files", {"file": sent()}).json()["id"]
    about = {"file": file, "about_type": "people", "about_id": str(amara.pk)}
    answer = program.post("/api/v1/attachments", about, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["name"] == "offer.pdf"
    with open_act(alice.actor) as act:
        delete_records(act, record_type("attachments"), [Attachment.objects.get()])
    assert seen(alice, "attachments") == set()
