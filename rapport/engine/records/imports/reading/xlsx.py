"""XLSX as rows of texts: the first sheet, streamed."""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from rapport.engine.records.imports.errors import ImportRefused

MOST_COLUMNS = 1_000


def read_xlsx(path: Path) -> Iterator[list[str]]:
    """Rows of the first sheet that hold something, cells as people would write them."""
    with path.open("rb") as file, warnings.catch_warnings():
        # Workbooks of other programs leave out styles that only matter to the eye.
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
                cells = [as_text(value) for value in row]
                while cells and not cells[-1]:
                    cells.pop()
                if cells:
                    yield cells
            book.close()
        except (InvalidFileException, BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
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
