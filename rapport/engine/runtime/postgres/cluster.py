"""One data folder and the programs that serve it: initialise, start, ask, stop."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rapport.engine.runtime.postgres.account import Account
from rapport.engine.runtime.postgres.binaries import Binaries
from rapport.engine.runtime.postgres.failure import PostgresFailure
from rapport.engine.runtime.postgres.processes import is_alive
from rapport.engine.runtime.postgres.tuning import settings

SUPERUSER = "postgres"
# The line of postmaster.pid that says "starting", "ready" or "stopping".
STATUS_LINE = 7
# After a kill the helpers of the dead server need a moment to notice; until then a new one is refused.
START_ATTEMPTS = 20
PLAIN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


@dataclass
class Cluster:
    data: Path
    socket: Path
    log: Path
    binaries: Binaries
    account: Account
    superuser_password: str
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def initialise(self) -> None:
        """Make the data folder; it appears under its name only when whole."""
        draft = self.data.with_name(f".{self.data.name}.draft")
        password = self.data.with_name(".password")
        password.touch(mode=0o600)
        password.write_text(self.superuser_password)
        self.account.give(password)
        command = [self.binaries.program("initdb"), f"--pgdata={draft}", f"--username={SUPERUSER}"]
        command += ["--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--locale=C.UTF-8"]
        # The built-in provider sorts by code point without asking the system, whose rules change under the indexes.
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions", "--no-sync"]
        self.account.call(["rm", "-rf", str(draft)])
        made = self.account.call(command, env=PLAIN_ENVIRONMENT, umask=0o077)
        password.unlink()
        if made.returncode:
            raise PostgresFailure(f"PostgreSQL could not make its data folder {self.data}:\n{made.stderr.strip()}")
        draft.rename(self.data)

    @property
    def written_by(self) -> int | None:
        """The major version that made the data; None when there is none."""
        version = self.data / "PG_VERSION"
        return int(version.read_text()) if version.exists() else None

    @property
    def pid(self) -> int | None:
        """The server's process, if it is alive; whoever started it."""
        lines = self._pid_file()
        if not lines or not lines[0].isdigit():
            return None
        pid = int(lines[0])
        if self._process is not None and self._process.pid == pid and self._process.poll() is not None:
            return None
        return pid if is_alive(pid, "postgres") else None

    def start(self, *, while_waiting: Callable[[], None] = lambda: None) -> None:
        """Start unless running, and wait until it answers. Crash recovery is the server's own."""
        self._make_socket_folder()
        for attempt in range(START_ATTEMPTS):
            if self.pid is None:
                self._launch()
            if self._wait(while_waiting):
                return
            time.sleep(0.1 * min(attempt + 1, 5))
            if "shared memory block" not in self._last_words():
                break
        raise PostgresFailure(f"PostgreSQL did not start. Its last words, from {self.log}:\n{self._last_words()}")

    def stop(self, *, patience: float = 4.0) -> None:
        """Fast shutdown: open sessions are ended, everything committed is on disk. Immediate when out of patience."""
        pid = self.pid
        for how, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            if pid is None:
                break
            os.kill(pid, how)
            pid = self._outlast(pid, seconds)
        if self._process is not None:
            self._process.wait()
            self._process = None

    def leave_running(self) -> None:
        """Others go on using it. Its end is no longer ours to wait for, which Python would otherwise warn about."""
        if self._process is not None:
            self._process.returncode = self._process.poll() or 0
            self._process = None

    def psql(self, sql: str, *, database: str = "postgres") -> str:
        """Run statements as superuser and hand back what they print, one row a line."""
        command = [self.binaries.program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        answer = subprocess.run(
            command, input=sql, capture_output=True, text=True, check=False, env=self.environment(database)
        )
        if answer.returncode:
            raise PostgresFailure(f"PostgreSQL refused a statement: {answer.stderr.strip()}")
        return answer.stdout.strip()

    def environment(self, database: str) -> Mapping[str, str]:
        """How the command-line programs find this server; the password stays out of the process list."""
        return {
            **PLAIN_ENVIRONMENT,
            "PGHOST": str(self.socket),
            "PGPORT": "5432",
            "PGUSER": SUPERUSER,
            "PGPASSWORD": self.superuser_password,
            "PGDATABASE": database,
        }

    def _launch(self) -> None:
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        chosen = settings(socket=self.socket, major=self.binaries.major)
        command = [self.binaries.program("postgres"), "-D", str(self.data)]
        for name, value in chosen.items():
            command += ["-c", f"{name}={value}"]
        self._process = self.account.start(command, log=self.log, environment=PLAIN_ENVIRONMENT)

    def _wait(self, while_waiting: Callable[[], None]) -> bool:
        """True when it takes connections, False when it gave up."""
        while self._process is None or self._process.poll() is None:
            lines = self._pid_file()
            if len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready":
                return True
            if self._process is None and self.pid is None:
                return False
            while_waiting()
            time.sleep(0.02)
        return False

    def _outlast(self, pid: int, seconds: float) -> int | None:
        """Wait for a process to end; hand it back if it has not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.pid != pid:
                return None
            time.sleep(0.02)
        return pid

    def _make_socket_folder(self) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        self.account.give(self.socket)
        found = self.socket.lstat()
        # Beside other people's files in /tmp somebody could have been here first.
        if self.socket.is_symlink() or found.st_uid != self.account.uid or found.st_mode & 0o077:
            raise PostgresFailure(f"{self.socket} is not a private folder of {self.account.name}. Remove it.")

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _last_words(self) -> str:
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 4096))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-8:])
