"""Files of programs: sent, taken by a field, found again, and kept from strangers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rapport.engine.api.tests.conftest import ROOT, Api, make_token, make_user
from rapport.engine.api.tests.shapes import faults
from rapport.engine.files.models import StoredFile
from rapport.engine.records import filing, gate
from rapport.engine.records.definitions import check_again


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.RAPPORT_HOME = tmp_path


@pytest.fixture
def photo(dana_api):
    """A field for a photo."""
    made = dana_api.post("/fields", {"record_type": "people", "label": "Photo", "type": "file"})
    assert made.status_code == 201, made.data
    check_again()
    return made.data["slug"]


@pytest.fixture
def charlie(db, monkeypatch):
    """A program of somebody who reaches only what is their own."""
    monkeypatch.setitem(gate.POLICIES, "stranger", {"*": gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own"))})
    return Api(make_token(make_user("Charlie", "stranger")))


def sent(api, content=b"Some words", name="words.txt", part="file", **headers):
    headers = api.headers | {key.replace("_", "-"): value for key, value in headers.items()}
    upload = {part: SimpleUploadedFile(name, content)}
    return api._read(api.client.post(f"{ROOT}/files", upload, headers=headers))


def test_a_file_is_sent_taken_shown_and_fetched(api, photo):
    answer = sent(api)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/files/{answer.data['id']}"
    assert (answer.data["name"], answer.data["size"], answer.data["content_type"]) == ("words.txt", 10, "text/plain")
    person = api.new(name="Ada", **{photo: answer.data["id"]})
    held = {"id": answer.data["id"], "name": "words.txt", "size": 10, "content_type": "text/plain"}
    assert person[photo] == held
    assert api.get("/people", {"where": f"{photo} is not empty"}).data["items"][0][photo] == held
    assert api.patch(f"/people/{person['id']}", {photo: held}).data["version"] == person["version"]
    found = api.get(f"/files/{answer.data['id']}").data
    served = api.client.get(found["url"])
    assert b"".join(served.streaming_content) == b"Some words"
    assert served["Content-Disposition"].startswith("attachment")
    emptied = api.patch(f"/people/{person['id']}", {photo: None})
    assert emptied.data[photo] is None
    assert api.post(f"/batches/{emptied.headers['Rapport-Batch']}/undo").status_code == 200
    assert api.get(f"/people/{person['id']}").data[photo] == held


def test_many_records_take_files_at_once(api, photo):
    ids = [sent(api, name=f"{number}.txt").data["id"] for number in range(3)]
    items = [{"name": f"Person {key}", photo: key} for key in ids] + [{"name": "Bad", photo: "no id"}]
    results = api.post("/people/batch", {"mode": "create", "items": items}).data["results"]
    assert [one["status"] for one in results] == ["created"] * 3 + ["error"]


def test_a_stranger_neither_sees_nor_takes_it(api, charlie, photo, dana_api):
    key = sent(api).data["id"]
    assert dana_api.get(f"/files/{key}").status_code == 404
    api.new(name="Ada", **{photo: key})
    assert dana_api.get(f"/files/{key}").status_code == 200
    assert charlie.get(f"/files/{key}").status_code == 404
    refused = charlie.post("/people", {"name": "Mine", photo: key})
    assert refused.status_code == 422
    assert refused.data["errors"] == [{"pointer": f"/{photo}", "detail": "“Photo”: there is no such file."}]


def test_what_is_no_file_is_refused(api, photo, monkeypatch):
    monkeypatch.setattr(filing, "MOST_BYTES", 1024**2)
    files = StoredFile.objects.count()
    wrong = [
        (sent(api, b""), 422, "is empty"),
        (sent(api, b"x" * 1024**2 + b"x"), 422, "larger than 1 MB"),
        (sent(api, part="other"), 400, "in its part “file”"),
        (api.post("/files", {"file": "x"}), 400, "multipart/form-data"),
        (api.send("POST", "/files", b"--x", "multipart/form-data; boundary="), 400, "no form that can be read"),
        (api.send("POST", "/files", b"5\r\n", "multipart/form-data; boundary=x", Transfer_Encoding="chunked"), 400, ""),
    ]
    for answer, status, words in wrong:
        assert answer.status_code == status, answer.content
        assert words in answer.content.decode()
    assert sent(Api()).status_code == 401
    assert api.post("/people", {"name": "Ada", photo: "x"}).status_code == 422
    assert StoredFile.objects.count() == files


def test_sent_twice_kept_once(api):
    first = sent(api, Idempotency_Key="one")
    again = sent(api, Idempotency_Key="one")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.data["id"] == first.data["id"]
    assert sent(api, b"Other words", Idempotency_Key="one").status_code == 422
    assert StoredFile.objects.count() == 1


def test_a_file_of_a_batch_goes_with_the_batch(api, photo):
    answer = sent(api)
    batch = answer.headers["Rapport-Batch"]
    person = api.post("/people", {"name": "Ada", photo: answer.data["id"]}, Rapport_Batch=batch).data
    assert api.post(f"/batches/{batch}/undo").data["rows"] == 2
    assert api.get(f"/people/{person['id']}").status_code == 404
    assert api.get(f"/files/{answer.data['id']}").status_code == 404


def test_it_is_described(api, photo):
    document = api.get("/openapi.json").data
    answer = sent(api)
    assert not faults(document["components"]["schemas"]["File"], answer.data, document)
    person = api.new(name="Ada", **{photo: answer.data["id"]})
    assert not faults(document["components"]["schemas"]["people"], person, document)
    assert not faults(document["components"]["schemas"]["people"], api.new(name="Bo"), document)
