"""The cast as programs: Dana runs the place, Bob works in it, Eve has no token."""

from typing import Any

import orjson
import pytest
from django.test import Client

from rapport.engine.accounts.actions import create_token
from rapport.engine.accounts.models import Role, Scope, User
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import MEMBER
from rapport.engine.records import gate
from tests.fixtures.cast import _nothing_remembered

__all__ = ["_nothing_remembered"]

ROOT = "/api/v1"


class Api:
    """A program with a token. Every method gives Django's response; `.data` is its JSON."""

    def __init__(self, token: str = "", client: Client | None = None) -> None:
        self.client = client or Client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self._read(self.client.get(ROOT + path, query or {}, headers=self.headers | _named(headers)))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, **headers)

    def send(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json", **headers: str
    ) -> Any:
        data = body if isinstance(body, bytes | str) else b"" if body is None else orjson.dumps(body)
        response = self.client.generic(
            method, ROOT + path, data, content_type=content_type, headers=self.headers | _named(headers)
        )
        return self._read(response)

    def new(self, path: str = "/people", **values: Any) -> dict[str, Any]:
        """Create a record; it must work."""
        response = self.post(f"{path}?on_clash=create", values)
        assert response.status_code == 201, response.content
        item: dict[str, Any] = response.data
        return item

    def _read(self, response: Any) -> Any:
        is_json = "json" in response.get("Content-Type", "")
        response.data = orjson.loads(response.content) if is_json and response.content else None
        return response


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def make_token(user: User, scope: str = Scope.WRITE) -> str:
    with open_act(user.actor) as act:
        _token, secret = create_token(act, user, name="tests", scope=scope)
    return secret


def make_user(name: str, role: str = Role.MEMBER) -> User:
    return User.objects.create_user(f"{name.lower()}@northwind.example", name=name, role=role)


@pytest.fixture
def dana(db):
    return make_user("Dana", Role.ADMIN)


@pytest.fixture
def bob(db):
    return make_user("Bob")


@pytest.fixture
def api(bob):
    """Bob's program."""
    return Api(make_token(bob))


@pytest.fixture
def dana_api(dana):
    return Api(make_token(dana))


@pytest.fixture
def role(monkeypatch, db):
    """Make a program of somebody with a role of its own: `role({"people": Policy(…)})`."""

    def made(policies, name="Charlie"):
        monkeypatch.setitem(gate.POLICIES, "reader", {"*": gate.POLICIES[MEMBER]["*"], **policies})
        return Api(make_token(make_user(name, "reader")))

    return made
