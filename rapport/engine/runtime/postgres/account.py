"""Who runs the server: PostgreSQL refuses to be root, so root lends it a service user."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapport.engine.runtime.postgres.failure import PostgresFailure

SERVICE_USERS = ("rapport", "postgres")


@dataclass(frozen=True)
class Account:
    """A user of this machine, as whom programs run. `lent` when we are root and must become that user."""

    name: str
    uid: int
    gid: int
    lent: bool

    @classmethod
    def current(cls) -> "Account":
        return cls(_user_name(os.geteuid()), os.geteuid(), os.getegid(), lent=False)

    @classmethod
    def named(cls, name: str) -> "Account":
        entry = pwd.getpwnam(name)
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid, lent=True)

    @classmethod
    def owning(cls, folder: Path) -> "Account":
        """Whoever owns existing data goes on serving it."""
        owner = folder.stat()
        if owner.st_uid == os.geteuid():
            return cls.current()
        if os.geteuid() != 0:
            raise PostgresFailure(f"{folder} belongs to {_user_name(owner.st_uid)}. Start Rapport as that user.")
        return cls(_user_name(owner.st_uid), owner.st_uid, owner.st_gid, lent=True)

    @classmethod
    def for_new_data(cls) -> "Account":
        """Ourselves; as root an existing service user, else one made for it."""
        if os.geteuid() != 0:
            return cls.current()
        for name in SERVICE_USERS:
            try:
                return cls.named(name)
            except KeyError:
                continue
        _make_user(SERVICE_USERS[0])
        return cls.named(SERVICE_USERS[0])

    def can_reach(self, folder: Path) -> bool:
        """Asked of the system itself, so that access lists count too."""
        return self.call(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]).returncode == 0

    def give(self, path: Path) -> None:
        if self.lent:
            os.chown(path, self.uid, self.gid)

    def call(self, command: Sequence[str], **more: Any) -> subprocess.CompletedProcess[str]:
        """Run to the end and hand back what was printed."""
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", **{**self._identity(), **more}
        )

    def start(self, command: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        """Start in a session of its own: a Ctrl-C in our terminal must not stop it before its clients."""
        with log.open("ab") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=dict(environment),
                umask=0o077,
                start_new_session=True,
                **self._identity(),
            )

    def _identity(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.lent else {}


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _make_user(name: str) -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise PostgresFailure(
            "PostgreSQL does not run as root, and this machine has no useradd to make a user for it. "
            f"Make a system user named {name}, or start Rapport as an ordinary user."
        )
    command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise PostgresFailure(f"Could not make the system user {name}: {made.stderr.strip()}")
