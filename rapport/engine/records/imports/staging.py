"""Staging: a file of any size into a table, row by row, so that everything after it can be asked of the database."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from rapport.engine.files.models import StoredFile
from rapport.engine.files.store import path_of
from rapport.engine.records.folding import fold
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.reading.dialect import Dialect
from rapport.engine.records.imports.reading.source import read_rows
from rapport.engine.records.models import ImportPlan, ImportPortion, ImportProblem, ImportRow, ImportRun

SLICE = 10_000  # rows in one COPY
MOST_COLUMNS = 1_000
LONGEST_NAME = 200
COPY = "COPY import_row (run_id, n, cells) FROM STDIN"

Report = Callable[[int], None]


def stage(run: ImportRun, report: Report) -> None:
    """Read the file into the staging table, anew each time. Raises ImportRefused."""
    clear(run)
    dialect = Dialect.of(run.dialect)
    rows = read_rows(file_path(run), run.kind, dialect)
    header = next(rows, []) if dialect.header else []
    width, count = len(header), 0
    while chunk := list(islice(rows, SLICE)):
        width = max(width, *(len(row) for row in chunk))
        if width > MOST_COLUMNS:
            raise ImportRefused(_("The file has more than %(most)d columns.") % {"most": MOST_COLUMNS})
        _copy(run, chunk, count)
        count += len(chunk)
        report(count)
    run.header = column_names(header, width)
    run.signature = signature(run.header)
    run.rows = count
    run.save(update_fields=["header", "signature", "rows"])


def clear(run: ImportRun) -> None:
    """Forget what was staged and planned."""
    ImportPortion.objects.filter(run_id=run.pk).delete()
    ImportProblem.objects.filter(run_id=run.pk).delete()
    ImportPlan.objects.filter(run_id=run.pk).delete()
    ImportRow.objects.filter(run_id=run.pk).delete()


def file_path(run: ImportRun) -> Path:
    """Where the file lies. Raises ImportRefused when the store no longer has it."""
    sha256 = StoredFile.objects.filter(pk=run.file_id).values_list("sha256", flat=True).first()
    path = path_of(sha256) if sha256 else None
    if path is None or not path.exists():
        raise ImportRefused(_("The file is no longer kept. Send it again."))
    return path


def staged(run: ImportRun, *, after: int = 0, limit: int) -> list[tuple[int, list[str]]]:
    """Rows by number, from the one after `after` on."""
    rows = ImportRow.objects.filter(run_id=run.pk, n__gt=after).order_by("n").values_list("n", "cells")[:limit]
    return [(n, orjson.loads(cells)) for n, cells in rows]


def staged_rows(run: ImportRun, numbers: list[int]) -> list[tuple[int, list[str]]]:
    rows = ImportRow.objects.filter(run_id=run.pk, n__in=numbers).order_by("n").values_list("n", "cells")
    return [(n, orjson.loads(cells)) for n, cells in rows]


def staged_between(run: ImportRun, first: int, last: int, *, limit: int) -> Iterator[list[tuple[int, list[str]]]]:
    """Rows by number, in chunks. Both ends are named: without statistics the planner cannot tell how few they are."""
    for start in range(first, last + 1, limit):
        end = min(start + limit - 1, last)
        rows = ImportRow.objects.filter(run_id=run.pk, n__range=(start, end)).order_by("n")
        yield [(n, orjson.loads(cells)) for n, cells in rows.values_list("n", "cells")]


def set_cell(run: ImportRun, n: int, column: int, text: str) -> None:
    """Write another text into one cell of the staged row; the file stays as it was."""
    with transaction.atomic():
        row = ImportRow.objects.select_for_update().get(run_id=run.pk, n=n)
        cells = orjson.loads(row.cells)
        cells += [""] * (column + 1 - len(cells))
        cells[column] = text
        ImportRow.objects.filter(run_id=run.pk, n=n).update(cells=orjson.dumps(cells).decode())


def signature(header: list[str]) -> str:
    """What tells files of one source: their column names, whatever their case."""
    return hashlib.sha256("\n".join(fold(name) for name in header).encode()).hexdigest()


def column_names(header: list[str], width: int) -> list[str]:
    """A name for each column: those of the file, numbered where it gives none or the same twice."""
    names: list[str] = []
    for index in range(width):
        given = header[index] if index < len(header) else ""
        name = " ".join(given.replace("\0", "").split())[:LONGEST_NAME] or _("Column %(n)d") % {"n": index + 1}
        while name in names:
            name = f"{name[: LONGEST_NAME - 8]} ({index + 1})"
        names.append(name)
    return names


def _copy(run: ImportRun, chunk: list[list[str]], count: int) -> None:
    """One COPY. JSON text has no tabs and line ends of its own, so only its backslashes need one more."""
    key = str(run.pk)
    lines = []
    for n, row in enumerate(chunk, count + 1):
        cells = orjson.dumps([_storable(cell) for cell in row]).decode()
        lines.append(f"{key}\t{n}\t{cells.replace(chr(92), chr(92) * 2)}\n")
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write("".join(lines))


def _storable(cell: str) -> str:
    """PostgreSQL keeps no zero characters: they become the sign for what could not be read, which people see."""
    return cell.replace("\0", "\ufffd") if "\0" in cell else cell
