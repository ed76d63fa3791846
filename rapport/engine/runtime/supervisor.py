"""Keeps PostgreSQL, the web process and the worker running until told to stop. Standard library only, to stay small."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import FrameType

from rapport.engine.runtime import barrier, lifeline
from rapport.engine.runtime.barrier import Barrier
from rapport.engine.runtime.children import Child, command, environment_of
from rapport.engine.runtime.home import Home
from rapport.engine.runtime.postgres import PostgresFailure, Server
from rapport.engine.runtime.site import Site

TICK = 0.25
# Of the five seconds a stop may take; the database needs the rest.
LAST_WORK = 2.5
READY_PATIENCE = 60.0


class Supervisor:
    def __init__(self, home: Home, site: Site, *, host: str, empty: bool) -> None:
        self.home = home
        self.site = site
        self._host = host
        self._empty = empty
        self._stopping = threading.Event()
        self._server = Server(home, say=say)
        self._reader, self._writer = os.pipe()
        self._database, self._data = Barrier(), Barrier()
        self._children: list[Child] = []

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup a closed terminal is no reason to stop.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._asked_to_stop)
        try:
            return self._live()
        except PostgresFailure as failure:
            say(str(failure))
            return 1
        finally:
            self._stop()

    def _live(self) -> int:
        # All of them load their code meanwhile, which takes longer than anything else.
        prepare = self._begin_to_prepare()
        self._children = [
            self._child("web", "web", "--host", self._host, "--port", str(self.site.port)),
            self._child("worker", "worker"),
        ]
        for child in self._children:
            child.start()
        if self.home.is_embedded:
            self._server.start()
        self._database.open()
        link = self._prepared(prepare)
        if link is None:
            return 0 if self._stopping.is_set() else 1
        if self._wait_until_ready():
            self._greet(link)
        while not self._stopping.wait(TICK):
            self._mend()
        return 0

    def _begin_to_prepare(self) -> "subprocess.Popen[str]":
        """Migrate and what else a start needs, in a process that gives its memory back."""
        arguments = ["prepare", *(["--empty"] if self._empty else [])]
        pipes = self._pipes(self._database)
        with self._prepare_log.open("wb") as complaints:
            return subprocess.Popen(
                command(arguments),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=environment_of(self._environment(), pipes),
                pass_fds=list(pipes.values()),
                start_new_session=True,
                text=True,
            )

    def _prepared(self, process: "subprocess.Popen[str]") -> str | None:
        """Wait until everything is ready. The sign-in link, or None when it failed or was stopped."""
        link: list[str] = []
        listener = threading.Thread(target=self._listen, args=(process.stdout, link))
        listener.start()
        while process.poll() is None:
            if self._stopping.wait(0.05):
                process.terminate()
                process.wait()
        listener.join()
        if process.returncode and not self._stopping.is_set():
            words = last_words(self._prepare_log)
            say(f"Rapport could not get its data ready: {words}\nMore about it: {self._prepare_log}")
        return None if process.returncode else "".join(link)

    def _listen(self, lines: Iterable[str], link: list[str]) -> None:
        """`prepare` talks in lines of JSON: what to say to people, that the data is ready, and at last the link."""
        for line in lines:
            told = json.loads(line)
            if "say" in told:
                say(told["say"])
            if "ready" in told:
                self._data.open()
            link += filter(None, [told.get("link")])

    def _child(self, name: str, *arguments: str) -> Child:
        log, pipes = self.home.logs / f"{name}.log", self._pipes(self._data)
        return Child(name, arguments, log, self._environment(), pipes)

    def _pipes(self, opening: Barrier) -> dict[str, int]:
        return {lifeline.VARIABLE: self._reader, barrier.VARIABLE: opening.reader}

    @property
    def _prepare_log(self) -> Path:
        return self.home.logs / "prepare.log"

    def _environment(self) -> dict[str, str]:
        return {"RAPPORT_URL": self.site.url}

    def _mend(self) -> None:
        if self.home.is_embedded and not self._server.is_up:
            say("PostgreSQL ended unexpectedly and is started again.")
            self._server.start()
        for child in self._children:
            for words in child.mend():
                say(words)

    def _wait_until_ready(self) -> bool:
        """True when the site answers. A process that crashes meanwhile is started again as ever."""
        deadline = time.monotonic() + READY_PATIENCE
        while not self._stopping.wait(0.05):
            if answers(self._host, self.site.port):
                return True
            self._mend()
            if time.monotonic() > deadline:
                say(f"The site does not answer yet. Its log: {self.home.logs / 'web.log'}")
                deadline += READY_PATIENCE
        return False

    def _greet(self, link: str) -> None:
        say(f"Rapport is ready: {self.site.url}")
        if link:
            say(f"Sign in with this link; it works once:\n  {link}")
        say("Ctrl-C stops it.")

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        if self._stopping.is_set():
            # Asked twice: no more waiting for last answers.
            for child in self._children:
                child.signal(signal.SIGKILL)
        self._stopping.set()

    def _stop(self) -> None:
        deadline = time.monotonic() + LAST_WORK
        for child in self._children:
            child.signal(signal.SIGTERM)
        for child in self._children:
            child.outlast(deadline)
        self._server.stop()
        say("Rapport has stopped.")


def last_words(log: Path) -> str:
    """The last line that names an error; databases add lines of their own below it."""
    lines = log.read_text(errors="replace").strip().splitlines()
    named = [line for line in lines if ": " in line and not line.startswith((" ", "LINE ", "DETAIL", "HINT"))]
    return (named or lines or ["it ended without a word."])[-1].removeprefix("CommandError: ")


def answers(host: str, port: int) -> bool:
    """Whether GET /healthz says 200. By hand: an HTTP library would stay in memory for this one question."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 — asked, not listened on
    try:
        with socket.socket(family) as line:
            line.settimeout(5)
            line.connect((reachable, port))
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return b" 200 " in line.recv(64)
    except OSError:
        return False


def say(words: str) -> None:
    print(words, flush=True)
