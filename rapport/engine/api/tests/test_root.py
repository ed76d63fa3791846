"""The entrance: what there is, and for whom."""

import http.client
from urllib.parse import urlsplit

import pytest
from django.test import Client

from rapport.engine.accounts.models import Scope
from rapport.engine.api.tests.conftest import ROOT, Api, make_token, make_user
from rapport.engine.records.gate import NOTHING


def test_it_names_the_record_types(api):
    response = api.get("/")
    assert response.status_code == 200
    assert {"people", "companies"} <= set(response.data["record_types"])


def test_a_type_that_a_role_may_not_read_is_not_there(role):
    api = role({"companies": NOTHING})
    assert "companies" not in api.get("/").data["record_types"]
    assert api.get("/companies").status_code == 404
    assert api.post("/companies", {"name": "Acme"}).status_code == 404


@pytest.mark.parametrize("path", ["/", "/people", "/openapi.json"])
def test_signed_out_is_401_and_says_how_to_sign_in(db, path):
    response = Api().get(path)
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response.data["type"] == "urn:rapport:problem:signed-out"


@pytest.mark.parametrize("header", ["Bearer rapport_wrong", "Bearer", "Basic Ym9iOng=", "", "Bearer \xff"])
def test_a_wrong_token_is_401_even_in_a_signed_in_browser(bob, header):
    client = Client()
    client.force_login(bob)
    api = Api(client=client)
    assert api.get("/people").status_code == 200
    response = api.get("/people", Authorization=header or "x")
    assert response.status_code == 401
    assert "invalid_token" in response["WWW-Authenticate"]


def test_a_token_that_may_only_read_does_not_write(bob):
    api = Api(make_token(bob, Scope.READ))
    assert api.get("/people").status_code == 200
    response = api.post("/people", {"name": "Ada Nansen"})
    assert response.status_code == 403
    assert response.data["type"] == "urn:rapport:problem:read-only-token"
    assert api.get("/people").data["items"] == []


def test_a_browser_needs_its_csrf_token_to_write(bob):
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    api = Api(client=client)
    refused = api.post("/people", {"name": "Ada Nansen"})
    assert refused.status_code == 403
    assert refused.data["type"] == "urn:rapport:problem:forged"
    client.cookies["csrf"] = "a" * 32
    allowed = api.post("/people", {"name": "Ada Nansen"}, X_CSRFToken="a" * 32)
    assert allowed.status_code == 201


def test_a_token_needs_no_csrf_token(bob):
    api = Api(make_token(bob), Client(enforce_csrf_checks=True))
    assert api.post("/people", {"name": "Ada Nansen"}).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/people", {"GET", "HEAD", "POST"}),
        ("POST", "/people/0197f1e0-0000-7000-8000-000000000000", {"DELETE", "GET", "HEAD", "PATCH"}),
        ("GET", "/people/batch/", None),
        ("DELETE", "/", {"GET", "HEAD"}),
        ("OPTIONS", "/people", {"GET", "HEAD", "POST"}),
    ],
)
def test_other_methods_are_405_with_those_allowed(api, method, path, allowed):
    response = api.send(method, path)
    if allowed is None:
        assert response.status_code == 404
    else:
        assert response.status_code == 405
        assert set(response["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ["/nothing", "/people/x/y/z", "/people/", "/people/not-an-id", "/nothing/batch"])
def test_what_is_not_there_is_a_problem_404(api, path):
    response = api.get(path) if "batch" not in path else api.post(path, {})
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.data["status"] == 404


def test_answers_are_not_kept_by_anybody_between(api):
    assert api.get("/people")["Cache-Control"] == "private, no-cache"


def test_head_is_get_without_its_body(api):
    response = api.client.head(f"{ROOT}/people", headers=api.headers)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b'{"name": "\xff"}', "application/json", 400),
        (b"[" * 5000, "application/json", 400),
        (b'{"name": ' + b"[" * 900 + b"]" * 900 + b"}", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"null", "application/json", 400),
        (b"", "application/json", 400),
        (b"name=Ada", "application/x-www-form-urlencoded", 415),
        (b"--x\r\n", "multipart/form-data; boundary=x", 415),
        (b'{"name": "Ada"}', "text/plain", 415),
        (b'{"name": "Ada"}', "", 415),
        (b'{"name": "Ada"}', "application/merge-patch+json", 201),
        (b'{"name": "' + b"a" * (5 * 1024 * 1024) + b'"}', "application/json", 413),
        (b'{"name": 123456789012345678901234567890}', "application/json", 201),
        (b'{"name": "a\\u0000b"}', "application/json", 422),
    ],
)
def test_bodies_that_cannot_be_read(api, body, content_type, status):
    response = api.send("POST", "/people", body, content_type)
    assert response.status_code == status, response.content
    assert response.data.get("status", 201) == status


def test_a_body_may_come_in_chunks(live_server_url, transactional_db):
    """Through the real server: who streams does not know the length beforehand."""
    token = make_token(make_user("Bob"))
    connection = http.client.HTTPConnection(urlsplit(live_server_url).netloc, timeout=20)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    chunks = iter([b'{"name": ', b'"Ada Nansen"}'])
    connection.request("POST", f"{ROOT}/people", body=chunks, headers=headers, encode_chunked=True)
    answer = connection.getresponse()
    connection.close()
    assert answer.status == 201
