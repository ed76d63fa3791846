"""Brings the database's tables up to this version, as their owner."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError

from rapport.engine.runtime.home import DatabaseFault

# Any number that nobody else locks; the same on every machine that shares the database.
MIGRATING = 7_226_013_811
LOCK_TRIES = 5


OLDEST_POSTGRES = 16


def demand_database() -> None:
    """Raises DatabaseFault when no server answers, or one that is too old."""
    try:
        with connections["owner"].cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0])
    except OperationalError as failure:
        raise DatabaseFault(f"The database does not answer. {str(failure).strip()}") from failure
    if version < OLDEST_POSTGRES * 10_000:
        raise DatabaseFault(
            f"Rapport needs PostgreSQL {OLDEST_POSTGRES} or newer, and this server is version {version // 10_000}."
        )


def demand_tables() -> None:
    """Make them in a new database. Raises DatabaseFault when they are of another version, which bin/up brings up."""
    demand_database()
    if is_fresh():
        with only_one_machine():
            migrate()
    elif has_unapplied_migrations():
        raise DatabaseFault(
            "The data is of an earlier version. Start bin/up once: it takes a backup, brings the data up to this "
            "version, and says how to go back."
        )
    # Nobody needs the owner from here on, and each connection costs the server some megabytes.
    connections["owner"].close()


def is_fresh() -> bool:
    return not MigrationRecorder(connections["owner"]).has_table()


def has_unapplied_migrations() -> bool:
    executor = MigrationExecutor(connections["owner"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> None:
    """A migration that finds a table locked gives way after two seconds and comes back."""
    for attempt in range(1, LOCK_TRIES + 1):
        try:
            call_command("migrate", database="owner", interactive=False, verbosity=0)
        except OperationalError as failure:
            if "lock timeout" not in str(failure) or attempt == LOCK_TRIES:
                raise
            time.sleep(attempt)
        else:
            return


@contextmanager
def only_one_machine() -> Iterator[None]:
    """Two machines on one database take turns."""
    with connections["owner"].cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATING])
            if cursor.fetchone()[0]:
                break
            time.sleep(0.5)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
