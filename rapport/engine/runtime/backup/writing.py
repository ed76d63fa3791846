"""Writes a backup: manifest, keys, privileges, the database in pieces, files, and a mark that says it is whole."""

import datetime
import io
import json
import os
import tarfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from rapport.engine.runtime.backup.dumping import Snapshot, snapshot
from rapport.engine.runtime.backup.fault import BackupFault
from rapport.engine.runtime.backup.sealing import SealedWriter
from rapport.engine.runtime.home import APP_ROLE, OWNER_ROLE, Home

FORMAT = 1
MANIFEST, PRIVILEGES, WHOLE = "manifest.json", "privileges.sql", "whole.json"
DATABASE, SECRETS, FILES = "database/", "secrets/", "files/"
# They open this home's own database server and mean nothing in another.
SECRETS_THAT_STAY = frozenset({"postgres", APP_ROLE, OWNER_ROLE})
PROJECT = Path(__file__).resolve().parents[4] / "pyproject.toml"


@dataclass(frozen=True)
class Manifest:
    format: int
    rapport: str
    postgres: str
    made_at: str
    migrations: list[tuple[str, str]]
    tables: dict[str, int]


@dataclass(frozen=True)
class Summary:
    path: Path
    rows: int
    files: int
    size: int


def back_up(home: Home, target: Path, *, passphrase: str | None = None) -> Summary:
    """Everything of this installation in one file, readable by its owner only. It appears when it is whole.

    Raises BackupFault when the file exists or the dump fails.
    """
    if target.exists():
        raise BackupFault(f"{target} exists already. Choose another name, or remove it first.")
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    try:
        draft.touch(mode=0o600, exist_ok=False)
        with draft.open("wb") as file:
            with _sealed(file, passphrase) as stream:
                rows, files = _write(stream, home)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return Summary(target, rows, files, target.stat().st_size)


@contextmanager
def _sealed(file: BinaryIO, passphrase: str | None) -> Iterator[BinaryIO]:
    if passphrase is None:
        yield file
        return
    writer = SealedWriter(file, passphrase)
    yield writer  # type: ignore[misc]  # it writes, which is all a stream of tar needs
    writer.close()


def _write(stream: BinaryIO, home: Home) -> tuple[int, int]:
    with tarfile.open(fileobj=stream, mode="w|") as archive, snapshot() as moment:
        manifest = _manifest(moment)
        _add(archive, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
        for secret in _secrets(home):
            _add(archive, SECRETS + secret.relative_to(home.secrets).as_posix(), secret.read_bytes())
        _add(archive, PRIVILEGES, moment.privileges().encode())
        for number, piece in enumerate(moment.dump()):
            _add(archive, f"{DATABASE}{number:08}", piece)
        files = sum(_add_file(archive, home.files, file) for file in sorted(home.files.rglob("*")))
        _add(archive, WHOLE, json.dumps({"files": files}).encode())
    return sum(manifest.tables.values()), files


def _secrets(home: Home) -> Iterator[Path]:
    """The keys to what is in the database, in folders too; without those that are just being written."""
    for secret in sorted(home.secrets.rglob("*")):
        is_draft = secret.name.startswith(".") or secret.suffix == ".draft"
        if secret.is_file() and not is_draft and secret.name not in SECRETS_THAT_STAY:
            yield secret


def _manifest(moment: Snapshot) -> Manifest:
    applied = MigrationRecorder(connections["owner"]).applied_migrations()
    return Manifest(
        format=FORMAT,
        rapport=version(),
        postgres=moment.connection.info.parameter_status("server_version") or "",
        made_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        migrations=sorted(applied),
        tables=moment.counts(),
    )


def version() -> str:
    return str(tomllib.loads(PROJECT.read_text())["project"]["version"])


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = len(content), 0o600, int(time.time())
    archive.addfile(entry, io.BytesIO(content))


def _add_file(archive: tarfile.TarFile, folder: Path, file: Path) -> bool:
    """False for what is no file, or was removed since it was listed."""
    if not file.is_file() or file.is_symlink():
        return False
    try:
        with file.open("rb") as content:
            entry = tarfile.TarInfo(FILES + file.relative_to(folder).as_posix())
            found = os.fstat(content.fileno())
            entry.size, entry.mode, entry.mtime = found.st_size, 0o600, int(found.st_mtime)
            archive.addfile(entry, content)
    except FileNotFoundError:
        return False
    return True
