"""`bin/up` as people use it: one command starts everything, Ctrl-C stops everything, a second one does no harm."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from rapport.engine.runtime.home import Home
from tests.fixtures.home import make_home
from tests.fixtures.installation import (
    PATIENCE,
    ROOT,
    Installation,
    has_ended,
    rapport,
    start,
    start_and_wait,
    stop,
    until,
    wait_for_greeting,
)
from tests.fixtures.site import free_port
from tests.fixtures.visitor import open_stream, sign_in

pytestmark = pytest.mark.slow

NOBODY: dict[str, Any] = {"user": 65534, "group": 65534, "extra_groups": []}


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    folder = make_home()
    yield Home(folder)
    shutil.rmtree(folder)
    folder.with_name(f"{folder.name}.log").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def installations(home: Home) -> Iterator[list[Installation]]:
    """Those started so far; the last one is stopped in the end."""
    started: list[Installation] = []
    yield started
    if started:
        stop(started[-1])


@pytest.fixture
def running(home: Home, installations: list[Installation]) -> Installation:
    """A running one; started anew only when the last test ended it."""
    if not installations or installations[-1].process.poll() is not None:
        installations.append(start_and_wait(home))
    return installations[-1]


@pytest.fixture
def stopped_home(home: Home, installations: list[Installation]) -> Home:
    if installations:
        stop(installations[-1])
    return home


def test_it_tells_where_it_is_and_how_to_sign_in(running):
    assert running.answers()
    assert f"http://127.0.0.1:{running.port}" in running.said
    assert "works once" in running.said


def test_a_second_start_goes_on_with_the_same_data(running, home, installations):
    stop(running)
    installations.append(start_and_wait(home))

    assert "works once" in installations[-1].said


def test_a_second_up_on_the_same_data_says_so_and_does_no_harm(running):
    second = running.command("up", "--port", str(free_port()))

    assert second.returncode == 1
    assert f"http://127.0.0.1:{running.port}" in second.stderr
    assert str(running.process.pid) in second.stderr
    assert running.answers()


def test_a_taken_port_is_named_with_a_free_one(stopped_home):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = rapport(stopped_home, "up", "--port", str(port))

    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
    assert "--port" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--url", "http://crm.example.com"], "only this machine is served"),
        (["--url", "crm.example.com"], "must read https://"),
        (["--url", "https://crm.example.com/path"], "without a path"),
        (["--host", "192.0.2.1"], "TLS front"),
        (["--port", "70000"], "ports go from 1 to 65535"),
    ],
)
def test_what_cannot_be_served_is_refused_with_a_reason(stopped_home, arguments, sentence):
    refused = rapport(stopped_home, "up", *arguments)

    assert refused.returncode == 1
    assert sentence in refused.stderr


def test_a_crashed_web_process_comes_back(running):
    first = running.child("web")
    first.kill()

    until(lambda: not first.is_running() and running.answers())
    assert "The web process ended (killed by SIGKILL) and is started again" in running.said


def test_a_crashed_worker_comes_back(running):
    first = running.child("worker")
    first.kill()

    until(lambda: running.has_another("worker", than=first.pid))


def test_a_crashed_database_comes_back(running):
    first = running.postgres
    first.kill()

    until(lambda: (running.home.postgres / "data/postmaster.pid").exists() and running.postgres.pid != first.pid)
    until(running.answers)
    assert running.command("showmigrations", "--database", "owner").returncode == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["stopped", "killed"])
def test_the_worker_goes_on_after_the_database_was_restarted(running, how):
    worker, first = running.child("worker"), running.postgres
    first.send_signal(how)
    until(lambda: has_ended(first) and running.answers())
    token = token_of(running)
    run_id = import_over_the_api(running, token)

    until(lambda: running.api("GET", f"/imports/{run_id}", token)["state"] == "done")
    assert running.child("worker") == worker


def token_of(running: Installation) -> str:
    running.command("user", "add", "dana@northwind.example", "--role", "admin")
    made = running.command("token", "--user", "dana@northwind.example")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def import_over_the_api(running: Installation, token: str) -> str:
    file = {"record_type": "people", "name": "people.csv", "content": "Name,City\nIda Berg,Oslo\n", "run": True}
    return str(running.api("POST", "/imports", token, file)["id"])


def test_other_commands_use_the_running_database_and_leave_it_running(running):
    before = running.postgres.pid

    assert running.command("migrate", "--check", "--database", "owner").returncode == 0
    assert running.postgres.pid == before
    assert running.answers()


def test_a_command_alone_brings_its_database_and_takes_it_away(stopped_home):
    assert rapport(stopped_home, "migrate", "--database", "owner").returncode == 0
    assert not (stopped_home.postgres / "data/postmaster.pid").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_whole_also_with_open_live_streams(running, how):
    everything = [*psutil.Process(running.process.pid).children(), running.postgres]
    cookies = sign_in(running.command("link").stdout.strip())
    with open_stream(running.port, cookies), open_stream(running.port, cookies):
        running.process.send_signal(how)
        assert running.process.wait(PATIENCE) == 0

    assert running.said.endswith("Rapport has stopped.\n")
    assert [process for process in everything if process.is_running()] == []
    assert not (running.home.postgres / "data/postmaster.pid").exists()


def test_nothing_outlives_a_killed_supervisor(running):
    children = psutil.Process(running.process.pid).children()
    running.process.kill()
    running.process.wait()

    until(lambda: all(has_ended(child) for child in children))


def test_a_start_after_a_kill_goes_on_with_the_database_that_was_left_behind(running, home, installations):
    orphan = running.postgres
    for one in (running.child("web"), running.child("worker"), running.process):
        one.kill()
    running.process.wait()
    installations.append(start_and_wait(home))

    assert installations[-1].answers()
    assert installations[-1].postgres == orphan
    stop(installations[-1])
    assert has_ended(orphan)


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
def test_an_ordinary_user_can_start_it(monkeypatch):
    packages = [path for path in sys.path if path.endswith("site-packages")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *packages]))
    python = python_for_nobody()
    folder = make_home()
    os.chown(folder, NOBODY["user"], NOBODY["group"])
    installation = start(Home(folder), python=python, **NOBODY)
    try:
        wait_for_greeting(installation)
        assert installation.answers()
        assert installation.postgres.uids().real == NOBODY["user"]
    finally:
        stop(installation)
        shutil.rmtree(folder)
        installation.log.unlink()


def python_for_nobody() -> str:
    """A Python that can be run, with our packages and this repository; root's own often lie in /root."""
    ask = f"import granian, rapport, sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    for candidate in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            tried = subprocess.run([candidate, "-c", ask], check=False, cwd="/", capture_output=True, **NOBODY)
        except OSError:
            continue
        if tried.returncode == 0:
            return candidate
    pytest.skip("an ordinary user can reach no Python of this version, or not this repository")
