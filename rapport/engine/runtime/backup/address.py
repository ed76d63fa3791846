"""How the owner's database is reached by PostgreSQL's programs, and how its rows are counted."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import connections
from psycopg import sql

from rapport.engine.runtime.backup.fault import BackupFault
from rapport.engine.runtime.postgres.binaries import Wheel

TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname
"""
# Privileges name roles, and these differ between installations; in a backup they have these names.
PLACEHOLDERS = {"owner": "rapport:owner", "default": "rapport:app"}


def row_counts(connection: "psycopg.Connection[Any]") -> dict[str, int]:
    """How many rows every table holds; partitions count for their table."""
    counts = {}
    for (table,) in connection.execute(TABLES).fetchall():
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table))).fetchone()
        counts[table] = row[0] if row else 0
    return counts


def current_counts() -> dict[str, int]:
    with psycopg.connect(**parameters()) as connection:
        return row_counts(connection)


def program(name: str) -> str:
    return Wheel.find().binaries.program(name)


def user(alias: str) -> str:
    return str(connections[alias].settings_dict["USER"])


def parameters() -> dict[str, Any]:
    """How to reach the database as its owner, in libpq's words."""
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()} - {"options"}
    settings = connections["owner"].settings_dict
    address = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    chosen = {name: value for name, value in settings["OPTIONS"].items() if name in known}
    return {**chosen, **{name: settings[key] for name, key in address.items() if settings[key]}}


def address() -> str:
    return psycopg.conninfo.make_conninfo(**{k: v for k, v in parameters().items() if k != "password"})


def environment() -> dict[str, str]:
    return {**os.environ, "PGPASSWORD": str(parameters().get("password", ""))}


def run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    if done.returncode:
        raise BackupFault(f"{Path(command[0]).name} failed:\n{done.stderr.strip()}")
    return done.stdout


def demand(code: int, complaints: IO[bytes], failure: str) -> None:
    if code:
        complaints.seek(0)
        raise BackupFault(f"{failure}:\n{complaints.read().decode(errors='replace').strip()}")


def rename(statements: str, names: Mapping[str, str]) -> str:
    """Replace role names, quoted or not. In statements of privileges nothing else can look like one."""
    for old, new in names.items():
        quoted = ('"' + new.replace('"', '""') + '"').replace("\\", r"\\")
        statements = re.sub(rf'"{re.escape(old)}"|(?<![\w"]){re.escape(old)}(?![\w"])', quoted, statements)
    return statements
