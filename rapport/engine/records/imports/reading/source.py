"""A kept file as rows, by what it is."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from rapport.engine.files.sniff import HEAD, OFFICE, UNKNOWN, ZIP, sniff
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.reading.csvfile import detect, read_csv
from rapport.engine.records.imports.reading.dialect import Dialect, has_header
from rapport.engine.records.imports.reading.encoding import detect_encoding
from rapport.engine.records.imports.reading.vcard import read_vcards

KINDS = {f"{OFFICE}.spreadsheetml.sheet": "xlsx", "text/vcard": "vcard"}
NOT_TEXT = ("image/", "audio/", "video/")
NEVER = frozenset(
    {ZIP, "application/pdf", "application/gzip", "application/x-ole-storage", f"{OFFICE}.wordprocessingml.document"}
)


def kind_of(content_type: str, name: str, path: Path) -> str:
    """`csv`, `xlsx` or `vcard`. Raises ImportRefused for what holds no rows."""
    if content_type in KINDS:
        return KINDS[content_type]
    if content_type == UNKNOWN:
        with path.open("rb") as file:
            head = file.read(HEAD)
        # What looks like a picture and is none, or is mostly zeros, is no table either.
        content_type = "image/unknown" if sniff(head, "") != UNKNOWN or head.count(0) > len(head) / 10 else UNKNOWN
    if content_type in NEVER or content_type.startswith(NOT_TEXT):
        raise ImportRefused(
            _("“%(name)s” is no file that can be imported. Send CSV, TSV, XLSX or vCard.") % {"name": name[:80]}
        )
    return "vcard" if name.lower().endswith((".vcf", ".vcard")) and content_type != UNKNOWN else "csv"


def detect_reading(path: Path, kind: str, *, encoding: str = "") -> Dialect:
    """How a file is to be read."""
    if kind == "csv":
        return detect(path, encoding=encoding)
    if kind == "vcard":
        return Dialect(encoding=encoding or detect_encoding(path))
    rows = _workbook(path)
    return Dialect(header=has_header([row for row, _count in zip(rows, range(3), strict=False)]))


def read_rows(path: Path, kind: str, dialect: Dialect) -> Iterator[list[str]]:
    """All rows, the header's included where there is one."""
    if kind == "xlsx":
        return _workbook(path)
    if kind == "vcard":
        return read_vcards(path, dialect.encoding)
    return read_csv(path, dialect)


def _workbook(path: Path) -> Iterator[list[str]]:
    # Its library takes ten megabytes, which few processes ever need.
    from rapport.engine.records.imports.reading.xlsx import read_xlsx

    return read_xlsx(path)
