"""Runs the cases against a site and keeps what came out."""

import json
import os
import random
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.cases import Case
from bench.client import Bounds, Connection, Tally, crowd
from bench.filling import BenchFault
from bench.processes import Cpu, Site

SECONDS = 8.0
WARM_UP = 16


@dataclass(frozen=True)
class Figure:
    """One case with so many clients. Latencies in ms, processor time in ms a request, `load` of the machine before."""

    case: str
    clients: int
    answered: int
    errors: dict[str, int]
    p50: float
    p95: float
    p99: float
    a_second: float
    application: float
    database: float
    load: float
    at: str


def measure(site: Site, case: Case, clients: int) -> Figure:
    load, before = os.getloadavg()[0], site.cpu()
    bounds = Bounds(case.requests, SECONDS)
    tally = crowd(site.port, case.make, case.expected, clients=clients, bounds=bounds)
    return figure(case, clients, tally, site.cpu() - before, load)


def warm_up(site: Site, case: Case) -> None:
    """Plans are cached a connection, so each of the threads gets its share. Raises BenchFault at a wrong answer."""
    connection, chance = Connection(site.port), random.Random(1)
    for _index in range(1 if case.requests < WARM_UP else WARM_UP):
        answer = connection.ask(case.make(chance))
        if answer.status not in case.expected:
            words = answer.body[:500].decode(errors="replace")
            raise BenchFault(f"{case.name}: answered {answer.status}, expected {case.expected}.\n{words}")
    connection.close()


def figure(case: Case, clients: int, tally: Tally, cpu: Cpu, load: float) -> Figure:
    answered = len(tally.latencies)
    asked = max(answered + sum(tally.errors.values()), 1)
    p50, p95, p99 = percentiles(tally.latencies)
    return Figure(
        case=case.name,
        clients=clients,
        answered=answered,
        errors=tally.errors,
        p50=p50,
        p95=p95,
        p99=p99,
        a_second=answered / tally.seconds,
        application=cpu.application * 1000 / asked,
        database=cpu.database * 1000 / asked,
        load=load,
        at=datetime.now(UTC).isoformat(timespec="minutes"),
    )


def percentiles(latencies: Sequence[float]) -> tuple[float, float, float]:
    if len(latencies) < 2:
        only = latencies[0] if latencies else float("nan")
        return only, only, only
    cuts = statistics.quantiles(latencies, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def say(one: Figure) -> None:
    words = (
        f"{one.case:28} {one.clients:3} clients  p50 {one.p50:7.1f}  p95 {one.p95:7.1f}  p99 {one.p99:7.1f} ms  "
        f"{one.a_second:7.1f}/s  CPU {one.application:6.2f} + {one.database:6.2f} ms  {one.errors or ''}"
    )
    print(words, file=sys.stderr, flush=True)


def load_figures(place: Path) -> dict[tuple[str, int], Figure]:
    """The newest figure of each case and level, of all runs on this home."""
    try:
        kept = json.loads(place.read_text())
    except FileNotFoundError:
        return {}
    return {(one["case"], one["clients"]): Figure(**one) for one in kept}


def keep_figures(place: Path, figures: dict[tuple[str, int], Figure]) -> None:
    place.write_text(json.dumps([asdict(one) for one in figures.values()], indent=1))
