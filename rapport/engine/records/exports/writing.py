"""Rows of texts as CSV, XLSX or vCard, in pieces as they come."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rapport.engine.records.imports.cells import neutral

PIECE = 256 * 1024
LONGEST_CELL = 32_767  # characters, the format's own limit
FOLD_AT = 75


def as_csv(header: Sequence[str], chunks: Iterable[Sequence[Sequence[str]]]) -> Iterator[bytes]:
    """UTF-8 with a mark, so that spreadsheets read the letters right."""
    yield "\ufeff".encode()
    yield _lines([header])
    for rows in chunks:
        yield _lines([[neutral(cell) for cell in row] for row in rows])


def as_xlsx(header: Sequence[str], chunks: Iterable[Sequence[Sequence[str]]]) -> Iterator[bytes]:
    """A workbook, written to disk row by row and then sent in pieces."""
    # Six megabytes that few processes ever need.
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Rapport")
    sheet.append(list(header))
    for rows in chunks:
        for row in rows:
            sheet.append([ILLEGAL_CHARACTERS_RE.sub("\ufffd", neutral(cell))[:LONGEST_CELL] for cell in row])
    with TemporaryDirectory(prefix="rapport-export-") as folder:
        path = Path(folder) / "export.xlsx"
        book.save(path)
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def as_vcards(chunks: Iterable[Sequence[Mapping[str, Any]]]) -> Iterator[bytes]:
    """vCard 4.0 of people, as far as a card can say it."""
    for rows in chunks:
        yield "".join(_card(row) for row in rows).encode()


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _card(row: Mapping[str, Any]) -> str:
    names = [_plain(row.get(part)) for part in ("last_name", "first_name")]
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"UID:urn:uuid:{row['id']}", f"FN:{_plain(row.get('name'))}"]
    lines.append(f"N:{names[0]};{names[1]};;{_plain(row.get('salutation'))};")
    for one in row.get("emails") or []:
        lines.append(f"EMAIL{_type(one)}:{_plain(one['email'])}")
    for one in row.get("phones") or []:
        lines.append(f"TEL;VALUE=uri{_type(one)}:tel:{one['phone']}")
    for one in row.get("addresses") or []:
        parts = ";".join(_plain(one.get(part)) for part in ("street", "city", "region", "postcode", "country"))
        lines.append(f"ADR{_type(one)}:;;{parts}")
    lines += [f"ORG:{_plain(row['company'])}"] if row.get("company") else []
    lines += [f"BDAY:{row['birthday'].strftime('%Y%m%d')}"] if row.get("birthday") else []
    lines += [f"CATEGORIES:{','.join(_plain(tag) for tag in row['tags'])}"] if row.get("tags") else []
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def _type(entry: Mapping[str, Any]) -> str:
    kind = {"mobile": "cell"}.get(entry.get("kind") or "", entry.get("kind") or "")
    kind = re.sub(r"[^A-Za-z0-9-]", "", kind)
    return (f";TYPE={kind}" if kind else "") + (";PREF=1" if entry.get("primary") else "")


def _plain(value: Any) -> str:
    text = str(value or "").replace("\\", "\\\\").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    return "\r\n ".join(line[start : start + FOLD_AT] for start in range(0, len(line), FOLD_AT)) or line
