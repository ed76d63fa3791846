"""How large a picture is, read from its header without unpacking it."""

import struct
from typing import BinaryIO

from django.utils.translation import gettext as _

from rapport.engine.files.errors import TooLarge

MOST_PIXELS = 50_000_000
STANDALONE = {0x01, *range(0xD0, 0xD9)}
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def check_picture(file: BinaryIO, content_type: str) -> bool:
    """Whether this is a picture whose size can be told. Raises TooLarge for more than 50 megapixels."""
    try:
        size = READERS[content_type](file)
    except (struct.error, IndexError):
        return False
    if size is None or 0 in size:
        return False
    width, height = size
    if width * height > MOST_PIXELS:
        words = _("The picture has %(width)s × %(height)s pixels; at most 50 million are taken.")
        raise TooLarge(words % {"width": width, "height": height})
    return True


def _png(file: BinaryIO) -> tuple[int, int] | None:
    file.seek(12)
    kind, width, height = struct.unpack(">4sII", file.read(12))
    return (width, height) if kind == b"IHDR" else None


def _gif(file: BinaryIO) -> tuple[int, int]:
    file.seek(6)
    width, height = struct.unpack("<HH", file.read(4))
    return width, height


def _jpeg(file: BinaryIO) -> tuple[int, int] | None:
    """Walk from marker to marker until the one that describes the frame."""
    file.seek(2)
    while True:
        start = file.read(1)
        if start != b"\xff":
            return None
        marker = b"\xff"
        while marker == b"\xff":
            marker = file.read(1)
        code = marker[0]
        if code in STANDALONE:
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if code in FRAMES:
            _precision, height, width = struct.unpack(">BHH", file.read(5))
            return width, height
        if code == 0xDA or length < 2:
            return None
        file.seek(length - 2, 1)


def _webp(file: BinaryIO) -> tuple[int, int] | None:
    file.seek(12)
    kind = file.read(4)
    file.seek(4, 1)
    if kind == b"VP8X":
        data = file.read(10)
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(file.read(5)[1:], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", file.read(10)[6:])
        return width & 0x3FFF, height & 0x3FFF
    return None


READERS = {"image/png": _png, "image/gif": _gif, "image/jpeg": _jpeg, "image/webp": _webp}
