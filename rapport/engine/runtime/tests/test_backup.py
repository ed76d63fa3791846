"""Backup and restore: everything arrives, nothing else is touched, a damaged or foreign file is refused."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from rapport.engine.runtime.home import APP_ROLE, OWNER_ROLE, Home
from rapport.engine.runtime.postgres import Server
from tests.fixtures.home import make_home

pytestmark = pytest.mark.slow

PEOPLE = 1000
FILL = """
    CREATE TABLE drill_people (id int PRIMARY KEY, name text, folded text GENERATED ALWAYS AS (lower(name)) STORED);
    CREATE INDEX ON drill_people USING gin (name gin_trgm_ops);
    CREATE TABLE drill_log (id bigint GENERATED ALWAYS AS IDENTITY, said text) PARTITION BY RANGE (id);
    CREATE TABLE drill_log_1 PARTITION OF drill_log FOR VALUES FROM (0) TO (1000000);
    REVOKE UPDATE, DELETE, TRUNCATE ON drill_log, drill_log_1 FROM rapport_app;
    CREATE FUNCTION forget() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM drill_people';
    REVOKE ALL ON FUNCTION forget() FROM PUBLIC;
    INSERT INTO drill_people SELECT n, 'Åse ' || n FROM generate_series(1, 1000) n;
    INSERT INTO drill_log (said) SELECT 'line ' || n FROM generate_series(1, 1000) n;
"""


def rapport(home: Home, *arguments: object, **more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "rapport", *map(str, arguments)]
    environment = {**os.environ, "RAPPORT_HOME": str(home.path), **more}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def ask(home: Home, sql: str, *, role: str = OWNER_ROLE) -> list[tuple[object, ...]]:
    with Server(home).running():
        address = {"host": str(home.socket_folder), "dbname": "rapport", "user": role, "password": home.secret(role)}
        with psycopg.connect(**address) as connection:  # type: ignore[arg-type]  # every value is a text
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A home with people, an append-only log, a file and a sealing key."""
    home = Home(make_home())
    done = rapport(home, "migrate", "--database", "owner")
    assert done.returncode == 0, done.stderr
    ask(home, FILL)
    home.secret("sealing_key")
    (home.secrets / "keys").mkdir(mode=0o700)
    (home.secrets / "keys" / "0199.key").write_text("a key of the ring")
    (home.files / "ab").mkdir()
    (home.files / "ab" / "cdef").write_bytes(os.urandom(3_000_000))
    yield home
    shutil.rmtree(home.path)


@pytest.fixture
def empty() -> Iterator[Home]:
    home = Home(make_home())
    yield home
    shutil.rmtree(home.path)


@pytest.fixture(scope="module")
def backup(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "all.rapport"
    done = rapport(home, "backup", path)
    assert done.returncode == 0, done.stderr
    assert "Keep it safe" in done.stdout
    return path


@pytest.fixture(scope="module")
def sealed(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sealed") / "all.rapport"
    done = rapport(home, "backup", path, "--encrypt", RAPPORT_PASSPHRASE="correct horse")
    assert done.returncode == 0, done.stderr
    return path


def test_everything_arrives_in_an_empty_home(home, empty, backup):
    done = rapport(empty, "restore", backup)

    assert done.returncode == 0, done.stderr
    assert "the counts match" in done.stdout
    counts = "SELECT count(*), min(folded), (SELECT max(id) FROM drill_log) FROM drill_people"
    assert ask(empty, counts) == [(PEOPLE, "åse 1", PEOPLE)]
    assert (empty.files / "ab" / "cdef").read_bytes() == (home.files / "ab" / "cdef").read_bytes()
    assert empty.secret("sealing_key") == home.secret("sealing_key")
    assert (empty.secrets / "keys" / "0199.key").read_text() == "a key of the ring"
    assert (empty.secrets / "keys" / "0199.key").stat().st_mode & 0o077 == 0
    assert empty.secret(APP_ROLE) != home.secret(APP_ROLE)


def test_an_append_only_table_stays_so_and_numbers_go_on(empty, backup):
    rapport(empty, "restore", backup)

    assert ask(empty, "INSERT INTO drill_log (said) VALUES ('next') RETURNING id", role=APP_ROLE) == [(PEOPLE + 1,)]
    for forbidden in (
        "DELETE FROM drill_log",
        "UPDATE drill_log SET said = ''",
        "SELECT forget()",
        "TRUNCATE drill_people",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(empty, forbidden, role=APP_ROLE)
    ask(empty, "CREATE TABLE later (id int)")
    ask(empty, "INSERT INTO later VALUES (1)", role=APP_ROLE)


def test_a_restore_reaches_another_server_under_other_role_names(home, empty, backup):
    with Server(empty).running() as cluster:
        cluster.psql("CREATE ROLE boss LOGIN PASSWORD 'b'")
        cluster.psql("CREATE ROLE \"web-1\" LOGIN PASSWORD 'w'")
        cluster.psql("CREATE DATABASE crm OWNER boss")
        place = f"crm?host={cluster.socket}"
        urls = {
            "DATABASE_URL": f"postgresql://web-1:w@/{place}",
            "DATABASE_OWNER_URL": f"postgresql://boss:b@/{place}",
        }
        done = rapport(Home(empty.path / "client"), "restore", backup, **urls)

        assert done.returncode == 0, done.stderr
        asked = """
            SELECT has_table_privilege('web-1', 'drill_log', 'INSERT'),
                has_table_privilege('web-1', 'drill_log', 'DELETE'),
                (SELECT tableowner FROM pg_tables WHERE tablename = 'drill_people')
        """
        assert cluster.psql(asked, database="crm") == "t|f|boss"


def test_a_home_with_data_is_left_alone(home, backup):
    refused = rapport(home, "restore", backup)

    assert refused.returncode == 1, refused.stderr
    assert "holds data already" in refused.stderr
    assert ask(home, "SELECT count(*) FROM drill_people") == [(PEOPLE,)]


def test_an_existing_file_is_not_overwritten(home, backup):
    before = backup.read_bytes()
    refused = rapport(home, "backup", backup)

    assert refused.returncode == 1, refused.stderr
    assert "exists already" in refused.stderr
    assert backup.read_bytes() == before


def test_the_file_is_for_its_owner_alone_and_plain_tools_can_read_it(backup):
    assert backup.stat().st_mode & 0o077 == 0
    with tarfile.open(backup) as archive:
        names = archive.getnames()
    assert names[0] == "manifest.json"
    assert {"privileges.sql", "secrets/sealing_key", "files/ab/cdef", "whole.json"} <= set(names)
    assert "secrets/rapport_app" not in names


def test_an_encrypted_backup_opens_with_its_passphrase_only(empty, sealed):
    assert b"manifest" not in sealed.read_bytes()

    wrong = rapport(empty, "restore", sealed, RAPPORT_PASSPHRASE="wrong")
    assert wrong.returncode == 1
    assert "passphrase is wrong" in wrong.stderr

    unasked = rapport(empty, "restore", sealed)
    assert "RAPPORT_PASSPHRASE" in unasked.stderr

    right = rapport(empty, "restore", sealed, RAPPORT_PASSPHRASE="correct horse")
    assert right.returncode == 0, right.stderr
    assert ask(empty, "SELECT count(*) FROM drill_people") == [(PEOPLE,)]


def shortened(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("damage", [shortened, flipped])
def test_a_damaged_encrypted_backup_leaves_the_home_empty(empty, sealed, damage, tmp_path):
    damaged = tmp_path / "damaged"
    damaged.write_bytes(damage(sealed.read_bytes()))
    refused = rapport(empty, "restore", damaged, RAPPORT_PASSPHRASE="correct horse")

    assert refused.returncode == 1, refused.stderr
    assert "damaged" in refused.stderr
    assert_still_empty(empty)


def test_a_shortened_backup_leaves_the_home_empty_and_ready(empty, backup, tmp_path):
    damaged = tmp_path / "damaged"
    damaged.write_bytes(shortened(backup.read_bytes()))
    refused = rapport(empty, "restore", damaged)

    assert refused.returncode == 1, refused.stderr
    assert "damaged" in refused.stderr
    assert_still_empty(empty)
    assert rapport(empty, "restore", backup).returncode == 0


def test_a_foreign_file_is_refused(empty, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear customer, " * 100)
    refused = rapport(empty, "restore", tmp_path / "letter.txt")

    assert refused.returncode == 1, refused.stderr
    assert "no backup of Rapport" in refused.stderr


@pytest.mark.parametrize("member", ["files/ab/cdef", "secrets/sealing_key"])
def test_a_backup_cannot_write_outside_the_home(empty, backup, tmp_path, member):
    evil = tmp_path / "evil"
    with tarfile.open(backup) as good, tarfile.open(evil, "w") as bad:
        for entry in good:
            content = good.extractfile(entry)
            if entry.name == member:
                entry.name = f"{member.partition('/')[0]}/../../escaped"
            bad.addfile(entry, content)
    refused = rapport(empty, "restore", evil)

    assert refused.returncode == 1, refused.stderr
    assert "outside its folder" in refused.stderr
    assert not (empty.path.parent / "escaped").exists()
    assert_still_empty(empty)


def test_a_backup_of_a_newer_version_is_refused(empty, backup, tmp_path):
    newer = tmp_path / "newer"
    with tarfile.open(backup) as good, tarfile.open(newer, "w") as changed:
        for member in good:
            content = good.extractfile(member).read()
            if member.name == "manifest.json":
                content = content.replace(b'"migrations": [', b'"migrations": [["customers", "9999_from_the_future"],')
                member.size = len(content)
            changed.addfile(member, io.BytesIO(content))
    refused = rapport(empty, "restore", newer)

    assert refused.returncode == 1, refused.stderr
    assert "newer than this one" in refused.stderr


def assert_still_empty(home: Home) -> None:
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert ask(home, tables) == [(0,)]
    assert list(home.files.iterdir()) == []


def test_older_data_is_backed_up_before_it_is_changed(empty, backup):
    rapport(empty, "restore", backup)
    rapport(empty, "migrate", "sessions", "zero", "--database", "owner")
    refused = rapport(empty, "user", "list")
    assert refused.returncode == 1
    assert "Start bin/up once" in refused.stderr

    done = rapport(empty, "prepare")

    assert done.returncode == 0, done.stderr
    (taken,) = empty.backups.iterdir()
    assert str(taken) in done.stdout
    assert "rapport restore" in done.stdout
    assert rapport(empty, "migrate", "--check", "--database", "owner").returncode == 0
    assert ask(empty, "SELECT count(*) FROM drill_people") == [(PEOPLE,)]

    again = rapport(empty, "prepare")
    assert "backup" not in again.stdout
