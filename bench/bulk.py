"""Importing a large file through the whole product, beside COPY of the same final rows into the same tables.

`python -m bench.bulk --people 20000` in an empty home of its own, which is removed afterwards.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from bench.copying import TABLES, copy_again
from bench.filling import CACHE, BenchFault
from bench.processes import family_time, memory, postmaster, running
from rapport.engine.runtime.children import FRUGAL, command
from rapport.engine.runtime.home import Home

LOOK = 0.05  # seconds between two looks at the run
WEIGH = 0.5  # seconds between two looks at the memory
STEPS = {
    "": "starting", "stage": "staging", "staged": "checking", "check": "checking",
    "checked": "writing", "run": "writing", "done": "following",
}  # fmt: skip
ALONE = ("staging", "checking", "writing")
CHOICES = ["--mode", "upsert", "--match", "email", "--create-missing", "--yes"]


@dataclass
class Watched:
    """What was seen while a file went in: seconds of each step, peak memory in MiB, processor seconds."""

    seconds: dict[str, float] = field(default_factory=dict)
    memory: float = 0.0
    application: float = 0.0
    database: float = 0.0

    @property
    def total(self) -> float:
        """Seconds from the first row that was staged until search knew everybody."""
        return sum(taken for step, taken in self.seconds.items() if step != "starting")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.bulk", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000, help="how many to import (default: %(default)s)")
    count = parser.parse_args().people
    with own_home() as home, TemporaryDirectory(prefix="rapport-bulk-", dir=home.path) as name:
        place = Path(name)
        with running(["up", "--empty"]) as (process, _port):
            import django

            django.setup()
            from bench.people_file import write_people

            write_people(place / "people.csv", count)
            watched = watch(home, psutil.Process(process.pid), place / "people.csv")
            demand_all(count)
            copied = copy_again(TABLES, place)
    print(json.dumps(told(count, watched, copied), ensure_ascii=False, indent=1))
    return 0


def bulk_import(count: int) -> dict[str, str]:
    """The figures, measured by a process of its own in a home of its own."""
    arguments = [sys.executable, "-m", "bench.bulk", "--people", str(count)]
    done = subprocess.run(arguments, check=False, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    if done.returncode:
        raise BenchFault("The import was not measured; why stands above.")
    figures: dict[str, str] = json.loads(done.stdout)
    return figures


@contextmanager
def own_home() -> Iterator[Home]:
    """A folder of the cache, emptied before and removed after; never the home or server that somebody works with."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")
    os.environ["RAPPORT_HOME"] = str(CACHE / "bulk")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    home = Home.from_env()
    forget(home)
    home.make()
    try:
        yield home
    finally:
        forget(home)


def forget(home: Home) -> None:
    if home.path.exists():
        shutil.rmtree(home.postgres.resolve(), ignore_errors=True)
        shutil.rmtree(home.path)


def watch(home: Home, supervisor: psutil.Process, file: Path) -> Watched:
    """Run the import beside the running product, until search knows everybody."""
    server = postmaster(home)
    database = [server, *server.children()]
    python = [one for one in [supervisor, *supervisor.children(recursive=True)] if one not in database]
    before, seen = (processor_time(python), family_time(server)), Watched()
    arguments = command(["import", "people", str(file), *CHOICES])
    importing = subprocess.Popen(arguments, env={**os.environ, **FRUGAL}, stdout=sys.stderr)
    everything = [*python, psutil.Process(importing.pid)]
    last = weighed = time.monotonic()
    for step in steps(importing):
        now = time.monotonic()
        seen.seconds[step] = seen.seconds.get(step, 0.0) + now - last
        last = now
        if now - weighed > WEIGH:
            seen.memory, weighed = max(seen.memory, memory(everything)), now
    seen.application, seen.database = processor_time(python) - before[0], family_time(server) - before[1]
    return seen


def steps(importing: "subprocess.Popen[bytes]") -> Iterator[str]:
    """The step at which the import stands, again and again until it has ended and search has followed."""
    from rapport.engine.events.reactions.cursors import anything_waits, reactions_with_news
    from rapport.engine.records.models import ImportRun

    is_over = False
    while not is_over or anything_waits() or reactions_with_news():
        time.sleep(LOOK)
        state = ImportRun.objects.order_by("-id").values_list("state", flat=True).first()
        yield STEPS[state or ""]
        is_over = importing.poll() is not None
    if importing.returncode:
        raise BenchFault("The import failed; what it said stands above.")


def processor_time(processes: Sequence[psutil.Process]) -> float:
    """Seconds of processor time, of these and of all that this process has outlived."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    alive = [one.cpu_times() for one in processes]
    return float(ended.ru_utime + ended.ru_stime + sum(one.user + one.system for one in alive))


def demand_all(count: int) -> None:
    """Everybody is there, and search knows them. Raises BenchFault."""
    from rapport.customers.models import Person
    from rapport.engine.records.models import SearchDocument

    found = Person.objects.count(), SearchDocument._default_manager.filter(record_type="people").count()
    if found != (count, count):
        raise BenchFault(f"{count:,} people went in; {found[0]:,} are here, search knows {found[1]:,}.")


def told(count: int, watched: Watched, copied: Mapping[str, float]) -> dict[str, str]:
    """The figures in words."""
    ours, theirs = count / watched.total, count / sum(copied.values())
    at_steps = ", ".join(f"{step} {count / max(watched.seconds.get(step, 0), LOOK):,.0f}" for step in ALONE)
    after = watched.seconds.get("following", 0.0)
    of_tables = ", ".join(f"{table} {seconds:,.1f} s" for table, seconds in copied.items())
    work = f"{watched.application / count * 1000:.2f} + {watched.database / count * 1000:.2f} ms"
    return {
        f"import of {count:,} people with 12 columns, journal and search included": f"{ours:,.0f} people a second",
        "… each step alone": f"{at_steps} a second; search had followed {after:,.1f} s later",
        "… `COPY` of the same final rows": f"{theirs:,.0f} people a second ({of_tables})",
        "… the import beside `COPY`": f"{ours / theirs:.0%}",
        "… CPU a person, Python + PostgreSQL": work,
        "… all Python processes together at most (PSS)": f"{watched.memory:,.0f} MiB",
    }


if __name__ == "__main__":
    sys.exit(main())
