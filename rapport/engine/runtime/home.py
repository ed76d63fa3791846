"""The one folder that holds an installation: where things lie, its secrets, and how its database is reached."""

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rapport.engine.runtime.database_url import AddressFault, parse_database_url
from rapport.engine.runtime.patience import limits

DATABASE = "rapport"
OWNER_ROLE = "rapport_owner"
APP_ROLE = "rapport_app"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
# A web thread that forgets an open transaction would hold back every reader of the journal.
APP_SESSION = {"idle_in_transaction_session_timeout": "60s"}
# A migration that waits for a lock makes everybody behind it wait too.
OWNER_SESSION = {"lock_timeout": "2s"}


class HomeFault(Exception):
    """The folder cannot be used; the text says what to do."""


class DatabaseFault(Exception):
    """The database cannot be used; the text says why."""


@dataclass(frozen=True)
class Home:
    """Paths, secrets and database addresses of one installation."""

    path: Path

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Home":
        """The folder named by RAPPORT_HOME, else the user's own data folder."""
        chosen = environ.get("RAPPORT_HOME")
        return cls(Path(chosen).expanduser().absolute() if chosen else user_data_folder(environ) / "rapport")

    @property
    def postgres(self) -> Path:
        """Everything of the embedded server. As root it may be a link to a folder that the service user can reach."""
        return self.path / "postgres"

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def backups(self) -> Path:
        return self.path / "backups"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def run(self) -> Path:
        return self.path / "run"

    def make(self) -> None:
        """Create the folders that are missing. The folder itself lets a service user pass, its parts do not."""
        try:
            if not self.path.is_dir():
                self.path.mkdir(parents=True, mode=0o711 if is_root() else 0o700)
            for folder in (self.files, self.secrets, self.backups, self.logs, self.run):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as failure:
            raise HomeFault(
                f"The data folder {self.path} cannot be used: {failure.strerror}. "
                f"Start Rapport as the user it belongs to, or name another folder in RAPPORT_HOME."
            ) from failure

    def secret(self, name: str) -> str:
        """A random text made on first use and kept in a file of mode 0600. Safe when several processes ask at once."""
        place = self.secrets / name
        try:
            return place.read_text()
        except FileNotFoundError:
            pass
        self.make()
        draft = self.secrets / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link never overwrites: whoever comes second reads what the first one wrote.
            os.link(draft, place)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return place.read_text()

    @property
    def is_embedded(self) -> bool:
        return not os.environ.get("DATABASE_URL")

    @property
    def socket_folder(self) -> Path:
        """Where the embedded server's socket lies; short enough for the 107 bytes that a socket's address may have."""
        natural = Path(os.path.realpath(self.postgres)) / "socket"
        if len(os.fsencode(natural / ".s.PGSQL.5432.lock")) <= 100:
            return natural
        return Path("/tmp") / f"rapport-{short_hash(natural)}"  # noqa: S108 — made 0700 and checked for its owner

    def databases(self) -> dict[str, dict[str, Any]]:
        """Django's DATABASES: `default` for daily work, `owner` for migrations and partitions."""
        if not self.is_embedded:
            app_url = os.environ["DATABASE_URL"]
            owner_url = os.environ.get("DATABASE_OWNER_URL") or app_url
            app = parse_database_url(app_url, name="DATABASE_URL")
            owner = parse_database_url(owner_url, name="DATABASE_OWNER_URL")
        else:
            app, owner = self._embedded(APP_ROLE), self._embedded(OWNER_ROLE)
        return {
            "default": _connection(app, session=APP_SESSION | limits()),
            "owner": _connection(owner, session=OWNER_SESSION),
        }

    def _embedded(self, role: str) -> dict[str, Any]:
        return {
            "NAME": DATABASE,
            "USER": role,
            "PASSWORD": self.secret(role),
            "HOST": str(self.socket_folder),
            "PORT": "",
            "OPTIONS": {},
        }

    def allowed_hosts(self, site_url: str) -> list[str]:
        """Names under which the site answers: this machine's own and the one in its address."""
        host = urlsplit(site_url).hostname
        if not host:
            raise AddressFault(f"The site's address {site_url!r} has no host name. Give it as https://crm.example.com.")
        name = f"[{host}]" if ":" in host else host
        return list(dict.fromkeys([*LOOPBACK_NAMES, name]))


def user_data_folder(environ: Mapping[str, str]) -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def is_root() -> bool:
    return os.geteuid() == 0


def short_hash(path: Path) -> str:
    # Imported late: hashlib loads OpenSSL, and only long paths and root need it.
    import hashlib

    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _connection(address: dict[str, Any], *, session: Mapping[str, str]) -> dict[str, Any]:
    """Complete an address with how connections live: one a thread, kept, and looked at before each request.

    With the few threads we have, a psycopg pool costs more: 145 µs a request from four threads, against 52 µs.
    """
    options = dict(address["OPTIONS"])
    settings = [f"-c {name}={value}" for name, value in session.items()]
    options["options"] = " ".join(filter(None, [options.get("options"), *settings]))
    options.setdefault("connect_timeout", 10)
    options.setdefault("application_name", "rapport")
    # Values travel beside the statement, so that its plan can be kept where that pays: see `preparing`.
    options.setdefault("server_side_binding", True)
    return {
        **address,
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
