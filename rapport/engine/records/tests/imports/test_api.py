"""Imports through the API."""

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
