"""What a chart shows: labels along one axis, and series with a mark for each of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Amount = Decimal | int


class Kind(StrEnum):
    """How values are drawn."""

    BARS = "bars"
    LINES = "lines"


@dataclass(frozen=True)
class Mark:
    """One value, None where there is none, and the address of what stands behind it."""

    value: Amount | None
    url: str = ""


@dataclass(frozen=True)
class Series:
    """Values that belong together, one for each label. `is_rest`: what the other series leave over."""

    name: str
    marks: Sequence[Mark]
    is_rest: bool = False


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Values to compare.

    `format` writes a value in full, `short` on an axis. `is_time`: the labels are stretches of time in a row, and
    `short_labels` what stands under them. `stacked`: the series are parts of a whole. `whole`: no value has decimals.
    """

    kind: Kind
    title: str
    about: str
    labels: Sequence[str]
    series: Sequence[Series]
    format: Callable[[Amount], str]
    short: Callable[[Amount], str]
    short_labels: Sequence[str] = ()
    is_time: bool = False
    stacked: bool = False
    whole: bool = False

    @property
    def is_stacked(self) -> bool:
        """Parts can only be put upon each other as bars, and where none of them is negative."""
        is_split = self.kind is Kind.BARS and len(self.series) > 1
        return self.stacked and is_split and all(value >= 0 for value in self.values)

    @property
    def values(self) -> list[Amount]:
        return [mark.value for one in self.series for mark in one.marks if mark.value is not None]

    @property
    def has_links(self) -> bool:
        return any(mark.url for one in self.series for mark in one.marks)

    def sum_at(self, index: int) -> Amount:
        """What the parts at a label come to."""
        return sum((one.marks[index].value or 0 for one in self.series), start=0)

    def extent(self) -> tuple[Amount, Amount]:
        """The lowest and the highest end of what is drawn; nothing is zero."""
        drawn = [self.sum_at(index) for index in range(len(self.labels))] if self.is_stacked else self.values
        return min(drawn, default=0), max(drawn, default=0)

    def words(self, series: Series, index: int) -> str:
        """A mark as a sentence reads it: `Lead, Fair: 12`."""
        value = series.marks[index].value
        name = f"{self.labels[index]}, {series.name}" if len(self.series) > 1 else self.labels[index]
        return f"{name}: {'—' if value is None else self.format(value)}"
