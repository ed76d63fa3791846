"""The dialect of a CSV file: delimiter, quote, escape, header, told from its first rows by how well they line up."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

DELIMITERS = (",", ";", "\t", "|")
QUOTES = ('"', "'")
SAMPLE_ROWS = 200
# Longer cells than this are rather a quote that nobody closed.
LONGEST_CELL = 500_000
VALUE = re.compile(r"^[+-]?[\d.,\s:/-]*\d[\d.,\s:/-]*%?$|@\S+\.\w|^https?://", re.ASCII)


@dataclass(frozen=True)
class Dialect:
    """How a text file is read. `escape` is empty where quotes are doubled."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    header: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Dialect":
        known = {name: value for name, value in stored.items() if name in cls.__dataclass_fields__}
        return cls(**known)


def detect_dialect(text: str, encoding: str) -> Dialect:
    """The dialect of the beginning of a text; `text` should end at a line's end if there is more of it."""
    escape = "\\" if '\\"' in text and '""' not in text.replace(',""', "").replace('"",', "") else ""
    best, score = Dialect(encoding, ",", '"', escape), 0.0
    for delimiter in DELIMITERS:
        for quote in QUOTES:
            one = Dialect(encoding, delimiter, quote, escape)
            found = _score(text, one)
            if found > score:
                best, score = one, found
    rows = _sample(text, best)
    return Dialect(encoding, best.delimiter, best.quote, escape, has_header(rows))


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: all of it filled and different, and no value among it."""
    if not rows:
        return True
    names = [cell.strip() for cell in rows[0]]
    filled = [name for name in names if name]
    if not filled or any(VALUE.search(name) for name in filled) or len(set(filled)) < len(filled):
        return False
    return len(filled) >= len(names) / 2


def reader(stream: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    """Rows of a text. Raises csv.Error where no quote closes a cell."""
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(
        stream,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape or None,
        doublequote=not dialect.escape,
        strict=False,
    )


def _sample(text: str, dialect: Dialect) -> list[list[str]]:
    rows = []
    try:
        for row in reader(io.StringIO(text, newline=""), dialect):
            if row:
                rows.append(row)
            if len(rows) >= SAMPLE_ROWS:
                break
    except csv.Error:
        return rows
    return rows


def _score(text: str, dialect: Dialect) -> float:
    """Rows of one width speak for a dialect, many columns a little more, quotes left in the cells against it."""
    rows = _sample(text, dialect)
    if not rows:
        return 0.0
    widths = Counter(len(row) for row in rows)
    width, count = widths.most_common(1)[0]
    if width < 2:
        return 0.01 * (1 - _stray(rows))
    steady = count / len(rows)
    return steady * steady * (1 - 1 / (width + 1)) * (1 - _stray(rows)) + _quoted(text, dialect) * 0.05


def _stray(rows: Sequence[Sequence[str]]) -> float:
    """The part of the cells with a quote that stands where none should, as when the true one was not known."""
    cells = [cell for row in rows for cell in row if cell]
    odd = sum(1 for cell in cells if _is_odd(cell.strip()))
    return min(odd / len(cells), 0.9) if cells else 0.0


def _is_odd(cell: str) -> bool:
    return any(
        (cell.startswith(quote) != cell.endswith(quote) and cell.count(quote) % 2 == 1)
        or (len(cell) > 1 and cell.startswith(quote) and cell.endswith(quote))
        for quote in ('"',)
    ) or (len(cell) > 1 and cell[0] == cell[-1] == "'")


def _quoted(text: str, dialect: Dialect) -> float:
    """Whether quotes of this kind stand beside delimiters of this kind."""
    pairs = text.count(dialect.delimiter + dialect.quote) + text.count(dialect.quote + dialect.delimiter)
    return min(pairs, 20) / 20
