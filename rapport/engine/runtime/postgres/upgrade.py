"""Carries the data of an older PostgreSQL over to the wheel's, by dump and load. The old data stays beside it."""

import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rapport.engine.runtime.home import DATABASE, Home
from rapport.engine.runtime.postgres.binaries import Binaries
from rapport.engine.runtime.postgres.cluster import Cluster
from rapport.engine.runtime.postgres.failure import PostgresFailure
from rapport.engine.runtime.postgres.roles import make_database

# In a data folder that holds everything, but does not yet stand in its place.
CARRIED = "rapport.carried"
COUNTS = """
    SELECT format('SELECT %L, count(*) FROM %I.%I;', relname, nspname, relname)
    FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname = 'public' ORDER BY relname
"""


def carry_over(new: Cluster, old_binaries: Binaries, *, home: Home, say: Callable[[str], None]) -> None:
    """Leave `new.data` written by the new version. Interrupted at any point, no data is lost and it is done again."""
    old_major, new_major = old_binaries.major, new.binaries.major
    say(f"Carrying the data over from PostgreSQL {old_major} to {new_major}.")
    folder = new.data.parent
    old = replace(new, binaries=old_binaries, socket=new.socket.with_name(f"{new.socket.name}-old"))
    draft = replace(new, data=folder / f"data-{new_major}")
    new.account.call(["rm", "-rf", str(draft.data)])
    draft.initialise()
    try:
        old.start()
        draft.start()
        make_database(draft, home)
        _dump_and_load(old, draft)
        if row_counts(old) != row_counts(draft):
            raise PostgresFailure("The rows did not all arrive in the new version. The old data is unchanged.")
    finally:
        draft.stop()
        old.stop()
    (draft.data / CARRIED).touch()
    kept = folder / f"data-{old_major}"
    new.account.call(["rm", "-rf", str(kept)])
    new.data.rename(kept)
    finish_carrying_over(folder, new_major)
    say(f"Done. The data as it was is kept in {kept}; remove it when you no longer need a way back.")


def finish_carrying_over(folder: Path, major: int) -> None:
    """Put carried data in its place, also when the last attempt ended between two renames."""
    data, carried = folder / "data", folder / f"data-{major}"
    if not data.exists() and (carried / CARRIED).exists():
        carried.rename(data)
        (data / CARRIED).unlink()


def row_counts(cluster: Cluster) -> str:
    """One line a table: its name and how many rows it holds."""
    return cluster.psql(cluster.psql(COUNTS, database=DATABASE), database=DATABASE)


def _dump_and_load(old: Cluster, new: Cluster) -> None:
    """The newer version's pg_dump reads the older server; nothing touches the disk in between."""
    dump = [new.binaries.program("pg_dump"), "--format=custom", "--compress=0"]
    load = [new.binaries.program("pg_restore"), "--dbname", DATABASE, "--exit-on-error", "--single-transaction"]
    load += ["--clean", "--if-exists"]
    with tempfile.TemporaryFile("w+") as complaints:
        sender = subprocess.Popen(dump, stdout=subprocess.PIPE, stderr=complaints, env=old.environment(DATABASE))
        loaded = subprocess.run(
            load, stdin=sender.stdout, stderr=complaints, check=False, env=new.environment(DATABASE)
        )
        if sender.stdout is not None:
            sender.stdout.close()
        if sender.wait() or loaded.returncode:
            complaints.seek(0)
            raise PostgresFailure(f"The data could not be carried over:\n{complaints.read()}")
