"""In which encoding a text file is: told from its mark, from being valid UTF-8 as a whole, or from its letters."""

import codecs
import re
from pathlib import Path

PIECE = 1024 * 1024
# What a person may choose where the guess is wrong: Python's name → how people know it.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Western (Windows-1252)",
    "iso-8859-15": "Western (ISO 8859-15)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "mac_roman": "Western (Macintosh)",
    "cp437": "DOS (437)",
    "shift_jis": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
}
HIGH_RUN = re.compile(rb"[\x80-\xff]+")
UNDEFINED_IN_WESTERN = frozenset(b"\x81\x8d\x8f\x90\x9d")


def detect_encoding(path: Path) -> str:
    """The encoding of a text file, of those in ENCODINGS."""
    with path.open("rb") as file:
        head = file.read(PIECE)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _is_utf8(path):
        return "utf-8"
    return _eight_bit(head)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _eight_bit(head: bytes) -> str:
    """Letters of an alphabet of its own stand in long runs of high bytes, accents of a Latin one alone."""
    runs = [len(run) for run in HIGH_RUN.findall(head)]
    long_runs = sum(runs) / len(runs) >= 3 if runs else False
    if long_runs:
        for encoding in ("shift_jis", "gb18030"):
            if (
                _decodes(head, encoding)
                and encoding == "shift_jis"
                and head.count(b"\x83") + head.count(b"\x82") > len(head) / 50
            ):
                return encoding
        return "cp1251"
    return "iso-8859-15" if UNDEFINED_IN_WESTERN & set(head) else "cp1252"


def _decodes(head: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(head)
    except UnicodeDecodeError:
        return False
    return True
