"""CSV and TSV as rows."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.reading.dialect import Dialect, detect_dialect, reader
from rapport.engine.records.imports.reading.encoding import detect_encoding

SAMPLE = 128 * 1024  # characters


def detect(path: Path, *, encoding: str = "") -> Dialect:
    """Encoding and dialect of a file, from its beginning."""
    encoding = encoding or detect_encoding(path)
    with _open(path, encoding) as stream:
        text = stream.read(SAMPLE)
    whole = len(text) < SAMPLE
    return detect_dialect(text if whole else text[: text.rfind("\n") + 1] or text, encoding)


def read_csv(path: Path, dialect: Dialect) -> Iterator[list[str]]:
    """Rows that hold something. Raises ImportRefused that names the line where a cell does not end."""
    with _open(path, dialect.encoding) as stream:
        rows = reader(stream, dialect)
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                line = getattr(rows, "line_num", 0)
                raise ImportRefused(
                    _("Line %(line)d cannot be read: %(error)s. A quote may be missing, or another quote be meant.")
                    % {"line": line, "error": error}
                ) from error
            if any(row):
                yield row


def _open(path: Path, encoding: str) -> io.TextIOWrapper:
    # A mark at the beginning is no part of the first name.
    return path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline="")
