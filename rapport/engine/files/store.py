"""The store: contents under the hash of what they are, written once, whole, and never changed.

`files/ab/cd/<sha256>`; what is still arriving lies in `files/incoming`.
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from rapport.engine.files.archives import check_archive
from rapport.engine.files.errors import FileRefused, StoreFull, TooLarge
from rapport.engine.files.models.stored_file import PICTURES
from rapport.engine.files.pictures import check_picture
from rapport.engine.files.sniff import HEAD, UNKNOWN, ZIP, office_type, sniff
from rapport.engine.runtime.home import Home

MOST_BYTES = 100 * 1024 * 1024
PIECE = 256 * 1024
LONGEST_NAME = 200


class Readable(Protocol):
    """Anything with read: an upload, an open file, a mail's part."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Incoming:
    """A file that has wholly arrived and was looked at, but is not kept yet."""

    path: Path
    name: str
    size: int
    sha256: str
    content_type: str


@contextmanager
def receive(stream: Readable, *, name: str, most: int = MOST_BYTES) -> Iterator[Incoming]:
    """Take in a stream, before any transaction is open. What is not kept within the block is gone after it.

    Raises TooLarge, StoreFull or FileRefused.
    """
    folder = root() / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / secrets.token_hex(16)
    try:
        with _room_on_disk(), place.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            size, sha256, head = _copy(stream, file, most)
            file.flush()
            os.fsync(file.fileno())
        shown = clean_name(name)
        with place.open("rb") as file:
            yield Incoming(place, shown, size, sha256, _looked_at(file, sniff(head, shown)))
    finally:
        place.unlink(missing_ok=True)


def keep(incoming: Incoming) -> None:
    """Move a content to its place, in the transaction that writes its row; one that lies there already is used."""
    lock_content(incoming.sha256)
    place = path_of(incoming.sha256)
    if place.exists():
        # Younger than a day again, so that the sweep leaves it alone even if no row refers to it yet.
        os.utime(place)
        return
    with _room_on_disk():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming.path.rename(place)
        for folder in (place.parent, place.parent.parent, root()):
            _sync(folder)


def open_content(sha256: str) -> BinaryIO:
    """Read a content. Raises FileNotFoundError when the store has lost it."""
    return path_of(sha256).open("rb")


def path_of(sha256: str) -> Path:
    return root() / sha256[:2] / sha256[2:4] / sha256


def root() -> Path:
    return Home(settings.RAPPORT_HOME).files


def lock_content(sha256: str) -> None:
    """Until the end of the transaction nobody else keeps or sweeps this content."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(bytes.fromhex(sha256)[:8], signed=True)])


def clean_name(name: str) -> str:
    """A name as people know it: without folders, control characters or marks that turn its direction around."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    if len(shown) > LONGEST_NAME:
        stem, dot, ending = shown.rpartition(".")
        tail = f"{dot}{ending}" if stem and len(ending) <= 10 else ""
        shown = shown[: LONGEST_NAME - len(tail)] + tail
    return shown or _("file")


def _copy(stream: Readable, file: BinaryIO, most: int) -> tuple[int, str, bytes]:
    digest, size, head = hashlib.sha256(), 0, b""
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > most:
            raise TooLarge(_("The file is larger than %(most)s MB.") % {"most": most // 1024**2})
        head += piece[: max(HEAD - len(head), 0)]
        digest.update(piece)
        file.write(piece)
    return size, digest.hexdigest(), head


def _looked_at(file: BinaryIO, content_type: str) -> str:
    """The content type after a closer look. Raises TooLarge for a bomb."""
    if content_type in PICTURES:
        return content_type if check_picture(file, content_type) else UNKNOWN
    if content_type == ZIP:
        try:
            return office_type(check_archive(file))
        except TooLarge:
            raise
        except FileRefused:
            return UNKNOWN
    return content_type


@contextmanager
def _room_on_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StoreFull(_("There is no room left on the disk of this server. The file was not kept.")) from error


def _sync(folder: Path) -> None:
    """Have the disk know the names in a folder, not only the contents of its files."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
