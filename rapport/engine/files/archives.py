"""Archives that unpack to more than they should are refused before anything is unpacked: ZIP, and with it XLSX."""

import struct
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from rapport.engine.files.errors import FileRefused, TooLarge

END = b"PK\x05\x06"
END_SIZE = 22
LONGEST_COMMENT = 65_535
END_64 = b"PK\x06\x06"
LOCATOR_64 = b"PK\x06\x07"
FULL = 0xFFFFFFFF


@dataclass(frozen=True)
class ArchiveLimits:
    """Bounds of an archive. `ratio` counts once it unpacks to more than `small` bytes."""

    members: int = 10_000
    unpacked: int = 2 * 1024**3
    ratio: int = 100
    small: int = 10 * 1024**2
    directory: int = 8 * 1024**2


USUAL = ArchiveLimits()


def check_archive(file: BinaryIO, limits: ArchiveLimits = USUAL) -> list[str]:
    """The names in a ZIP archive. Raises TooLarge for a bomb, FileRefused for what is no whole archive.

    The size of the directory is looked at before it is read, the sizes in it before anything is unpacked.
    """
    _check_directory(file, limits)
    try:
        members = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileRefused(_("The archive is damaged: %(error)s") % {"error": error}) from error
    if len(members) > limits.members:
        raise _bomb()
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked or (unpacked > limits.small and unpacked > packed * limits.ratio):
        raise _bomb()
    _check_overlap(members)
    return [member.filename for member in members]


def _check_overlap(members: list[zipfile.ZipInfo]) -> None:
    """Members that share their bytes unpack to far more than the file could hold."""
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.header_offset < end:
            raise _bomb()
        end = member.header_offset + member.compress_size


def _check_directory(file: BinaryIO, limits: ArchiveLimits) -> None:
    size = file.seek(0, 2)
    start = max(size - END_SIZE - LONGEST_COMMENT, 0)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE:
        raise FileRefused(_("The archive is damaged: its end is missing."))
    members, directory = struct.unpack("<10xHI", tail[at : at + 16])
    if directory == FULL or members == 0xFFFF:
        members, directory = _check_directory_64(file, start + at)
    if directory > limits.directory or members > limits.members:
        raise _bomb()


def _check_directory_64(file: BinaryIO, end: int) -> tuple[int, int]:
    """Members and size of the directory of an archive in the large format."""
    damaged = FileRefused(_("The archive is damaged: its end is missing."))
    if end < 20:
        raise damaged
    file.seek(end - 20)
    mark, place = struct.unpack("<4s4xQ4x", file.read(20))
    if mark != LOCATOR_64 or place > end:
        raise damaged
    file.seek(place)
    record = file.read(56)
    if len(record) < 56 or not record.startswith(END_64):
        raise damaged
    members, directory = struct.unpack("<32xQQ8x", record)
    return members, directory


def _bomb() -> TooLarge:
    return TooLarge(_("The archive unpacks to far more than it seems and is not opened."))
