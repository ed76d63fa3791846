"""The home's server: started by whoever needs it first, stopped by whoever lets go last."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from rapport.engine.runtime.home import Home, short_hash
from rapport.engine.runtime.lock import Lock
from rapport.engine.runtime.postgres.account import Account
from rapport.engine.runtime.postgres.binaries import Wheel, kept_binaries
from rapport.engine.runtime.postgres.cluster import Cluster
from rapport.engine.runtime.postgres.failure import PostgresFailure
from rapport.engine.runtime.postgres.roles import make_database
from rapport.engine.runtime.postgres.upgrade import carry_over, finish_carrying_over

SERVICE_FOLDER = Path("/var/lib/rapport")
LOG_LIMIT = 10 * 1024 * 1024
SLOW_START = 5.0


def say_on_stderr(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


class Server:
    """Holders share a lock file. The operating system drops a dead holder's share, so nothing has to be cleaned up."""

    def __init__(self, home: Home, *, say: Callable[[str], None] = say_on_stderr) -> None:
        self.home = home
        self._say = say
        self._cluster: Cluster | None = None
        self._holders = Lock(home.run / "postgres.holders")

    @contextmanager
    def running(self) -> Iterator[Cluster]:
        try:
            yield self.start()
        finally:
            self.stop()

    def start(self) -> Cluster:
        """Hold the server, starting it if nobody does. Also mends one that has crashed; may be called again."""
        self.home.make()
        with self._alone():
            if not self._holders.share():
                raise PostgresFailure("The database is being stopped. Try again in a moment.")
            self._cluster = self._cluster or self._find()
            self._cluster.start(while_waiting=self._patience())
            make_database(self._cluster, self.home)
        return self._cluster

    @property
    def is_up(self) -> bool:
        return self._cluster is not None and self._cluster.pid is not None

    def stop(self) -> None:
        """Let go; the last holder stops the server."""
        if self._cluster is None:
            return
        with self._alone():
            if self._holders.take():
                self._cluster.stop()
            else:
                self._cluster.leave_running()
            self._holders.release()
        self._cluster = None

    def _alone(self) -> AbstractContextManager[None]:
        return Lock(self.home.run / "postgres.start").waiting()

    def _find(self) -> Cluster:
        """The cluster of this home, made or carried over to the wheel's version if need be."""
        folder = self._folder()
        wheel = Wheel.find()
        finish_carrying_over(folder, wheel.major)
        self._trim_log()
        cluster = Cluster(
            data=folder / "data",
            socket=self.home.socket_folder,
            log=self.home.logs / "postgres.log",
            binaries=wheel.binaries,
            account=Account.owning(folder),
            superuser_password=self.home.secret("postgres"),
        )
        if cluster.pid is not None and not wheel.is_copied_to(folder):
            self._stop_older(cluster)
        cluster.binaries = wheel.copy_to(folder)
        if cluster.written_by is None:
            cluster.initialise()
        elif cluster.written_by != wheel.major:
            carry_over(cluster, kept_binaries(folder, cluster.written_by), home=self.home, say=self._say)
        return cluster

    def _stop_older(self, cluster: Cluster) -> None:
        """A server that a killed Rapport of an earlier version left behind."""
        if not self._holders.take():
            raise PostgresFailure("An earlier version of Rapport still runs on this data. Stop it first.")
        cluster.stop()
        self._holders.share()

    def _folder(self) -> Path:
        """The server's own folder, mode 0700, of the user that serves. Made on first use."""
        link = self.home.postgres
        if link.is_dir():
            return Path(os.path.realpath(link))
        account = Account.for_new_data()
        folder = link
        if account.lent and not account.can_reach(self.home.path):
            folder = self._elsewhere(account)
        folder.mkdir(mode=0o700, exist_ok=True)
        account.give(folder)
        if folder != link:
            # A link whose target was removed by hand would stand in the way of a new one.
            with suppress(FileNotFoundError):
                link.unlink()
            link.symlink_to(folder)
        return Path(os.path.realpath(folder))

    def _elsewhere(self, account: Account) -> Path:
        SERVICE_FOLDER.mkdir(mode=0o711, exist_ok=True)
        folder = SERVICE_FOLDER / short_hash(self.home.path)
        self._say(
            f"PostgreSQL runs as the user {account.name}, who cannot enter {self.home.path}. "
            f"Its data therefore lies in {folder}."
        )
        return folder

    def _trim_log(self) -> None:
        log = self.home.logs / "postgres.log"
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))

    def _patience(self) -> Callable[[], None]:
        """Says once that a start takes long, as after a power cut with much to recover."""
        began, said = time.monotonic(), [False]

        def wait() -> None:
            if not said[0] and time.monotonic() - began > SLOW_START:
                said[0] = True
                self._say("PostgreSQL is recovering after a sudden stop. This can take some minutes.")

        return wait
