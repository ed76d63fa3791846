"""Idempotency-Key: a request sent twice is done once."""

import threading
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection, connections
from django.utils import timezone

from rapport.engine.api.idempotency import forget_old_answers
from rapport.engine.api.models import StoredAnswer
from rapport.engine.api.tests.conftest import Api

REPLAYED = "Idempotency-Replayed"


def test_sent_again_it_is_answered_as_before_and_not_done_again(api):
    first = api.post("/people", {"name": "Ada Nansen"}, Idempotency_Key="a")
    again = api.post("/people", {"name": "Ada Nansen"}, Idempotency_Key="a")
    assert again.status_code == first.status_code == 201
    assert again.content == first.content
    for header in ("Location", "ETag", "Rapport-Batch", "Content-Type"):
        assert again[header] == first[header]
    assert REPLAYED not in first
    assert again[REPLAYED] == "true"
    assert len(api.get("/people").data["items"]) == 1


def test_the_same_key_for_another_request_is_422(api):
    person = api.post("/people", {"name": "Ada Nansen"}, Idempotency_Key="a").data
    for refused in (
        api.post("/people", {"name": "Bo"}, Idempotency_Key="a"),
        api.post("/companies", {"name": "Ada Nansen"}, Idempotency_Key="a"),
        api.post("/people?on_clash=create", {"name": "Ada Nansen"}, Idempotency_Key="a"),
        api.delete(f"/people/{person['id']}", Idempotency_Key="a"),
    ):
        assert (refused.status_code, refused.data["type"]) == (422, "urn:rapport:problem:key-used")


def test_changes_deletions_batches_and_undo_are_kept_too(api):
    person = api.new(name="Ada Nansen")
    path = f"/people/{person['id']}"
    batch = {"mode": "create", "items": [{"name": "B"}]}
    made = api.post("/people", {"name": "C"})["Rapport-Batch"]
    for key, send in {
        "patch": lambda: api.patch(path, {"source": "web"}, Idempotency_Key="patch"),
        "delete": lambda: api.delete(path, Idempotency_Key="delete"),
        "batch": lambda: api.post("/people/batch", batch, Idempotency_Key="batch"),
        "undo": lambda: api.post(f"/batches/{made}/undo", Idempotency_Key="undo"),
    }.items():
        first, again = send(), send()
        assert first.status_code in {200, 204}, key
        assert (again.status_code, again.content, again[REPLAYED]) == (first.status_code, first.content, "true")


def test_a_request_that_failed_leaves_its_key_free(api):
    assert api.post("/people", {"nonsense": 1}, Idempotency_Key="a").status_code == 400
    assert api.post("/people", {}, Idempotency_Key="a").status_code == 422
    assert StoredAnswer.objects.count() == 0
    assert api.post("/people", {"name": "Ada Nansen"}, Idempotency_Key="a").status_code == 201


def test_keys_belong_to_their_token(api, dana_api):
    assert api.post("/people", {"name": "A"}, Idempotency_Key="a").status_code == 201
    assert dana_api.post("/people", {"name": "B"}, Idempotency_Key="a").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a\tb", "é"])
def test_a_key_that_is_none_is_400(api, key):
    response = api.post("/people", {"name": "A"}, Idempotency_Key=key)
    assert (response.status_code, response.data["header"]) == (400, "Idempotency-Key")


def test_after_a_day_a_key_is_free_and_its_answer_swept(api):
    api.post("/people", {"name": "A"}, Idempotency_Key="a")
    later = timezone.now() + timedelta(hours=24, seconds=1)
    with patch("django.utils.timezone.now", return_value=later):
        assert api.post("/people", {"name": "B"}, Idempotency_Key="a").status_code == 201
        api.post("/people", {"name": "C"}, Idempotency_Key="c")
        StoredAnswer.objects.filter(key="c").update(created_at=later - timedelta(hours=25))
        forget_old_answers()
    assert [one.key for one in StoredAnswer.objects.all()] == ["a"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_done_once(api):
    """Both begin while the other has not ended; a lock held on the table of people keeps the first one busy."""
    answers = []

    def send():
        answers.append(
            Api(api.headers["Authorization"].removeprefix("Bearer ")).post(
                "/people", {"name": "Ada Nansen"}, Idempotency_Key="a"
            )
        )
        connections.close_all()

    threads = [threading.Thread(target=send) for _one in range(4)]
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE person IN SHARE MODE")
        for thread in threads:
            thread.start()
        threads[0].join(0.5)
        assert not answers
        cursor.execute("COMMIT")
    for thread in threads:
        thread.join(20)
    assert [one.status_code for one in answers] == [201] * 4
    assert len({one.content for one in answers}) == 1
    assert sum(REPLAYED in one for one in answers) == 3
    assert len(api.get("/people").data["items"]) == 1


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_is_told_to_ask_again(api, monkeypatch):
    monkeypatch.setattr("rapport.engine.api.idempotency.PATIENCE", "100ms")
    answers = []

    def send():
        other = Api(api.headers["Authorization"].removeprefix("Bearer "))
        answers.append(other.post("/people", {"name": "Ada Nansen"}, Idempotency_Key="a"))
        connections.close_all()

    first, second = (threading.Thread(target=send) for _one in range(2))
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE person IN SHARE MODE")
        first.start()
        first.join(0.5)
        second.start()
        second.join(5)
        assert [one.status_code for one in answers] == [409]
        assert answers[0]["Retry-After"]
        cursor.execute("COMMIT")
    first.join(20)
    assert answers[1].status_code == 201
