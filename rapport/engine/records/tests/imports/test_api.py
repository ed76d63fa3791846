"""Imports through the API."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rapport.customers.models import Person
from rapport.engine.accounts.actions import create_token
from rapport.engine.accounts.models import Scope
from rapport.engine.api.tests.conftest import Api
from rapport.engine.events.act import open_act
from rapport.engine.jobs.tests.support import run_waiting_jobs


def program(user):
    with open_act(user.actor) as act:
        _token, secret = create_token(act, user, name="test", scope=Scope.WRITE)
    return Api(secret)


def test_a_file_is_sent_run_and_taken_back(dana, charlie):
    api = program(dana)
    body = {"record_type": "people", "content": "Name,E-Mail\nAmara,a@x.no\nBroken,a@\n", "match": "email", "run": True}
    sent = api.post("/imports", body)
    assert sent.status_code == 201, sent.content
    assert sent.data["preview"]["new"] == 1
    assert sent.data["preview"]["refused"] == 1
    assert sent.data["problems"] == [{"column": "E-Mail", "code": "email", "rows": 1}]
    run_waiting_jobs()
    address = f"/imports/{sent.data['id']}"
    assert api.get(address).data["state"] == "done"
    assert Person.objects.count() == 1
    assert program(charlie).get(address).status_code == 404
    assert api.post(f"{address}/undo").status_code == 202
    run_waiting_jobs()
    assert api.get(address).data["state"] == "undone"
    assert not Person.objects.filter(deleted_at=None).exists()


def test_what_cannot_be_read_is_a_problem(dana):
    api = program(dana)
    for body in ({"record_type": "people"}, {"record_type": "people", "content_base64": "%"}, {"nonsense": 1}):
        assert api.post("/imports", body).status_code == 400
    assert api.post("/imports", {"record_type": "planets", "content": "a"}).status_code == 404
    assert api.post("/imports", {"record_type": "people", "content": "Name\nA", "match": "colour"}).status_code == 422
    assert api.get("/imports/nonsense").status_code == 404


def post_form(api, content, *, key="", name="people.csv", **fields):
    headers = api.headers | ({"Idempotency-Key": key} if key else {})
    file = SimpleUploadedFile(name, content)
    return Client().post("/api/v1/imports", {"file": file, **fields}, headers=headers)


def test_a_file_is_sent_as_a_form(dana):
    api = program(dana)
    rows = b"".join(b"Person %d,p%d@x.no,%s\n" % (n, n, b"x" * 600) for n in range(9_000))
    assert len(rows) > 5 * 1024 * 1024
    columns = json.dumps({"Junk": ""})
    sent = post_form(api, b"Name,E-Mail,Junk\n" + rows, record_type="people", match="email", map=columns, run="true")
    assert sent.status_code == 201, sent.content
    answer = sent.json()
    assert (answer["name"], answer["rows"]) == ("people.csv", 9_000)
    assert answer["columns"][2]["to"] is None
    run_waiting_jobs()
    assert api.get(f"/imports/{answer['id']}").data["preview"]["new"] == 9_000


def test_a_form_is_the_same_only_with_the_same_file_and_words(dana):
    api, file = program(dana), b"Name\nAmara\n"
    first = post_form(api, file, key="one", record_type="people")
    again = post_form(api, file, key="one", record_type="people")
    assert again.status_code == 201
    assert again.json()["id"] == first.json()["id"]
    assert post_form(api, b"Name\nOther\n", key="one", record_type="people").status_code == 422
    assert post_form(api, file, key="one", record_type="people", mode="create").status_code == 422


def test_what_is_wrong_with_a_form_is_a_problem(dana):
    api = program(dana)
    empty = Client().post("/api/v1/imports", {"record_type": "people"}, headers=api.headers)
    assert empty.status_code == 400
    assert "part “file”" in empty.json()["detail"]
    assert post_form(api, b"Name\nA\n", record_type="people", map="{").status_code == 400
    assert post_form(api, b"Name\nA\n", record_type="people", colour="red").status_code == 400
    assert post_form(api, b"\x89PNG\r\n\x1a\n", record_type="people").status_code == 422
    assert Client().post("/api/v1/imports", {"record_type": "people"}).status_code == 401
