"""A new major version of PostgreSQL: the data is carried over, the old data stays, an interruption loses nothing."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rapport.engine.runtime.home import Home
from rapport.engine.runtime.postgres import PostgresFailure, Server
from rapport.engine.runtime.postgres.account import Account
from rapport.engine.runtime.postgres.binaries import INSTALL, Binaries, Wheel
from rapport.engine.runtime.postgres.cluster import Cluster
from rapport.engine.runtime.postgres.roles import make_database
from rapport.engine.runtime.postgres.upgrade import CARRIED
from tests.fixtures.home import make_home

pytestmark = pytest.mark.slow

SYSTEM = Path("/usr/lib/postgresql")


def older_install() -> Path:
    """A PostgreSQL of this machine that is older than the wheel's."""
    found = [
        folder for folder in SYSTEM.glob("*") if re.fullmatch(r"\d+", folder.name) and (folder / "bin/initdb").exists()
    ]
    older = [folder for folder in found if 15 <= int(folder.name) < Wheel.find().major]
    if not older:
        pytest.skip("needs an older PostgreSQL with its contrib modules, as in Debian's package postgresql")
    return max(older, key=lambda folder: int(folder.name))


@pytest.fixture
def old_home() -> Iterator[Home]:
    """A home whose data was written by an older version, with the programs that a start of then had kept."""
    install = older_install()
    folder = make_home()
    home = Home(folder)
    home.make()
    account = Account.for_new_data()
    home.postgres.mkdir(mode=0o700)
    account.give(home.postgres)
    kept = home.postgres / f"server-{install.name}" / INSTALL
    kept.parent.mkdir(parents=True)
    kept.symlink_to(install)
    data = home.postgres / "data"
    password = folder / "password"
    password.write_text(home.secret("postgres"))
    password.chmod(0o644)
    command = [str(install / "bin" / "initdb"), "-D", str(data), "-U", "postgres", "--auth=scram-sha-256"]
    made = account.call([*command, f"--pwfile={password}", "--encoding=UTF8", "--locale=C.UTF-8"])
    assert made.returncode == 0, made.stderr
    binaries = Binaries(kept, int(install.name))
    cluster = Cluster(data, home.socket_folder, home.logs / "old.log", binaries, account, home.secret("postgres"))
    cluster.start()
    make_database(cluster, home)
    cluster.psql(
        """
        SET ROLE rapport_owner;
        CREATE TABLE people (id int PRIMARY KEY, name text, folded text GENERATED ALWAYS AS (lower(name)) STORED);
        CREATE TABLE journal (id int) PARTITION BY RANGE (id);
        CREATE TABLE journal_1 PARTITION OF journal FOR VALUES FROM (0) TO (100);
        REVOKE UPDATE, DELETE ON journal, journal_1 FROM rapport_app;
        INSERT INTO people SELECT n, 'Åse ' || n FROM generate_series(1, 500) n;
        INSERT INTO journal SELECT generate_series(1, 99);
        """,
        database="rapport",
    )
    cluster.stop()
    yield home
    shutil.rmtree(folder)


def contents(server: Server) -> str:
    return server.start().psql(
        "SELECT count(*), min(folded), (SELECT count(*) FROM journal) FROM people", database="rapport"
    )


def test_older_data_is_carried_over_with_its_privileges(old_home):
    said: list[str] = []
    server = Server(old_home, say=said.append)
    try:
        assert contents(server) == "500|åse 1|99"
        answer = "has_table_privilege('rapport_app', 'journal', '{}')"
        asked = f"SELECT {answer.format('INSERT')}, {answer.format('DELETE')}, version()"
        inserts, deletes, version = server.start().psql(asked, database="rapport").split("|")
        assert (inserts, deletes) == ("t", "f")
        assert f"PostgreSQL {Wheel.find().major}" in version
    finally:
        server.stop()
    old = older_install().name
    assert str(old_home.postgres / f"data-{old}") in said[-1]
    assert (old_home.postgres / f"data-{old}" / "PG_VERSION").read_text().strip() == old


def test_an_interruption_between_the_last_two_steps_is_mended(old_home):
    server = Server(old_home, say=lambda _: None)
    server.start()
    server.stop()
    data, carried = old_home.postgres / "data", old_home.postgres / f"data-{Wheel.find().major}"
    (data / CARRIED).touch()
    data.rename(carried)

    server = Server(old_home, say=lambda _: None)
    try:
        assert contents(server) == "500|åse 1|99"
    finally:
        server.stop()


def test_without_the_old_programs_nothing_is_touched_and_the_way_out_is_told(old_home):
    shutil.rmtree(old_home.postgres / f"server-{older_install().name}")

    with pytest.raises(PostgresFailure, match="bin/rapport backup"):
        Server(old_home, say=lambda _: None).start()
    assert (old_home.postgres / "data" / "PG_VERSION").read_text().strip() == older_install().name
