"""kill -9 of the web process, the worker and PostgreSQL while files are imported: all comes back, once, and whole."""

import json
import random
import shutil
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psutil
import psycopg
import pytest

from rapport.engine.runtime.home import OWNER_ROLE, Home
from tests.fixtures.home import make_home
from tests.fixtures.installation import Installation, all_logs, command_of, start_and_wait, stop, until

pytestmark = pytest.mark.slow

SEED = 20261122
VICTIMS = ["web", "worker", "postgres"] * 3 + ["worker"]
ROWS, COMPANIES = 3_000, 40
PATIENCE = 90.0
# As if most of the silence had passed after which a worker counts as dead; one that lives is heard again in time.
TIME_PASSES = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '24 seconds'"
PEOPLE = """
SELECT p.name, p.email, c.name, p.custom ->> 'x_score' FROM person p
JOIN membership m ON m.person_id = p.id AND m.deleted_at IS NULL JOIN company c ON c.id = m.company_id
WHERE p.deleted_at IS NULL
"""
NOTED = "SELECT about_type, count(*), count(DISTINCT about_id) FROM journal WHERE kind = 'created' GROUP BY 1"


class Refused(Exception):
    """The site answered, and would answer the same again."""


def outlast(ask: Callable[[], Any], *faults: type[Exception]) -> Any:
    """Ask until what is down is up again."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except faults:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@dataclass
class Place:
    """A running installation, a program that sends files to it, and the imports that came of them."""

    installation: Installation
    token: str
    imports: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def ask(self, method: str, path: str, body: Any = None, *, key: str = "") -> Any:
        """Ask until there is an answer, as a program does whose server comes back in a moment."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        url = f"http://127.0.0.1:{self.installation.port}/api/v1{path}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(url, data=data, method=method, headers=headers)

        def answer() -> Any:
            try:
                with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 — our own address
                    return json.loads(response.read())
            except urllib.error.HTTPError as error:
                if error.code < 500 and error.code != 409:
                    raise Refused(error.read()) from error
                raise

        return outlast(answer, OSError, ValueError)

    def import_until_enough(self) -> None:
        """Send one file after the other, each followed to its end."""
        while not self.enough.is_set():
            number = len(self.imports)
            sent = self.ask("POST", "/imports", self._file(number), key=f"send {number}")
            self.imports.append(sent["id"])
            self._wait_for(sent["id"], "checked")
            self.ask("POST", f"/imports/{sent['id']}/run", key=f"run {number}")
            self._wait_for(sent["id"], "done")

    def is_at_work(self) -> bool:
        return self.sql("SELECT EXISTS (SELECT FROM import_run WHERE state IN ('check', 'run'))") == [(True,)]

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        home = self.installation.home

        def rows() -> list[tuple[Any, ...]]:
            with psycopg.connect(
                host=str(home.socket_folder), dbname="rapport", user=OWNER_ROLE, password=home.secret(OWNER_ROLE)
            ) as connection:
                cursor = connection.execute(statement)
                return cursor.fetchall() if cursor.description else []

        found: list[tuple[Any, ...]] = outlast(rows, psycopg.OperationalError)
        return found

    def _file(self, number: int) -> dict[str, Any]:
        lines = [",".join(row) for row in [("Name", "E-Mail", "Firma", "Score"), *rows_of(number)]]
        return {
            "record_type": "people", "name": f"{number}.csv", "content": "\n".join(lines), "match": "email",
            "create_missing": True,
        }  # fmt: skip

    def _wait_for(self, run: str, state: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while (found := self.ask("GET", f"/imports/{run}"))["state"] != state:
            assert found["state"] in ("stage", "check", "run"), found
            assert time.monotonic() < deadline, found
            time.sleep(0.25)


def rows_of(number: int) -> list[tuple[str, str, str, str]]:
    return [
        (f"Person {number}-{n}", f"p{n}@file{number}.example", f"Company {n % COMPANIES}", str(n)) for n in range(ROWS)
    ]


@pytest.fixture
def place(monkeypatch) -> Iterator[Place]:
    # What a transaction has been told is kept must be out of the server's own memory when it is killed.
    monkeypatch.setenv("RAPPORT_POSTGRES_SYNCHRONOUS_COMMIT", "on")
    folder = make_home()
    installation = start_and_wait(Home(folder))
    try:
        user = "ada@northwind.example"
        assert installation.command("user", "add", user, "--role", "admin").returncode == 0
        yield Place(installation, installation.command("token", "--user", user).stdout.strip())
    except AssertionError as fault:
        fault.add_note(installation.said[-3000:] + all_logs(installation.home))
        raise
    finally:
        stop(installation)
        shutil.rmtree(folder)
        installation.log.unlink()


def test_ten_kills_lose_nothing_and_double_nothing(place):
    chance = random.Random(SEED)
    victims = chance.sample(VICTIMS, len(VICTIMS))
    with ThreadPoolExecutor(1) as sender:
        sending = sender.submit(place.import_until_enough)
        try:
            for victim in victims:
                until(place.is_at_work)
                time.sleep(chance.uniform(0.0, 0.8))
                assert not sending.done(), sending.exception()
                strike(place.installation, victim, chance)
                if victim != "web":
                    place.sql(TIME_PASSES)
        finally:
            place.enough.set()
        sending.result()
    every_row_is_here_once(place)
    everything_is_noted_once(place)
    everything_is_found(place)


def strike(installation: Installation, victim: str, chance: random.Random) -> None:
    """Kill a process, and wait until its place is taken again."""
    if victim == "postgres":
        server = installation.postgres
        with suppress(psutil.NoSuchProcess):
            chance.choice([server, *served(server)]).kill()
        until(lambda: back(installation, server))
        return
    first = installation.child(victim)
    first.kill()
    until(lambda: installation.has_another(victim, than=first.pid) and (victim != "web" or installation.answers()))


def served(server: psutil.Process) -> list[psutil.Process]:
    """The server's processes that work for somebody; they come and go while we look."""
    return [one for one in server.children() if "rapport_app" in " ".join(command_of(one))]


def back(installation: Installation, server: psutil.Process) -> bool:
    is_there = (installation.home.postgres / "data/postmaster.pid").exists()
    return is_there and installation.answers()


def every_row_is_here_once(place: Place) -> None:
    for run in place.imports:
        assert place.ask("GET", f"/imports/{run}")["counts"]["created"] == ROWS
    expected = sorted(row for number in range(len(place.imports)) for row in rows_of(number))
    assert sorted(place.sql(PEOPLE)) == expected
    assert place.sql("SELECT count(*) FROM company") == [(COMPANIES,)]


def everything_is_noted_once(place: Place) -> None:
    people = ROWS * len(place.imports)
    noted = {about: (entries, rows) for about, entries, rows in place.sql(NOTED)}
    assert noted["customers.person"] == noted["customers.membership"] == (people, people)
    assert noted["customers.company"] == (COMPANIES, COMPANIES)
    assert noted["records.customfield"] == (1, 1)
    verified = place.installation.command("journal", "verify")
    assert verified.returncode == 0, verified.stderr


def everything_is_found(place: Place) -> None:
    people = ROWS * len(place.imports)
    counted = "SELECT record_type, count(*) FROM search_document GROUP BY 1"
    until(lambda: dict(place.sql(counted)).get("people") == people, seconds=PATIENCE)
    for number in range(len(place.imports)):
        found = place.ask("GET", f"/search?q=p{number * 7}@file{number}.example")["items"]
        assert [one["title"] for one in found if one["type"] == "people"] == [f"Person {number}-{number * 7}"]
