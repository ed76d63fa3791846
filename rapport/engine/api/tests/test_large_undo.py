"""Taking back a large batch: the API hands it to a job, says so, and tells how far it is."""

import pytest
from django.utils import timezone

from rapport.customers.models import Person
from rapport.engine.events.undo import batches, large
from rapport.engine.jobs.actions import cancel
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.queries import last_job
from rapport.engine.jobs.stopping import GivenBack
from rapport.engine.jobs.tests.support import run_waiting_jobs

FEW = 3


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch):
    monkeypatch.setattr(large, "AT_ONCE", FEW)
    monkeypatch.setattr(batches, "CHUNK", FEW)


@pytest.fixture
def made(api, db):
    """Ten people in one batch."""
    items = [{"name": f"Person {number}", "source": "fair"} for number in range(10)]
    return api.post("/people/batch", {"mode": "create", "items": items})


def undo_path(made):
    return f"/batches/{made['Rapport-Batch']}/undo"


def live():
    return Person.objects.filter(deleted_at=None).count()


def test_it_is_handed_to_a_job_and_followed_to_its_end(api, made):
    path = undo_path(made)
    asked = api.post(path)
    assert (asked.status_code, asked["Location"]) == (202, f"/api/v1{path}")
    assert (asked.data["state"], asked["Rapport-Batch"]) == ("waiting", asked.data["batch"])
    assert api.get(path).data == asked.data
    assert live() == 10
    run_waiting_jobs()
    done = api.get(path).data
    assert (done["state"], done["rows"], done["kept"], done["batch"]) == ("done", 10, 0, asked.data["batch"])
    assert live() == 0
    assert api.post(f"/batches/{done['batch']}/undo").status_code == 202
    run_waiting_jobs()
    assert live() == 10
    assert api.get(path).status_code == 404


def test_a_small_one_is_done_at_once_as_ever(api):
    made = api.post("/people", {"name": "Ada"})
    done = api.post(undo_path(made))
    assert (done.status_code, done.data["rows"], done.data["kept"]) == (200, 1, 0)
    assert api.get(undo_path(made)).data["state"] == "done"


def test_asking_twice_is_refused_while_it_waits_and_when_it_is_done(api, made):
    path = undo_path(made)
    api.post(path)
    again = api.post(path)
    assert (again.status_code, again.data["detail"]) == (409, "These changes are being taken back already.")
    run_waiting_jobs()
    done = api.post(path)
    assert (done.status_code, done.data["detail"]) == (409, "These changes have already been undone.")
    assert live() == 0


def test_the_same_request_sent_twice_gets_the_same_answer(api, made):
    answers = [api.post(undo_path(made), Idempotency_Key="undo") for _time in range(2)]
    assert [one.status_code for one in answers] == [202, 202]
    assert answers[0].data == answers[1].data


def test_only_who_made_it_or_an_administrator_asks_and_sees(api, dana_api, role, made):
    charlie = role({})
    path = undo_path(made)
    assert charlie.post(path).status_code == 403
    assert dana_api.post(path).status_code == 202
    assert [one.get(path).status_code for one in (api, dana_api, charlie)] == [200, 200, 404]


def test_what_is_kept_is_told_by_place_and_without_values(api, dana_api, made):
    key = made.data["results"][0]["id"]
    dana_api.patch(f"/people/{key}", {"source": "Canary"})
    api.post(undo_path(made))
    run_waiting_jobs()
    done = api.get(undo_path(made))
    assert (done.data["rows"], done.data["kept"], live()) == (9, 1, 1)
    assert done.data["conflicts"] == [{"type": "people", "id": key, "why": "changed", "field": "source"}]
    assert b"Canary" not in done.content


def test_one_that_was_broken_off_goes_on_and_counts_on(api, dana_api, made, monkeypatch):
    last = made.data["results"][9]["id"]
    dana_api.patch(f"/people/{last}", {"source": "mine now"})
    path = undo_path(made)
    api.post(path)
    told = []

    def stop_after_two(_self, done, **_more):
        told.append(done)
        if done == 2 * FEW:
            raise GivenBack

    monkeypatch.setattr(Reporter, "report", stop_after_two)
    with pytest.raises(GivenBack):
        run_waiting_jobs()
    assert (told, live()) == ([0, 3, 6], 5)
    assert api.post(path).status_code == 409
    so_far = len(told)
    monkeypatch.setattr(Reporter, "report", lambda _self, done, **_more: told.append(done))
    run_waiting_jobs()
    assert told[so_far:] == [6, 9, 10]
    done = api.get(path).data
    assert (done["state"], done["rows"], done["kept"], live()) == ("done", 9, 1, 1)
    assert [one["id"] for one in done["conflicts"]] == [last]


def test_one_that_was_cancelled_goes_on_in_the_same_batch(api, made, monkeypatch):
    first = api.post(undo_path(made)).data

    def stop_after_one(_self, done, **_more):
        if done == FEW:
            raise GivenBack

    with monkeypatch.context() as stopping:
        stopping.setattr(Reporter, "report", stop_after_one)
        with pytest.raises(GivenBack):
            run_waiting_jobs()
    cancel(last_job(large.undo_large.name).id)
    assert api.get(undo_path(made)).data["state"] == "stopped"
    assert api.post(undo_path(made)).data["batch"] == first["batch"]
    run_waiting_jobs()
    assert api.get(undo_path(made)).data["batch"] == first["batch"]
    assert live() == 0


def test_who_may_no_longer_sign_in_stops_it(api, bob, dana_api, made):
    api.post(undo_path(made))
    type(bob).objects.filter(pk=bob.pk).update(deactivated_at=timezone.now())
    run_waiting_jobs()
    assert live() == 10
    assert dana_api.post(undo_path(made)).status_code == 202
    run_waiting_jobs()
    assert live() == 0


def test_a_custom_field_that_was_changed_since_is_told_with_both_values(api, dana_api):
    dana_api.post("/fields", {"record_type": "people", "label": "Shoe size", "type": "number", "slug": "x_shoe_size"})
    person = api.new(name="Ada", x_shoe_size=38)
    changed = api.patch(f"/people/{person['id']}", {"x_shoe_size": 39, "source": "web"})
    dana_api.patch(f"/people/{person['id']}", {"x_shoe_size": 40})
    undone = api.post(undo_path(changed))
    assert undone.status_code == 200
    assert undone.data["conflicts"] == [
        {"type": "people", "id": person["id"], "why": "changed", "field": "x_shoe_size", "ours": 39, "theirs": 40}
    ]
