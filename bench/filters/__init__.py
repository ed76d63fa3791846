"""The filter language beside SQL written by hand for the same questions, on people with ten million journal rows."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from bench.filling import BenchFault
from bench.filters.asking import LIMIT, Compared

HEAD = ("filter", "found", "page, ms", "by hand", "ratio", "count, ms", "by hand", "ratio")


def compare_filters(people: int) -> list[Compared]:
    """The figures, measured by a process of its own in a home of its own."""
    arguments = [sys.executable, "-m", "bench.filters", "--people", str(people)]
    done = subprocess.run(arguments, check=False, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    if done.returncode:
        raise BenchFault("The filters were not measured; why stands above.")
    return [Compared(**one) for one in json.loads(done.stdout)]


def keep_compared(place: Path, found: Sequence[Compared]) -> None:
    place.write_text(json.dumps([asdict(one) for one in found], indent=1, ensure_ascii=False))


def load_compared(place: Path) -> list[Compared]:
    return [Compared(**one) for one in json.loads(place.read_text())] if place.exists() else []


def filters_table(found: Sequence[Compared]) -> list[list[str]]:
    """A row for each filter, and the middle of their ratios."""
    rows = []
    for one in found:
        pairs = [*_pair(one.page, one.page_by_hand), *_pair(one.count, one.count_by_hand)]
        rows.append([f"`{one.filter}`", f"{one.found:,}", *pairs])
    page = median(one.page / one.page_by_hand for one in found)
    count = median(one.count / one.count_by_hand for one in found)
    return [*rows, ["**median of the ratios**", "", "", "", f"**{page:.2f}**", "", "", f"**{count:.2f}**"]]


def _pair(ours: float, by_hand: float) -> list[str]:
    late = LIMIT * 1000
    said = [f"> {late:,.0f}" if taken >= late else f"{taken:,.1f}" for taken in (ours, by_hand)]
    return [*said, f"{ours / by_hand:.2f}"]
