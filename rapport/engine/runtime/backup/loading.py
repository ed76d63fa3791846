"""Loads the database from a stream, whole or not at all, and takes it back when something later fails."""

import subprocess
import tempfile
from collections.abc import Iterable
from typing import LiteralString

import psycopg
from psycopg import sql

from rapport.engine.runtime.backup.address import (
    PLACEHOLDERS,
    address,
    demand,
    environment,
    parameters,
    program,
    rename,
    user,
)

# New tables would receive today's privileges besides those they had.
NO_DEFAULTS = """
    ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {app};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {app};
"""
DEFAULTS = """
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app};
"""
# Everything in the schema but what belongs to an extension. Named before the first goes, for others hang on it.
EMPTY_SCHEMA = """
    DO $$ DECLARE doomed text; BEGIN
        FOREACH doomed IN ARRAY ARRAY(
            SELECT format('TABLE IF EXISTS %s', c.oid::regclass) FROM pg_class c
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            UNION ALL
            SELECT format('SEQUENCE IF EXISTS %s', c.oid::regclass) FROM pg_class c
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
            UNION ALL
            SELECT format('ROUTINE IF EXISTS %s', p.oid::regprocedure) FROM pg_proc p
            WHERE pronamespace = 'public'::regnamespace
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
            UNION ALL
            SELECT format('TYPE IF EXISTS %s', t.oid::regtype) FROM pg_type t
            WHERE typnamespace = 'public'::regnamespace
                AND (typtype IN ('e', 'd') OR (SELECT relkind FROM pg_class WHERE oid = typrelid) = 'c')
        ) LOOP EXECUTE 'DROP ' || doomed || ' CASCADE'; END LOOP;
    END $$
"""


def load(pieces: Iterable[bytes], privileges: str) -> None:
    """Everything or nothing: one transaction, then the privileges."""
    with psycopg.connect(**parameters()) as connection:
        connection.execute(_for_app(NO_DEFAULTS))
    command = [program("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    command.append(f"--dbname={address()}")
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=complaints, env=environment())
        _feed(process, pieces)
        demand(process.wait(), complaints, "The database could not be loaded")
    names = {holder: user(alias) for alias, holder in PLACEHOLDERS.items()}
    with psycopg.connect(**parameters()) as connection:
        connection.execute(rename(privileges, names).encode())


def clear() -> None:
    """Take back a restore that failed: the database is as it was when new."""
    with psycopg.connect(**parameters()) as connection:
        connection.execute(EMPTY_SCHEMA)
        connection.execute(_for_app(DEFAULTS))


def _feed(process: "subprocess.Popen[bytes]", pieces: Iterable[bytes]) -> None:
    """A loader that gives up closes the pipe; what it complained about is told instead of that."""
    if process.stdin is None:
        return
    try:
        for piece in pieces:
            process.stdin.write(piece)
        process.stdin.close()
    except BrokenPipeError:
        pass
    except BaseException:
        process.kill()
        process.wait()
        raise


def _for_app(statements: LiteralString) -> sql.Composed:
    return sql.SQL(statements).format(app=sql.Identifier(user("default")))
