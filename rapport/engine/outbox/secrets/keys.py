"""The key ring: one file of 32 random bytes for each key in `secrets/keys`; the newest one seals, all of them open."""

import os
import secrets
import time
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from rapport.engine.runtime.home import Home

ID_BYTES = 8  # six of them the time in milliseconds, so that names sort by age
SUFFIX = ".key"


class KeyMissing(Exception):
    """A value was sealed with a key that is not in the ring."""


@dataclass(frozen=True, repr=False)
class Key:
    """A key with its name; never shown."""

    id: bytes
    secret: bytes

    def __repr__(self) -> str:
        return f"<key {self.id.hex()}>"

    @property
    def made_at(self) -> datetime:
        return made_at(self.id)


_read: dict[tuple[Path, bytes], Key] = {}


def folder() -> Path:
    return Home(settings.RAPPORT_HOME).secrets / "keys"


def made_at(key_id: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(key_id[:6]) / 1000, UTC)


def key_ids() -> list[bytes]:
    """All keys, the oldest first."""
    try:
        names = os.listdir(folder())
    except FileNotFoundError:
        return []
    return sorted(bytes.fromhex(name.removesuffix(SUFFIX)) for name in names if name.endswith(SUFFIX))


def newest_key() -> Key:
    """The key that seals. Looked up each time, so that every process takes to a new key at once."""
    ids = key_ids()
    return find_key(ids[-1]) if ids else make_key()


def find_key(key_id: bytes) -> Key:
    place = folder() / f"{key_id.hex()}{SUFFIX}"
    if (place, key_id) not in _read:
        try:
            _read[place, key_id] = Key(key_id, b64decode(place.read_bytes(), validate=True))
        except FileNotFoundError as error:
            words = _("The key %(id)s is missing. Put back the folder %(folder)s from a backup.")
            raise KeyMissing(words % {"id": key_id.hex(), "folder": folder()}) from error
    return _read[place, key_id]


def make_key() -> Key:
    """Write a new key, which seals from now on."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    ids = key_ids()
    last = int.from_bytes(ids[-1][:6]) if ids else 0
    key_id = max(time.time_ns() // 1_000_000, last + 1).to_bytes(6) + secrets.token_bytes(ID_BYTES - 6)
    _write(folder() / f"{key_id.hex()}{SUFFIX}", b64encode(secrets.token_bytes(32)))
    return find_key(key_id)


def drop_key(key_id: bytes) -> None:
    """Destroy a key. What was sealed with it can never be read again."""
    place = folder() / f"{key_id.hex()}{SUFFIX}"
    place.unlink(missing_ok=True)
    _read.pop((place, key_id), None)


def _write(place: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before anything is sealed with it."""
    draft = place.with_suffix(f".{os.getpid()}.draft")
    with suppress(FileNotFoundError):
        draft.unlink()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(place)
    directory = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
