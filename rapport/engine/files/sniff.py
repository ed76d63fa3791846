"""What a file is, told from its first bytes; its name is only believed where bytes cannot tell."""

from collections.abc import Iterable
from pathlib import PurePath

HEAD = 4096  # bytes that telling needs
UNKNOWN = "application/octet-stream"
ZIP = "application/zip"
OFFICE = "application/vnd.openxmlformats-officedocument"

MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", ZIP),
    (0, b"PK\x05\x06", ZIP),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (4, b"ftyp", "video/mp4"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"{\\rtf", "application/rtf"),
)
MARKUP: tuple[tuple[str, str], ...] = (
    ("<svg", "image/svg+xml"),
    ("<!doctype html", "text/html"),
    ("<html", "text/html"),
    ("<head", "text/html"),
    ("<body", "text/html"),
    ("<script", "text/html"),
    ("<iframe", "text/html"),
    ("<?xml", "application/xml"),
)
TEXTS = {"begin:vcard": "text/vcard", "begin:vcalendar": "text/calendar"}
BY_NAME = {".csv": "text/csv", ".tsv": "text/tab-separated-values", ".md": "text/markdown"}
# Bytes that texts hardly hold.
CONTROLS = bytes({*range(9), *range(14, 32), 127} - {27})
# What may be said to a browser; everything else is bytes and nothing more.
SAYABLE = frozenset(
    {kind for _offset, _magic, kind in MAGIC}
    | {*TEXTS.values(), *BY_NAME.values(), "text/plain"}
    | {
        f"{OFFICE}.{part}"
        for part in ("spreadsheetml.sheet", "wordprocessingml.document", "presentationml.presentation")
    }
)


def sniff(head: bytes, name: str) -> str:
    """The content type of a file, from its first HEAD bytes."""
    for offset, magic, kind in MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return kind
    text = _as_text(head)
    if text is None:
        return UNKNOWN
    lowered = text.lstrip("\ufeff \t\r\n").lower()
    for mark, kind in MARKUP:
        if lowered.startswith("<") and mark in lowered:
            return kind
    for start, kind in TEXTS.items():
        if lowered.startswith(start):
            return kind
    return BY_NAME.get(PurePath(name).suffix.lower(), "text/plain")


def office_type(members: Iterable[str]) -> str:
    """What a ZIP archive is, from the names in it."""
    names = set(members)
    if "[Content_Types].xml" in names:
        for folder, part in (
            ("xl/", "spreadsheetml.sheet"),
            ("word/", "wordprocessingml.document"),
            ("ppt/", "presentationml.presentation"),
        ):
            if any(name.startswith(folder) for name in names):
                return f"{OFFICE}.{part}"
    return ZIP


def _as_text(head: bytes) -> str | None:
    """The bytes as text in the encodings that files come in, None if they are none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    if len(head.translate(None, CONTROLS)) < len(head) * 0.99:
        return None
    try:
        # A letter may be cut in two at the end of the head.
        return head.decode() if len(head) < HEAD else head[: HEAD - 4].decode(errors="ignore")
    except UnicodeDecodeError:
        return head.decode("cp1252", errors="replace")
