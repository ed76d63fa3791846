"""The embedded server: starts, stops, survives kills and stale files, is never started twice on the same data."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from rapport.engine.runtime.home import APP_ROLE, Home, short_hash
from rapport.engine.runtime.postgres import PostgresFailure, Server
from tests.fixtures.home import FORGETFUL, make_home

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    folder = make_home()
    yield Home(folder)
    shutil.rmtree(folder)


@pytest.fixture
def server(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Not yet started, and as careful with its disk as for people."""
    for name in FORGETFUL:
        monkeypatch.delenv(f"RAPPORT_POSTGRES_{name}")
    server = Server(home)
    yield server
    server.stop()


def connect(home: Home) -> "psycopg.Connection[tuple[object, ...]]":
    password = home.secret(APP_ROLE)
    return psycopg.connect(host=str(home.socket_folder), dbname="rapport", user=APP_ROLE, password=password)


def test_a_new_home_gets_a_database_that_only_its_roles_reach(home, server):
    cluster = server.start()

    with connect(home) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (APP_ROLE,)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(home.socket_folder), dbname="rapport", user=APP_ROLE, password="guess")
    assert cluster.socket.stat().st_mode & 0o077 == 0
    assert (home.postgres / "data").stat().st_mode & 0o077 == 0


def test_the_app_works_with_rows_and_does_not_shape_tables(home, server):
    cluster = server.start()
    cluster.psql("SET ROLE rapport_owner; CREATE TABLE rows (id int)", database="rapport")

    with connect(home) as connection:
        connection.execute("INSERT INTO rows VALUES (1)")
        connection.execute("UPDATE rows SET id = 2")
        for forbidden in ("TRUNCATE rows", "DROP TABLE rows", "CREATE TABLE more (id int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(forbidden)


def test_a_home_made_earlier_gets_what_is_granted_now(home, server):
    cluster = server.start()
    stamp = cluster.data / "rapport.made"
    for made_earlier in (False, True):
        if made_earlier:
            cluster.psql("REVOKE pg_read_all_stats FROM rapport_app")
            stamp.write_text("")
            server.stop()
            server.start()
        with connect(home) as connection:
            sees = "SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')"
            assert connection.execute(sees).fetchone() == (True,)
        assert stamp.stat().st_mode & 0o077 == 0


def test_data_outlives_a_stop(home, server):
    server.start().psql("CREATE TABLE kept AS SELECT 7 AS number", database="rapport")
    server.stop()

    assert not server.is_up
    assert server.start().psql("SELECT number FROM kept", database="rapport") == "7"


def test_the_last_holder_stops_the_server(home, server):
    other = Server(home)
    cluster = server.start()
    pid = cluster.pid
    assert other.start().pid == pid

    server.stop()
    assert cluster.pid == pid
    other.stop()
    assert cluster.pid is None


def test_a_killed_server_recovers_what_was_committed(home, server):
    cluster = server.start()
    cluster.psql("CREATE TABLE notes AS SELECT 7 AS number", database="rapport")
    os.kill(cluster.pid, signal.SIGKILL)
    time.sleep(0.05)

    assert not server.is_up
    assert server.start().psql("SELECT number FROM notes", database="rapport") == "7"


def test_a_holder_that_is_killed_leaves_a_server_that_the_next_one_adopts(home, server):
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from rapport.engine.runtime.home import Home; from rapport.engine.runtime.postgres import Server;"
        "print(Server(Home(Path(sys.argv[1]))).start().pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(home.path)], capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    assert server.start().pid == int(killed.stdout)
    server.stop()
    assert not server.is_up


def test_an_old_pid_file_that_names_a_stranger_is_no_obstacle(home, server):
    server.start()
    server.stop()
    (home.postgres / "data" / "postmaster.pid").write_text(
        f"{os.getpid()}\n{home.postgres / 'data'}\n0\n5432\n\n\n\nready\n"
    )

    assert server.start().pid != os.getpid()


def test_a_server_that_cannot_start_says_why(home, server, monkeypatch):
    server.start()
    server.stop()
    monkeypatch.setenv("RAPPORT_POSTGRES_SHARED_BUFFERS", "nonsense")

    with pytest.raises(PostgresFailure, match="shared_buffers"):
        server.start()


def test_settings_can_be_chosen(home, server, monkeypatch):
    monkeypatch.setenv("RAPPORT_POSTGRES_SHARED_BUFFERS", "32MB")

    assert server.start().psql("SHOW shared_buffers") == "32MB"


def test_a_home_with_a_long_path_gets_its_socket_elsewhere(home):
    deep = Home(home.path / ("x" * 100) / "home")
    deep.path.parent.mkdir()
    deep.path.parent.chmod(0o711)
    server = Server(deep)
    try:
        server.start()
        assert deep.socket_folder == Path("/tmp") / f"rapport-{short_hash(deep.postgres / 'socket')}"
        connect(deep).close()
    finally:
        server.stop()
        shutil.rmtree(deep.socket_folder, ignore_errors=True)


def test_a_foreign_folder_in_the_place_of_the_socket_is_refused(home, server):
    server.start()
    server.stop()
    shutil.rmtree(home.socket_folder)
    home.socket_folder.mkdir()
    home.socket_folder.chmod(0o755)

    with pytest.raises(PostgresFailure, match="private folder"):
        server.start()
    home.socket_folder.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends itself a service user")
def test_as_root_the_data_lies_where_the_service_user_can_reach_it(tmp_path, capsys):
    home = Home(tmp_path / "home")
    server = Server(home)
    try:
        server.start()
        target = Path(os.path.realpath(home.postgres))
        assert target.parent == Path("/var/lib/rapport")
        assert str(target) in capsys.readouterr().err
        assert target.stat().st_uid != 0
        connect(home).close()
        server.stop()
        server.start()
        assert capsys.readouterr().err == ""
    finally:
        server.stop()
        shutil.rmtree(os.path.realpath(home.postgres))
