"""`bin/bench`: measures a home of a million people over HTTP on 127.0.0.1 and shows the results as tables."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.bulk import bulk_import
from bench.cases import LEVELS, Case, cases
from bench.computed import computed
from bench.duplicates import duplicates
from bench.extras import export, idle_memory, journal, page_weight
from bench.filling import BenchFault, fill, home_for
from bench.filters import compare_filters, keep_compared, load_compared
from bench.gate import gate
from bench.measuring import keep_figures, load_figures, measure, say, warm_up
from bench.processes import Site, serving
from bench.report import report, write
from bench.runtime import runtime
from bench.sample import take_sample
from rapport.engine.runtime.home import Home
from rapport.engine.runtime.postgres import PostgresFailure, Server

FIGURES, EXTRAS, FILTERS = "bench-figures.json", "bench-extras.json", "bench-filters.json"
EXTRA_NAMES = ("weight", "memory", "journal", "bulk", "computed", "gate", "duplicates", "runtime", "filters")


def main() -> int:
    chosen = parse()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")
    home = home_for(chosen.people)
    try:
        with Server(home).running():
            run(home, chosen)
    except (BenchFault, PostgresFailure) as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000, help="how many the home has (default: %(default)s)")
    parser.add_argument("--clients", type=levels, default=None, metavar="1,4", help="default: 1,4,8,32")
    known = f"measure only cases whose name holds this, or one of {', '.join(EXTRA_NAMES)}; may be given again"
    parser.add_argument("--only", action="append", metavar="NAME", help=known)
    parser.add_argument("--write", action="store_true", help="write the tables into bench/README.md")
    return parser.parse_args()


def levels(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def run(home: Home, chosen: argparse.Namespace) -> None:
    """Fill, measure what was chosen, and show the newest figures of everything measured on this home."""
    import django

    django.setup()
    filling = fill(home, chosen.people)
    sample = take_sample()
    known = cases(sample)
    asked = chosen.only or ["", *EXTRA_NAMES]
    parts = [part for part in asked if part not in EXTRA_NAMES]
    wanted = [case for case in known if any(part in case.name for part in parts)]
    extras: dict[str, str] = {}
    with serving(home) as site:
        measure_all(home, site, wanted, chosen.clients or LEVELS)
        if "weight" in asked:
            extras |= page_weight(site.port, sample)
    if "memory" in asked:
        extras |= idle_memory(home)
    if "journal" in asked:
        extras |= journal()
    if "bulk" in asked:
        extras |= bulk_import(chosen.people) | export()
    if "computed" in asked:
        extras |= computed()
    if "gate" in asked:
        extras |= gate()
    if "duplicates" in asked:
        extras |= duplicates()
    if "runtime" in asked:
        extras |= runtime()
    if "filters" in asked:
        keep_compared(home.path / FILTERS, compare_filters(chosen.people))
    kept = keep_extras(home.path / EXTRAS, extras)
    compared = load_compared(home.path / FILTERS)
    text = report(known, load_figures(home.path / FIGURES), kept, filling, compared=compared)
    print(text)
    if chosen.write:
        write(text)


def measure_all(home: Home, site: Site, wanted: Sequence[Case], clients: Sequence[int]) -> None:
    """Figures are kept after each case, so that a run that is stopped has not been for nothing."""
    place = home.path / FIGURES
    figures = load_figures(place)
    for case in wanted:
        warm_up(site, case)
        for count in (one for one in clients if one in case.levels):
            figures[case.name, count] = one = measure(site, case, count)
            say(one)
        keep_figures(place, figures)


def keep_extras(place: Path, extras: dict[str, str]) -> dict[str, str]:
    """What is known of this home, the new over the old."""
    known: dict[str, str] = json.loads(place.read_text()) if place.exists() else {}
    known |= extras
    place.write_text(json.dumps(known, indent=1, ensure_ascii=False))
    return known


if __name__ == "__main__":
    sys.exit(main())
