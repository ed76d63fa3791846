"""How quickly everything starts, stops and gives up: bounds that people feel, and that no test may time."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.processes import free_port, wait_until_ready
from rapport.engine.runtime.bootstrap import ROOT
from rapport.engine.runtime.home import Home
from rapport.engine.runtime.postgres import Server

STARTS = 5
STREAMS = 10
LINK = re.compile(r"http://\S+/sign-in/link/\S+")


class Up:
    """`bin/up --empty` on a home, from the keyboard to the greeting."""

    def __init__(self, home: Home) -> None:
        self.port = free_port()
        self.log = home.path.with_suffix(".log")
        command = [str(ROOT / "bin" / "up"), "--empty", "--port", str(self.port)]
        environment = {**os.environ, "RAPPORT_HOME": str(home.path)}
        began = time.monotonic()
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        wait_until_ready(self.process, self.port)
        self.seconds = time.monotonic() - began

    @property
    def link(self) -> str:
        """The printed link; it comes a moment after the site answers."""
        while not (found := LINK.search(self.log.read_text())):
            time.sleep(0.05)
        return found[0]

    def stop(self) -> float:
        """Ctrl-C. Returns the seconds until everything has ended."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        return time.monotonic() - began


def runtime() -> dict[str, str]:
    """Starts and stops of a home of its own, and what gives up on others."""
    with room() as place:
        home = Home(place / "home")
        first = Up(home)
        stops = [first.stop()]
        seconds = []
        for _start in range(STARTS):
            again = Up(home)
            seconds.append(again.seconds)
            stops.append(again.stop())
        watched = watched_stop(home)
        idle, deaf = worker_stops(home)
    return {
        "`bin/up --empty`, first start on an installed machine": f"{first.seconds:.1f} s",
        "`bin/up`, second start (wanted: below 5 s)": spread(seconds),
        "Ctrl-C until everything has ended (wanted: below 5 s)": spread(stops),
        f"… with {STREAMS} live streams open": f"{watched:.1f} s",
        "a stop of the worker at rest, and over a job that does not listen (wanted: below 2.5 s)": (
            f"{idle:.1f} s, {deaf:.1f} s"
        ),
        **giving_up(),
    }


@contextmanager
def room() -> Iterator[Path]:
    """A folder that a service user may pass through, as those of the system's own making do not allow."""
    with TemporaryDirectory(prefix="rapport-bench-", dir="/tmp") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def watched_stop(home: Home) -> float:
    from tests.fixtures.visitor import open_stream, sign_in

    up = Up(home)
    cookies = sign_in(up.link)
    streams = [open_stream(up.port, cookies) for _stream in range(STREAMS)]
    seconds = up.stop()
    for stream in streams:
        stream.close()
    return seconds


def worker_stops(home: Home) -> tuple[float, float]:
    """A worker that has nothing to do, and one whose job sleeps on."""
    ticks, asleep = home.path / "ticks", home.path / "asleep"
    defer = "import django; django.setup()\nfrom rapport.engine.jobs.tests.sample_jobs import sleep\n"
    defer += f"sleep.defer({str(asleep)!r})"
    worker = ["-m", "rapport.engine.jobs.tests.sample_worker"]
    environment = {**os.environ, "RAPPORT_HOME": str(home.path), "SAMPLE_TICKS": str(ticks)}
    seconds = []
    with Server(home).running():
        for sign in (ticks, asleep):
            if sign == asleep:
                subprocess.run([sys.executable, "-c", defer], env=environment, check=True)
            with subprocess.Popen([sys.executable, *worker], env=environment) as process:
                while not sign.exists():
                    time.sleep(0.05)
                began = time.monotonic()
                process.terminate()
                process.wait(60)
                seconds.append(time.monotonic() - began)
    return seconds[0], seconds[1]


def giving_up() -> dict[str, str]:
    """What others could hold up: a server that never ends its answer, an archive that unpacks to far too much."""
    from rapport.engine.files.archives import check_archive
    from rapport.engine.files.errors import TooLarge
    from rapport.engine.files.tests.sample import overlapping_bomb
    from rapport.engine.outbox.client import Limits, TooSlow, fetch
    from rapport.engine.outbox.tests.web import running_site

    with running_site() as site:
        os.environ["RAPPORT_ALLOWED_TARGETS"] = f"127.0.0.1:{site.port}"
        dripping = timed(lambda: fetch("GET", f"{site.url}/drip", limits=Limits(seconds=1)), TooSlow)
        del os.environ["RAPPORT_ALLOWED_TARGETS"]
    bomb = BytesIO(overlapping_bomb())  # type: ignore[no-untyped-call]  # samples of tests have no types
    refused = timed(lambda: check_archive(bomb), TooLarge)
    return {
        "a request of at most 1 s to a server that drips (wanted: below 2 s)": f"{dripping:.2f} s",
        "refusing an archive that unpacks to 1 GB (wanted: below 1 s)": f"{refused * 1000:.0f} ms",
    }


def timed(deed: Callable[[], object], fault: type[Exception]) -> float:
    began = time.monotonic()
    try:
        deed()
    except fault:
        return time.monotonic() - began
    raise RuntimeError(f"{fault.__name__} was expected")


def spread(seconds: list[float]) -> str:
    return f"{median(seconds):.1f} s (of {len(seconds)}: {min(seconds):.1f} to {max(seconds):.1f})"
