"""Rows that were refused, as a CSV with the reasons, that can be mended and fed back."""

import csv
import io
from collections.abc import Iterator

from rapport.engine.records.imports.cells import neutral
from rapport.engine.records.imports.guessing import REASON
from rapport.engine.records.imports.problems import problems_of
from rapport.engine.records.imports.staging import staged_rows
from rapport.engine.records.models import ImportProblem, ImportRun

CHUNK = 1_000


def refused_rows(run: ImportRun) -> Iterator[str]:
    """CSV text in pieces: the file's own columns, and the reason last."""
    yield _lines([[*run.header, REASON]])
    last = 0
    while numbers := _numbers(run, last):
        reasons = problems_of(run, numbers)
        yield _lines(
            [*(neutral(cell) for cell in _padded(cells, len(run.header))), neutral(_reason(run, reasons[n]))]
            for n, cells in staged_rows(run, numbers)
        )
        last = numbers[-1]


def refused_count(run: ImportRun) -> int:
    count: int = ImportProblem.objects.filter(run_id=run.pk).values("n").distinct().count()
    return count


def _numbers(run: ImportRun, after: int) -> list[int]:
    rows = ImportProblem.objects.filter(run_id=run.pk, n__gt=after).order_by("n").values_list("n", flat=True)
    return list(rows.distinct()[:CHUNK])


def _reason(run: ImportRun, problems: list[ImportProblem]) -> str:
    return " ".join(
        f"{run.header[one.col]}: {one.message}" if 0 <= one.col < len(run.header) else one.message for one in problems
    )


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def _lines(rows: "Iterator[list[str]] | list[list[str]]") -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
