"""The processes a supervisor keeps alive: started, watched, started again when they crash, stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# Who has run this long has earned a quick restart.
STEADY = 60.0
LOG_LIMIT = 10 * 1024 * 1024
# glibc keeps a heap for each thread; two are enough, and the rest is memory for nothing.
FRUGAL = {"MALLOC_ARENA_MAX": "2"}


@dataclass
class Child:
    """One process with a name for people, its arguments after `rapport`, its log, and its pipes by their variable."""

    name: str
    arguments: Sequence[str]
    log: Path
    environment: dict[str, str]
    pipes: dict[str, int]
    _process: "subprocess.Popen[bytes] | None" = None
    _began: float = 0.0
    _pause: float = FIRST_PAUSE
    _resume_at: float | None = field(default=None)

    def start(self) -> None:
        self._trim_log()
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command(self.arguments),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment_of(self.environment, self.pipes),
                pass_fds=list(self.pipes.values()),
                # A Ctrl-C in the terminal reaches the supervisor alone, who stops everything in order.
                start_new_session=True,
            )
        self._began, self._resume_at = time.monotonic(), None

    def mend(self) -> Iterator[str]:
        """Start again after a crash, each time after a longer pause. Yields what there is to say."""
        now = time.monotonic()
        if self._resume_at is not None:
            if now >= self._resume_at:
                self.start()
            return
        code = self._process.poll() if self._process else None
        if code is None:
            return
        if now - self._began > STEADY:
            self._pause = FIRST_PAUSE
        self._resume_at = now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        yield f"The {self.name} process ended ({reason(code)}) and is started again. Its log: {self.log}"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def signal(self, number: int) -> None:
        if self._process is not None and self.is_running:
            self._process.send_signal(number)

    def outlast(self, deadline: float) -> None:
        """Wait until the deadline, then kill."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _trim_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))


def environment_of(own: Mapping[str, str], pipes: Mapping[str, int]) -> dict[str, str]:
    return {**os.environ, **FRUGAL, **own, **{variable: str(number) for variable, number in pipes.items()}}


def command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-P", "-m", "rapport", *arguments]


def reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
