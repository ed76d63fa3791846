"""From values to places: round ticks that hold all values and zero, and where each value lies among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from rapport.engine.web.charts.model import Amount

NICE = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
DIGITS = 60  # sums of 40 digits are kept exact


def ticks(low: Amount, high: Amount, *, about: int = 5, whole: bool = False) -> list[Decimal]:
    """Round numbers in equal steps from at most `low` and zero to at least `high` and zero; around `about` of them."""
    with localcontext(prec=DIGITS):
        first, last = min(Decimal(low), Decimal(0)), max(Decimal(high), Decimal(0))
        if first == last:
            last = Decimal(1)
        step = _step((last - first) / about)
        if whole:
            step = max(step, Decimal(1))
        start, end = int(first // step), int(-(-last // step))
        # Division of decimals goes towards zero, so the ends are looked at once more.
        start -= start * step > first
        end += end * step < last
        return [number * step for number in range(start, end + 1)]


def _step(rough: Decimal) -> Decimal:
    """The smallest of 1, 2 and 5 times a power of ten that is not below."""
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * one for one in NICE if power * one >= rough)


@dataclass(frozen=True)
class Scale:
    """Values from the first to the last tick, drawn from `start` to `end` (px)."""

    ticks: Sequence[Decimal]
    start: float
    end: float

    def at(self, value: Amount) -> float:
        """Where a value lies, in px."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.start + float((Decimal(value) - low) / (high - low)) * (self.end - self.start)


def every(count: int, room: float, needed: float) -> int:
    """Of `count` labels side by side every which one fits: 1 for all of them."""
    step = 1
    while count and room / count * step < needed and step < count:
        step += 1
    return step
