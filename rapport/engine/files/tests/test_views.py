"""Files over HTTP: who gets them, and what a browser is told about them."""

import io
import time
from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client, RequestFactory
from django.urls import reverse

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import MEMBER, Actor
from rapport.engine.files import access, views
from rapport.engine.files.access import may_see_files, signed_url
from rapport.engine.files.actions import keep_file
from rapport.engine.files.store import path_of, receive
from rapport.engine.files.tests import sample

pytestmark = pytest.mark.django_db


def member(name):
    return Actor(kind="user", name=name, id=uuid4(), roles=frozenset({MEMBER}))


ALICE, CHARLIE = member("Alice"), member("Charlie")


@pytest.fixture(autouse=True)
def empty_store(settings, tmp_path):
    settings.RAPPORT_HOME = tmp_path


def put(content, name):
    with receive(io.BytesIO(content), name=name) as incoming, open_act(ALICE) as act:
        return keep_file(act, incoming)


def asked(actor, file, query=""):
    request = RequestFactory().get(f"/files/{file.id}{query}")
    request.actor = actor
    return views.file(request, file.id)


def got(address):
    """An answer, read to its end: status, headers, body, and whether it set a cookie."""
    answer = Client().get(address)
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def test_whoever_may_see_a_file_is_sent_to_it_and_nobody_else():
    file = put(b"hello", "hello.txt")
    answer = asked(ALICE, file)
    assert answer.status_code == 302
    assert got(answer["Location"]).body == b"hello"
    for other in (CHARLIE, None):
        with pytest.raises(views.Http404):
            asked(other, file)


def test_the_room_that_holds_a_file_says_who_else_may_see_it():
    file = put(b"hello", "hello.txt")
    may_see_files(lambda actor, asked_for: actor is CHARLIE and asked_for.id == file.id)
    try:
        assert asked(CHARLIE, file).status_code == 302
        assert got(asked(CHARLIE, file)["Location"]).status_code == 200
    finally:
        access._asked.pop()


def test_a_deleted_file_is_gone_for_everybody():
    file = put(b"hello", "hello.txt")
    address = signed_url(file)
    with open_act(ALICE) as act:
        act.delete(file)
    with pytest.raises(views.Http404):
        asked(ALICE, file)
    assert got(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"<script>alert(1)</script>", "a.html", "application/octet-stream"),
        (b"<svg onload='alert(1)'/>", "a.svg", "application/octet-stream"),
        (b"<?xml version='1.0'?><a/>", "a.xml", "application/octet-stream"),
        (b"%PDF-1.7", "a.pdf", "application/pdf"),
        (b"a;b", "a.csv", "text/csv"),
        (sample.png(), "a.png", "image/png"),
    ],
)
@pytest.mark.parametrize("inline", [False, True])
def test_everything_is_an_attachment_but_pictures_that_were_asked_for(content, name, kind, inline):
    file = put(content, name)
    answer = got(signed_url(file, inline=inline))
    assert answer["Content-Type"] == kind
    shown = inline and kind == "image/png"
    assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "private" in answer["Cache-Control"]
    assert not answer.cookies
    assert answer.body == content


def test_a_name_cannot_break_out_of_its_header():
    file = put(b"x", 'a"; filename="evil.html\r\nX: y.txt')
    answer = got(signed_url(file))
    assert "X" not in answer.headers or answer["X"] != "y.txt"
    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith('attachment; filename="a\\"; filename=\\"evil.html')


def test_forged_altered_foreign_and_old_addresses_are_refused(monkeypatch):
    file = put(b"hello", "hello.txt")
    address = signed_url(file)
    token = address.rpartition("/")[2]
    other = signing.dumps({"file": str(file.id), "inline": True}, salt="another")
    for wrong in (token[:-1], token.swapcase(), other, "x", signing.dumps({"file": str(file.id)}, salt="x")):
        assert got(reverse("files:content", args=[wrong])).status_code == 404
    assert got(address).status_code == 200
    later = time.time() + access.LASTS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert got(address).status_code == 404


def test_only_reading():
    file = put(b"hello", "hello.txt")
    for method in ("post", "put", "patch", "delete"):
        assert getattr(Client(), method)(signed_url(file)).status_code == 405


def test_a_lost_content_is_not_found():
    file = put(b"hello", "hello.txt")
    path_of(file.sha256).unlink()
    assert got(signed_url(file)).status_code == 404
