"""Rows as spreadsheets and text editors put them on the clipboard: parted by tabs, else as CSV."""

import csv
import io
import re
from itertools import chain

from rapport.engine.records.imports.reading.dialect import Dialect, detect_dialect, reader

# A cell is quoted where a quote begins it and another one stands before a tab or a line's end; else quotes are text.
CELL = re.compile(r'"((?:[^"]|"")*)"(?=\t|\r\n?|\n|\Z)|([^\t\r\n]*)')
PARTED = re.compile(r"\t|\r\n?|\n|\Z")
# Sheets pad with spaces that do not break; nobody means them.
HARD_SPACES = re.compile("[\u00a0\u202f\u2007]")
INVISIBLE = re.compile("^[\ufeff\u200b]+")
PASTED = Dialect("utf-8", "\t", '"', "", header=True)


def rows_of(text: str) -> list[list[str]]:
    """The rows that hold something, without columns that are empty throughout at the end."""
    text = INVISIBLE.sub("", text)
    rows = tabbed(text) if "\t" in text else _separated(text)
    rows = [[HARD_SPACES.sub(" ", cell).strip() for cell in row] for row in rows]
    rows = [row for row in rows if any(row)]
    width = max(chain((_width(row) for row in rows), [0]))
    return [row[:width] for row in rows]


def tabbed(text: str) -> list[list[str]]:
    """Cells parted by tabs, rows by the ends of lines; in quotes a cell may hold both."""
    rows: list[list[str]] = [[]]
    at = 0
    while True:
        cell = CELL.match(text, at)
        assert cell is not None
        quoted = cell[1]
        rows[-1].append(quoted.replace('""', '"') if quoted is not None else cell[2])
        between = PARTED.match(text, cell.end())
        assert between is not None
        at = between.end()
        if not between[0]:
            return rows
        if between[0] != "\t":
            rows.append([])


def as_file(rows: list[list[str]]) -> bytes:
    """Rows as the file that an import reads by `PASTED`."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode("utf-8", "replace")


def _separated(text: str) -> list[list[str]]:
    """CSV, told from how well its lines line up; one column where they do not."""
    dialect = detect_dialect(text, "utf-8")
    try:
        rows = list(reader(io.StringIO(text, newline=""), dialect))
    except csv.Error:
        rows = []
    is_table = len(rows) > 0 and len({len(row) for row in rows if row}) == 1
    return rows if is_table else tabbed(text)


def _width(row: list[str]) -> int:
    return max((index + 1 for index, cell in enumerate(row) if cell), default=0)
