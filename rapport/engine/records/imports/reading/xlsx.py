"""XLSX as rows of texts: the first sheet, streamed; what a workbook says once for all of it comes from openpyxl."""

import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS

from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.reading.sheet import Cell, read_cells
from rapport.engine.records.imports.reading.strings import SharedStrings

MOST_UNPACKED = 16 * 1024**3  # bytes
FAULTS = (
    InvalidFileException, BadZipFile, ExpatError, zlib.error, EOFError,
    KeyError, ValueError, IndexError, OSError, RuntimeError, TypeError,
)  # fmt: skip


@dataclass(frozen=True)
class Book:
    """What cells need of their workbook: where the sheet is, its strings, which styles are dates, and from when."""

    archive: ZipFile
    sheet: str
    strings: SharedStrings
    dates: frozenset[int]
    spans: frozenset[int]
    epoch: datetime

    def text(self, cell: Cell) -> str:
        """A cell as a person would write it."""
        match cell.kind:
            case "s":
                return self.strings[int(cell.text)] if cell.text else ""
            case "b":
                return as_text(bool(int(cell.text)))
            case "n" if cell.text:
                return self._number(cell)
        return cell.text

    def _number(self, cell: Cell) -> str:
        number = float(cell.text) if set(cell.text) & set(".eE") else int(cell.text)
        if cell.style not in self.dates:
            return as_text(number)
        try:
            return as_text(from_excel(number, self.epoch, timedelta=cell.style in self.spans))
        except (OverflowError, ValueError):
            return as_text(number)


def read_xlsx(path: Path) -> Iterator[list[str]]:
    """Rows of the first sheet that hold something, cells as people would write them. Constant memory."""
    with warnings.catch_warnings():
        # Workbooks of other programs leave out styles that only matter to the eye.
        warnings.simplefilter("ignore")
        try:
            with path.open("rb") as file, ZipFile(file) as archive, SharedStrings() as strings:
                if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                    raise ImportRefused(_("This workbook is too large to be unpacked. Send it as CSV."))
                book = _open(path, archive, strings)
                for row in read_cells(archive, book.sheet):
                    if cells := _texts(book, row):
                        yield cells
        except FAULTS as error:
            raise ImportRefused(_("This workbook cannot be read: %(error)s") % {"error": error}) from error


def as_text(value: Any) -> str:
    """A cell's value as text: dates as 2026-03-14, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _open(path: Path, archive: ZipFile, strings: SharedStrings) -> Book:
    with path.open("rb") as file:
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        sheets = [rel.target for _sheet, rel in reader.parser.find_sheets() if "chartsheet" not in rel.Type]
        table = reader.package.find(SHARED_STRINGS)
        if table is not None:
            strings.read(archive, table.PartName[1:])
        book = reader.wb
        dates, spans = frozenset(book._date_formats), frozenset(book._timedelta_formats)
        return Book(archive, sheets[0], strings, dates, spans, book.epoch)


def _texts(book: Book, row: list[Cell]) -> list[str]:
    texts: list[str] = []
    for cell in row:
        text = book.text(cell)
        if text:
            texts += [""] * (cell.column - len(texts))
            texts[cell.column :] = [text]
    return texts
