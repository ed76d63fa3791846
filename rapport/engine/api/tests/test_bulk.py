"""One deed upon many records, for programs."""

import pytest

from rapport.customers.models import Person
from rapport.engine.api.tests.shapes import faults
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records import gate
from rapport.engine.records.bulk import doors
from rapport.engine.records.models import BulkRun

BULK = "/people/bulk"


@pytest.fixture
def five(api):
    return [api.new(name=f"Person {n}", source="Fair", tags=["a"]) for n in range(5)]


def declared(api, answer):
    document = api.get("/openapi.json").data
    assert not faults(document["components"]["schemas"]["Bulk"], answer.data, document)
    return answer.data


def test_a_few_are_done_before_the_answer_and_go_back(api, five):
    sent = {"ids": [one["id"] for one in five[:3]], "set": {"source": None, "stage": "lead"}, "add": {"tags": ["b"]}}
    done = api.post(BULK, sent)
    data = declared(api, done)
    assert (done.status_code, data["state"], data["counts"]) == (200, "done", {"changed": 3})
    changed = Person.objects.filter(source="", stage="lead", tags=["a", "b"])
    assert changed.count() == 3
    assert api.get(f"/bulk/{data['id']}").data == data
    api.post(f"/batches/{done['Rapport-Batch']}/undo")
    assert Person.objects.filter(source="Fair", tags=["a"]).count() == 5


def test_many_are_done_by_a_job(api, five, monkeypatch):
    monkeypatch.setattr(doors, "AT_ONCE", 2)
    for sent in (
        {"where": 'source = "Fair"', "remove": {"tags": ["a"]}},
        {"ids": [one["id"] for one in five], "delete": True},
    ):
        asked = api.post(BULK, sent)
        assert (asked.status_code, asked["Location"]) == (202, f"/api/v1/bulk/{asked.data['id']}")
        run_waiting_jobs()
        data = declared(api, api.get(f"/bulk/{asked.data['id']}"))
        assert (data["state"], data["total"], data["counts"]) == ("done", 5, {"changed": 5})
    assert not Person.objects.filter(deleted_at=None).exists()
    assert api.post(BULK, {"where": "", "restore": True}).status_code == 202
    cancelled = api.post(f"/bulk/{BulkRun.objects.latest('pk').pk}/cancel")
    run_waiting_jobs()
    assert (cancelled.status_code, api.get(f"/bulk/{cancelled.data['id']}").data["state"]) == (202, "cancelled")
    assert api.post(f"/bulk/{cancelled.data['id']}/cancel").status_code == 422


def test_the_same_request_twice_is_one_run(api, five):
    sent = {"where": "", "add": {"tags": ["b"]}}
    first, second = (api.post(BULK, sent, Idempotency_Key="one") for _time in range(2))
    assert (first.data, BulkRun.objects.count()) == (second.data, 1)


def test_records_that_refuse_are_named(api, five):
    low = api.new("/companies", name="Low")
    data = api.post("/companies/bulk", {"where": "", "set": {"parent": low["id"]}}).data
    assert data["counts"] == {"refused": 1}
    assert data["refused"] == [{"id": low["id"], "reason": "This would make the company its own parent."}]


@pytest.mark.parametrize(
    ("sent", "status", "place"),
    [
        ({"where": ""}, 400, None),
        ({"set": {"source": "x"}}, 400, None),
        ({"where": "", "ids": [], "delete": True}, 400, None),
        ({"where": "", "delete": True, "set": {"source": "x"}}, 400, None),
        ({"where": "no such thing", "delete": True}, 400, None),
        ({"where": 4, "delete": True}, 400, "/where"),
        ({"ids": ["x"], "delete": True}, 400, "/ids/0"),
        ({"where": "", "set": []}, 400, "/set"),
        ({"where": "", "set": {"tags": ["x"]}, "add": {"tags": ["y"]}}, 400, "/add/tags"),
        ({"where": "", "set": {"birthday": "soon"}}, 422, "/set/birthday"),
        ({"where": "", "increase": {"source": 1}}, 422, "/increase/source"),
        ({"where": "", "set": {"city": "Oslo"}}, 422, "/set/city"),
        ({"where": "", "set": {"nothing": 1}}, 422, "/set/nothing"),
        ({"where": "", "erase": True}, 400, None),
        ({"where": "", "set": {}}, 422, None),
    ],
)
def test_what_cannot_be_meant(api, five, sent, status, place):
    answer = api.post(BULK, sent)
    assert answer.status_code == status
    assert place is None or answer.data["errors"][0]["pointer"] == place
    assert set(Person.objects.values_list("version", flat=True)) == {1}


def test_a_hidden_field_is_neither_asked_nor_written(api, five, monkeypatch):
    hidden = gate.Policy(gate.FULL.reach, hidden=frozenset({"source"}))
    monkeypatch.setitem(gate.POLICIES, "member", {"*": hidden})
    monkeypatch.setitem(gate.POLICIES, "admin", {"*": hidden})
    assert api.post(BULK, {"where": 'source = "Fair"', "delete": True}).status_code == 400
    assert api.post(BULK, {"where": "", "set": {"source": "x"}}).status_code == 422
