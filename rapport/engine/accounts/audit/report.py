"""What an audit says: sections with counts, the rows behind them, and a verdict with what to do; to JSON and back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import IntEnum
from itertools import islice
from typing import Any, Literal

from rapport.engine.events.plain import plain

Kind = Literal["text", "number", "time"]
Cell = str | int | None
MOST_ROWS = 50


class Verdict(IntEnum):
    """How a section stands, from the best to the worst."""

    GOOD = 0
    LOOK = 1
    ACT = 2

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Column:
    """What the cells of a column say; times are ISO 8601."""

    label: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """The rows behind the counts, the first ones where there are many; `total` is their true number."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int

    @property
    def left_out(self) -> int:
        return self.total - len(self.rows)

    @property
    def telling(self) -> list[int]:
        """The places of the columns that say anything; the first one always stands."""
        says = (any(row[place] not in (None, "") for row in self.rows) for place in range(len(self.columns)))
        return [place for place, is_told in enumerate(says) if is_told or place == 0]


@dataclass(frozen=True)
class Count:
    """One number. `name` is permanent, for programs."""

    name: str
    label: str
    value: int


@dataclass(frozen=True)
class Section:
    """One thing that was looked at. `advice` is a sentence that says what to do, or that there is nothing to do."""

    name: str
    title: str
    verdict: Verdict
    advice: str
    counts: tuple[Count, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Verified:
    """How far the journal was proved: the last block of the seal and its head, none where something was altered."""

    seal: int = 0
    head: str = ""


UNPROVED = Verified()


@dataclass(frozen=True)
class Report:
    """An audit of what happened from `since` until `until`, and of how things stand at its end."""

    since: datetime
    until: datetime
    is_full: bool
    seconds: float
    sections: tuple[Section, ...]
    verified: Verified = UNPROVED

    @property
    def verdict(self) -> Verdict:
        return max((one.verdict for one in self.sections), default=Verdict.GOOD)

    def count_of(self, verdict: Verdict) -> int:
        """How many sections stand like this."""
        return sum(one.verdict is verdict for one in self.sections)


def table(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], total: int | None = None) -> Table:
    """A table of the first rows. Without a total, the rows are counted."""
    left = iter(rows)
    shown = tuple(tuple(row) for row in islice(left, MOST_ROWS))
    return Table(title, tuple(columns), shown, len(shown) + sum(1 for _row in left) if total is None else total)


def iso(moment: datetime | None) -> str | None:
    """A moment as a cell."""
    return None if moment is None else moment.isoformat()


def as_json(report: Report) -> dict[str, Any]:
    """What `from_json` reads; verdicts are words."""
    found: dict[str, Any] = plain(asdict(report))
    sections = [
        {**kept, "verdict": one.verdict.word} for kept, one in zip(found["sections"], report.sections, strict=True)
    ]
    return {**found, "verdict": report.verdict.word, "sections": sections}


def from_json(kept: Mapping[str, Any]) -> Report:
    """A report as it was kept."""
    return Report(
        datetime.fromisoformat(kept["since"]),
        datetime.fromisoformat(kept["until"]),
        kept["is_full"],
        float(kept["seconds"]),
        tuple(_section(one) for one in kept["sections"]),
        Verified(**kept["verified"]),
    )


def _section(kept: Mapping[str, Any]) -> Section:
    return Section(
        kept["name"],
        kept["title"],
        Verdict[kept["verdict"].upper()],
        kept["advice"],
        tuple(Count(**one) for one in kept["counts"]),
        tuple(_table(one) for one in kept["tables"]),
    )


def _table(kept: Mapping[str, Any]) -> Table:
    rows = tuple(tuple(row) for row in kept["rows"])
    return Table(kept["title"], tuple(Column(**one) for one in kept["columns"]), rows, kept["total"])
