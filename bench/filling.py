"""The home that is measured: made once, filled by the product's own commands, kept between runs."""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from rapport.engine.runtime.children import command
from rapport.engine.runtime.home import Home

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rapport-bench"
NOTE = "bench.json"


class BenchFault(Exception):
    """The benchmark cannot go on; the text says what to do."""


@dataclass
class Filling:
    """What was done to fill a home, and the seconds it took. Steps that are done are not done again."""

    people: int
    on: str = ""
    demo: float = 0.0
    reindex: float = 0.0
    vacuum: float = 0.0
    history: float = 0.0


def home_for(people: int) -> Home:
    """RAPPORT_HOME if it is set, else a folder of the cache named after the number of people."""
    os.environ.setdefault("RAPPORT_HOME", str(CACHE / f"home-{people}"))
    home = Home.from_env()
    home.make()
    return home


def fill(home: Home, people: int) -> Filling:
    """Bring the home to this version and, if it is new, load the sample company. Needs the server to run."""
    rapport("prepare", "--empty", quiet=True)
    filling = read(home, people)
    if not filling.demo:
        demand_empty(home)
        filling.demo = rapport("demo", "--people", str(people))
        filling.on = date.today().isoformat()
        write(home, filling)
    if not filling.reindex:
        filling.reindex = rapport("reindex")
        write(home, filling)
    if not filling.vacuum:
        filling.vacuum = vacuum()
        write(home, filling)
    return filling


def rapport(*arguments: str, quiet: bool = False) -> float:
    """Run a command of the product on this home. Returns its seconds."""
    began = time.monotonic()
    done = subprocess.run(command(arguments), check=False, stdout=subprocess.DEVNULL if quiet else sys.stderr)
    if done.returncode:
        raise BenchFault(f"rapport {' '.join(arguments)} failed; what it said stands above.")
    return round(time.monotonic() - began, 1)


def vacuum() -> float:
    """What autovacuum does within the first hour, at once, so that it does not disturb the figures."""
    from django.db import connections

    began = time.monotonic()
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("SET lock_timeout = 0")
    connections.close_all()
    return round(time.monotonic() - began, 1)


def demand_empty(home: Home) -> None:
    from django.db import connection, connections

    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM person)")
        found = cursor.fetchone()
    connections.close_all()
    if found and found[0]:
        raise BenchFault(
            f"{home.path} was not filled to the end. Remove it and {home.postgres.resolve()}, and start again."
        )


def read(home: Home, people: int) -> Filling:
    try:
        return Filling(**json.loads((home.path / NOTE).read_text()))
    except FileNotFoundError:
        return Filling(people)


def write(home: Home, filling: Filling) -> None:
    (home.path / NOTE).write_text(json.dumps(asdict(filling), indent=1))
