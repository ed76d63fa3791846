"""The database as a stream, as it was at one moment; its privileges apart, as statements without role names."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from rapport.engine.runtime.backup.address import (
    PLACEHOLDERS,
    address,
    demand,
    environment,
    parameters,
    program,
    rename,
    row_counts,
    run,
    user,
)

CHUNK = 4 * 1024 * 1024
_DUMP = ("--format=custom", "--no-owner", "--no-comments", "--no-security-labels")
# What pg_restore prints around the statements themselves.
NOISE = ("--", "SET ", "SELECT ", "\\")


@dataclass(frozen=True)
class Snapshot:
    """One moment of the database. Everything read through it belongs together."""

    connection: "psycopg.Connection[Any]"
    name: str

    def counts(self) -> dict[str, int]:
        return row_counts(self.connection)

    def dump(self) -> Iterator[bytes]:
        """pg_dump's custom format, in pieces."""
        command = [program("pg_dump"), *_DUMP, "--compress=1", f"--snapshot={self.name}", address()]
        with tempfile.TemporaryFile() as complaints:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, env=environment())
            with process.stdout or tempfile.TemporaryFile() as pieces:
                while piece := pieces.read(CHUNK):
                    yield piece
            demand(process.wait(), complaints, "The database could not be dumped")

    def privileges(self) -> str:
        """Every GRANT of the database, exact, as pg_restore would run it."""
        with tempfile.TemporaryDirectory() as folder:
            shape, chosen = Path(folder) / "shape", Path(folder) / "chosen"
            dump = [program("pg_dump"), *_DUMP, "--schema-only", f"--file={shape}", f"--snapshot={self.name}"]
            run([*dump, address()])
            contents = run([program("pg_restore"), "--list", str(shape)])
            grants = [line for line in contents.splitlines() if re.match(r"\d+; \d+ \d+ (DEFAULT )?ACL ", line)]
            chosen.write_text("\n".join(grants) + "\n")
            statements = run([program("pg_restore"), f"--use-list={chosen}", "--file=-", str(shape)])
        lines = [line for line in statements.splitlines() if line and not line.startswith(NOISE)]
        return rename("\n".join(lines), {user(alias): holder for alias, holder in PLACEHOLDERS.items()})


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    with psycopg.connect(**parameters(), options="-c idle_in_transaction_session_timeout=0") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield Snapshot(connection, row[0] if row else "")
        connection.rollback()
