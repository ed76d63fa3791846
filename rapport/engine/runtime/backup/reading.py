"""Restores a backup into an empty home, and proves that everything arrived."""

import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.db.migrations.loader import MigrationLoader

from rapport.engine.runtime.backup import loading
from rapport.engine.runtime.backup.address import current_counts
from rapport.engine.runtime.backup.fault import BackupFault
from rapport.engine.runtime.backup.hooks import run_hooks
from rapport.engine.runtime.backup.sealing import SealedReader, is_sealed
from rapport.engine.runtime.backup.writing import (
    DATABASE,
    FILES,
    FORMAT,
    MANIFEST,
    PRIVILEGES,
    SECRETS,
    WHOLE,
    Manifest,
    Summary,
)
from rapport.engine.runtime.home import Home
from rapport.engine.runtime.migrating import has_unapplied_migrations, migrate

COPY_SIZE = 1024 * 1024


def restore(home: Home, source: Path, *, ask_passphrase: Callable[[], str], say: Callable[[str], None]) -> Summary:
    """Fill an empty home from a backup, and bring it up to this version. On failure the home is as empty as before.

    Raises BackupFault for a home that holds data, a wrong passphrase, a damaged or foreign file, and for missing rows.
    """
    done = fill(home, source, ask_passphrase=ask_passphrase)
    if has_unapplied_migrations():
        say("The backup is of an earlier version; the data is brought up to this one.")
        migrate()
    for words in run_hooks():
        say(words)
    return done


def fill(home: Home, source: Path, *, ask_passphrase: Callable[[], str]) -> Summary:
    """Put everything of a backup into an empty home, in the tables of the version that wrote it."""
    demand_empty(home)
    with source.open("rb") as file:
        stream = SealedReader(file, ask_passphrase()) if is_sealed(file) else file
        try:
            manifest, files, secrets = _read(stream, home)  # type: ignore[arg-type]  # both read, which is enough
            arrived = current_counts()
            if arrived != manifest.tables:
                raise BackupFault(f"Not every row arrived: {_differences(manifest.tables, arrived)}.")
        except BaseException:
            _take_back(home)
            raise
    for name, content in secrets.items():
        _put_secret(home.secrets / name, content)
    return Summary(source, sum(manifest.tables.values()), files, source.stat().st_size)


def demand_empty(home: Home) -> None:
    if current_counts() or any(home.files.iterdir()):
        raise BackupFault(
            f"{home.path} holds data already. Restore into another: RAPPORT_HOME=/path/to/new bin/rapport restore …"
        )


def _read(stream: BinaryIO, home: Home) -> tuple[Manifest, int, dict[PurePosixPath, bytes]]:
    """Members come in the order in which they were written, so one pass is enough."""
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            members = Members(archive)
            manifest = _checked(json.loads(members.content_of(MANIFEST)))
            secrets = {_inside(name): content for name, content in members.contents_under(SECRETS)}
            privileges = members.content_of(PRIVILEGES).decode()
            loading.load((piece for _, piece in members.contents_under(DATABASE)), privileges)
            files = sum(_put_file(home.files, name, content) for name, content in members.files_under(FILES))
            if json.loads(members.content_of(WHOLE))["files"] != files:
                raise BackupFault("Not every file arrived.")
    except (tarfile.TarError, EOFError, KeyError, TypeError, ValueError) as failure:
        raise BackupFault(f"This is no backup of Rapport, or it is damaged: {failure}") from failure
    return manifest, files, secrets


class Members:
    """The archive's members one after the other, with a look at the next."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self._next = archive.next()

    def content_of(self, name: str) -> bytes:
        if self._next is None or self._next.name != name:
            found = self._next.name if self._next else "its end"
            raise BackupFault(f"The backup is damaged or shortened: {name} should follow, but {found} does.")
        content = self._content(self._next).read()
        self._next = self._archive.next()
        return content

    def contents_under(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        for name, content in self.files_under(prefix):
            yield name, content.read()

    def files_under(self, prefix: str) -> Iterator[tuple[str, BinaryIO]]:
        while self._next is not None and self._next.name.startswith(prefix):
            name = self._next.name.removeprefix(prefix)
            yield name, self._content(self._next)
            self._next = self._archive.next()

    def _content(self, member: tarfile.TarInfo) -> BinaryIO:
        content = self._archive.extractfile(member) if member.isreg() else None
        if content is None:
            raise BackupFault(f"The backup holds something that is no file: {member.name}.")
        return content  # type: ignore[return-value]  # a reader of bytes


def _checked(found: dict[str, object]) -> Manifest:
    if found.get("format") != FORMAT:
        raise BackupFault("The backup was made by another version of Rapport whose files this one cannot read.")
    manifest = Manifest(**found)  # type: ignore[arg-type]  # wrong names raise TypeError, which the caller tells
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    newer = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if newer:
        raise BackupFault(
            f"The backup was made by Rapport {manifest.rapport}, which is newer than this one "
            f"(it knows {newer[0]}). Restore it with that version or a later one."
        )
    return manifest


def _put_file(folder: Path, name: str, content: BinaryIO) -> bool:
    target = folder / _inside(name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as file:
        shutil.copyfileobj(content, file, COPY_SIZE)
    target.chmod(0o600)
    return True


def _put_secret(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}.draft")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    draft.replace(target)


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise BackupFault(f"The backup names a file outside its folder: {name}.")
    return path


def _take_back(home: Home) -> None:
    loading.clear()
    for entry in home.files.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _differences(expected: dict[str, int], arrived: dict[str, int]) -> str:
    tables = sorted(expected.keys() | arrived.keys())
    wrong = [table for table in tables if expected.get(table) != arrived.get(table)]
    return ", ".join(f"{table} has {arrived.get(table, 0)} of {expected.get(table, 0)}" for table in wrong[:5])
