"""The processes under test: the web process of our own, PostgreSQL of the home, and what they use."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from rapport.engine.runtime.children import FRUGAL, command
from rapport.engine.runtime.home import Home

NO_LIMIT = "1000000000"
PATIENCE = 60.0


@dataclass(frozen=True)
class Cpu:
    """Seconds of processor time: of the web process, and of PostgreSQL with everything it has started and reaped."""

    application: float
    database: float

    def __sub__(self, other: "Cpu") -> "Cpu":
        return Cpu(self.application - other.application, self.database - other.database)


@dataclass(frozen=True)
class Site:
    """A running web process and the PostgreSQL behind it."""

    port: int
    web: psutil.Process
    postgres: psutil.Process

    def cpu(self) -> Cpu:
        own = self.web.cpu_times()
        return Cpu(own.user + own.system, family_time(self.postgres))


@contextmanager
def serving(home: Home) -> Iterator[Site]:
    """`rapport web` on a free port of this machine, without a limit of requests, until the block ends."""
    with running(["web"]) as (process, port):
        yield Site(port, psutil.Process(process.pid), postmaster(home))


@contextmanager
def running(arguments: Sequence[str]) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """A command of the product that listens, ready to answer."""
    port = free_port()
    environment = {**os.environ, **FRUGAL, "RAPPORT_API_RATE": NO_LIMIT, "RAPPORT_URL": f"http://127.0.0.1:{port}"}
    process = subprocess.Popen(command([*arguments, "--port", str(port)]), env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(process, port)
        yield process, port
    finally:
        process.terminate()
        process.wait(30)


def postmaster(home: Home) -> psutil.Process:
    lines = (home.postgres / "data" / "postmaster.pid").read_text().splitlines()
    return psutil.Process(int(lines[0]))


def family_time(process: psutil.Process) -> float:
    """Processor time of a process, its children that live, and those it has outlived."""
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in process.children():
        with suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            total += times.user + times.system
    return float(total)


def memory(processes: Sequence[psutil.Process]) -> float:
    """Proportional set size of the processes together, in MiB."""
    total = 0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().pss
    return total / 2**20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"the site did not come up on port {port}")
